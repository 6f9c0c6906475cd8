"""The history beneath a form names people as the form does: Frappe shows what stands in a link, which is an account."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import frappe
from frappe.core.doctype.version import version as versions_of_records
from frappe.desk.form import load
from frappe.model.document import Document

from govcrm.access.telling.readers import STAFF
from govcrm.wrapping import wrap

USER = "User"


def install() -> None:
	wrap(load, "get_versions", named_versions)
	wrap(versions_of_records, "get_diff", accounts_kept)


def accounts_kept(diff_of: Callable) -> Callable:
	"""For `version.get_diff`: Frappe 16 keeps in a version what links show, and of two people of one name it is lost who was meant."""

	def diff(old: Document, new: Document, *args, **kwargs) -> dict | None:
		found = diff_of(old, new, *args, **kwargs)
		if found:
			users = _links_to_users(new)
			found.changed = [
				[field, old.get(field), new.get(field)] if field in users else [field, *values]
				for field, *values in found.changed
			]
		return found

	return diff


def named_versions(versions_of: Callable) -> Callable:
	"""For `load.get_versions`: what was in links to users before and after, by full names. One query for them all."""

	def versions(doc: Document) -> list[dict]:
		found = versions_of(doc)
		fields = _links_to_users(doc)
		return _named(found, fields) if found and fields else found

	return versions


def _links_to_users(doc: Document) -> set[str]:
	return {df.fieldname for df in doc.meta.get("fields", {"fieldtype": "Link", "options": USER})}


def _named(versions: list[dict], fields: set[str]) -> list[dict]:
	told = [json.loads(version.data or "{}") for version in versions]
	changes = [change for data in told for change in _changes_of(data, fields)]
	names = full_names({value for _field, *values in changes for value in values if isinstance(value, str)})
	for change in changes:
		change[1:] = [names.get(value, value) if isinstance(value, str) else value for value in change[1:]]
	for version, data in zip(versions, told, strict=True):
		version.data = json.dumps(data)
	return versions


def _changes_of(data: Any, fields: set[str]) -> Iterator[list]:
	for change in (data.get("changed") if isinstance(data, dict) else None) or ():
		if change[0] in fields:
			yield change


def full_names(users: set[str]) -> dict[str, str]:
	"""Of staff, who know one another by name: whether a resident has an account is told to nobody. One query."""
	if not users:
		return {}
	table = frappe.qb.DocType(USER)
	query = frappe.qb.from_(table).select(table.name, table.full_name).where(table.user_type == STAFF)
	return {user: name or user for user, name in query.where(table.name.isin(sorted(users))).run()}
