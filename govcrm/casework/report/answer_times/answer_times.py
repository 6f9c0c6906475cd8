from govcrm.reports import answer_times


def execute(filters: dict | None = None) -> tuple:
	"""What Frappe calls to run the report: see `govcrm.reports.answer_times`."""
	return answer_times.run(filters)
