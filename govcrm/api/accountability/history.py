"""The history of a case, a service request or a citizen, for those who may read it."""

from typing import Any

import frappe

from govcrm.accountability.history import printing, timeline
from govcrm.arguments import parsed


@frappe.whitelist(methods=["GET", "POST"])
def page(
	doctype: str, name: str, filters: dict | str | None = None, after: str | None = None
) -> dict[str, Any]:
	"""{acts, next, may_see_reads, people, verbs} of the events that come `after` the one of this name, oldest first.

	Filters: actor, verb, from_date, to_date, reads.
	"""
	return timeline.page(doctype, name, parsed(filters) or {}, after)


@frappe.whitelist(methods=["POST"])
def pdf(doctype: str, name: str, filters: dict | str | None = None) -> None:
	"""The same as a PDF that names the newest checkpoint. Answers with the file; that it was made is recorded."""
	content = printing.pdf(doctype, name, parsed(filters) or {})
	frappe.local.response.update(type="download", filename=f"history-{name}.pdf", filecontent=content)


@frappe.whitelist(methods=["POST"])
def proofs(doctype: str, name: str, filters: dict | str | None = None) -> None:
	"""Proofs that these events stand under one checkpoint, as a file of JSON. That it was made is recorded."""
	found = printing.bundle(doctype, name, parsed(filters) or {})
	content = frappe.as_json(found).encode()
	frappe.local.response.update(type="download", filename=f"history-{name}.json", filecontent=content)
