from govcrm.reports import performance


def execute(filters: dict | None = None) -> tuple:
	"""What Frappe calls to run the report: see `govcrm.reports.performance`."""
	return performance.run(filters)
