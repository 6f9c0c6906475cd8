"""Comments on governed records: by whoever is logged in, whatever the request says of its author."""

import frappe
from frappe.desk.form import utils
from frappe.model.document import Document


def add(reference_doctype: str, reference_name: str, content: str) -> Document:
	user = frappe.session.user
	return utils.add_comment(
		reference_doctype, reference_name, content, user, frappe.utils.get_fullname(user)
	)
