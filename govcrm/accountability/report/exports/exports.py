from govcrm.reports import audit

SHOWN = ("at", "who", "said", "record", "changes", "outcome", "peer", "user", "event")


def execute(filters: dict | None = None) -> tuple:
	"""What Frappe calls to run the report: see `govcrm.reports.audit`."""
	return audit.run(filters, audit.exports, SHOWN)
