"""What the requests of a case take over from it: above all what the citizens who asked are told."""

import frappe
from frappe.model.document import Document


def open_requests(case: Document) -> list[str]:
	return requests_of(case, status="Open")


def close_requests(case: Document, status_notes: str | None) -> None:
	"""Close the open requests of the case with the answer."""
	for name in open_requests(case):
		change(name, status="Closed", status_notes=status_notes, closed_datetime=case.closed_datetime)


def reopen_requests(case: Document) -> None:
	"""Open them again. The last answer stays to be read until there is a new one."""
	for name in requests_of(case, status="Closed"):
		change(name, status="Open", closed_datetime=None)


def take_over(case: Document, *fields: str) -> None:
	"""Give all requests of the case these values of the case."""
	for name in requests_of(case):
		change(name, **{field: case.get(field) for field in fields})


def requests_of(case: Document, **filters: str) -> list[str]:
	filters["case"] = case.name
	return frappe.get_all("Service Request", filters=filters, pluck="name", order_by="creation")


def change(name: str, **values: object) -> None:
	request = frappe.get_doc("Service Request", name, for_update=True)
	request.update(values)
	request.flags.by_verb = True
	request.save(ignore_permissions=True)  # it follows the case, whoever may edit the request
