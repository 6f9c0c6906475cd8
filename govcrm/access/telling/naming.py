"""The history beneath a form names people as the form does: Frappe shows what stands in a link, which is an account."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
from frappe.model.document import Document

USER = "User"


def named_versions(versions_of: Callable) -> Callable:
	"""For `load.get_versions`: what was in links to users before and after, by full names. One query for them all."""

	def versions(doc: Document) -> list[dict]:
		found = versions_of(doc)
		fields = {df.fieldname for df in doc.meta.get("fields", {"fieldtype": "Link", "options": USER})}
		return _named(found, fields) if found and fields else found

	return versions


def _named(versions: list[dict], fields: set[str]) -> list[dict]:
	told = [json.loads(version.data or "{}") for version in versions]
	changes = [change for data in told for change in _changes_of(data, fields)]
	names = _full_names({value for _field, *values in changes for value in values if isinstance(value, str)})
	for change in changes:
		change[1:] = [names.get(value, value) if isinstance(value, str) else value for value in change[1:]]
	for version, data in zip(versions, told, strict=True):
		version.data = json.dumps(data)
	return versions


def _changes_of(data: Any, fields: set[str]) -> Iterator[list]:
	for change in (data.get("changed") if isinstance(data, dict) else None) or ():
		if change[0] in fields:
			yield change


def _full_names(users: set[str]) -> dict[str, str]:
	if not users:
		return {}
	table = frappe.qb.DocType(USER)
	query = frappe.qb.from_(table).select(table.name, table.full_name)
	return {user: name for user, name in query.where(table.name.isin(sorted(users))).run() if name}
