"""Document events on Frappe's Workflow records that belong to cases."""


def check_case_workflow(doc, method=None) -> None:
	pass


def refuse_while_in_use(doc, method=None) -> None:
	pass
