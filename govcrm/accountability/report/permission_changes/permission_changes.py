from govcrm.reports import audit

SHOWN = ("at", "who", "said", "record", "changes", "reason", "user", "event")


def execute(filters: dict | None = None) -> tuple:
	"""What Frappe calls to run the report: see `govcrm.reports.audit`."""
	return audit.run(filters, audit.permission_changes, SHOWN)
