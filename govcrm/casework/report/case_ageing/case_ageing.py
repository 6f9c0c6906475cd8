from govcrm.reports import ageing


def execute(filters: dict | None = None) -> tuple:
	"""What Frappe calls to run the report: see `govcrm.reports.ageing`."""
	return ageing.run(filters)
