from govcrm.reports.statistics import report


def execute(filters: dict | None = None) -> tuple:
	"""What Frappe calls to run the report: see `govcrm.reports.statistics.report`."""
	return report.run(filters)
