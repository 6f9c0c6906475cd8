"""What the citizens who asked are told when the case ends or begins anew."""

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime


def open_requests(case: Document) -> list[str]:
	return _requests(case, "Open")


def close_requests(case: Document, status_notes: str | None) -> None:
	"""Close the open requests of the case with the answer."""
	for name in open_requests(case):
		_set(name, status="Closed", status_notes=status_notes, closed_datetime=case.closed_datetime)


def reopen_requests(case: Document) -> None:
	"""Open them again. The last answer stays to be read until there is a new one."""
	for name in _requests(case, "Closed"):
		_set(name, status="Open", closed_datetime=None)


def _requests(case: Document, status: str) -> list[str]:
	filters = {"case": case.name, "status": status}
	return frappe.get_all("Service Request", filters=filters, pluck="name", order_by="creation")


def _set(name: str, **values) -> None:
	request = frappe.get_doc("Service Request", name, for_update=True)
	request.update({**values, "updated_datetime": now_datetime()})
	request.flags.by_verb = True
	request.save(ignore_permissions=True)  # the public status follows the case, whoever may edit the request
