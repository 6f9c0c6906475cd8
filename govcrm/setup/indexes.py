"""The indexes that the app's fields ask for, where Frappe leaves them out."""

import frappe

from govcrm import compat


def make() -> None:
	"""On a new site with SQLite Frappe makes a table without the indexes of `search_index`, and looks read it whole."""
	if frappe.db.db_type == "sqlite":
		for field in _indexed_fields():
			compat.add_index(field.parent, [field.fieldname])


def _indexed_fields() -> list[frappe._dict]:
	modules = frappe.get_all("Module Def", filters={"app_name": "govcrm"}, pluck="name")
	doctypes = frappe.get_all("DocType", filters={"module": ("in", modules), "issingle": 0}, pluck="name")
	filters = {"parent": ("in", doctypes), "search_index": 1}
	return frappe.get_all("DocField", filters=filters, fields=["parent", "fieldname"], order_by="parent, idx")
