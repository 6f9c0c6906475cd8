"""Makes one imported request as a document: the same way as intake goes, with its history kept.

This is what the bulk path is measured against, and what it falls back on for rows that are out of the common.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe.model.document import Document

from govcrm.constituents.lookup import find_or_make
from govcrm.domain.importing import Mapped


def insert_request(mapped: Mapped, source: str) -> Document:
	"""Insert the request of a row that has been resolved (`Catalogue.resolve`), its case and first contact.

	Raises what the controllers raise; the caller keeps or rolls back.
	"""
	request = frappe.get_doc(request_values(mapped, source))
	if mapped.citizen:
		request.citizen = find_or_make(mapped.citizen)
	request.flags.imported_history = True
	return request.insert(ignore_permissions=True)  # whoever may import may file: see Request Import


def request_values(mapped: Mapped, source: str) -> dict:
	return {
		"doctype": "Service Request",
		"channel": "Import",
		**mapped.values,
		"source": source,
		"answers": frappe.as_json(mapped.answers) if mapped.answers else None,
		"anonymous": 0 if mapped.citizen else 1,
	}


@contextmanager
def silence() -> Iterator[None]:
	"""No mail, notification, webhook, assignment rule or follower learns of history.

	Frappe asks `in_patch` before all of them but mail. Its `in_import` will not do: it leaves out defaults.
	"""
	before = {flag: frappe.flags.get(flag) for flag in ("in_patch", "mute_emails")}
	frappe.flags.update(dict.fromkeys(before, True))
	try:
		yield
	finally:
		frappe.flags.update(before)
