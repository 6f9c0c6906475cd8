from govcrm.reports import audit


def execute(filters: dict | None = None) -> tuple:
	"""What Frappe calls to run the report: see `govcrm.reports.audit`."""
	return audit.out_of_band(filters)
