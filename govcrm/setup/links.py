"""Links to users show full names: in lists, on forms, in tables and on prints.

Frappe shows the title of a linked record where its DocType says so. That of users does not, and shows their accounts.
What a link is worth stays the account.
"""

import frappe

USER, PROPERTY = "User", "show_title_field_in_link"
SETTER = {"doc_type": USER, "property": PROPERTY, "doctype_or_field": "DocType"}
OURS = {**SETTER, "module": "Casework"}


def seed() -> None:
	"""Unless the agency, or another app, has said how links to users are shown."""
	if frappe.db.exists("Property Setter", SETTER):
		return
	setter = frappe.new_doc(
		"Property Setter", **OURS, value="1", property_type="Check", is_system_generated=1
	)
	setter.insert(ignore_permissions=True)  # set-up, for no user


def remove() -> None:
	frappe.db.delete("Property Setter", OURS)
	frappe.clear_cache(doctype=USER)
