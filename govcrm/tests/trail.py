"""Whether the audit trail told of everything: what rows were, what events say of them since, and what they are now."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unittest.mock import patch

import frappe

from govcrm.accountability.trail import keys, rows, subjects
from govcrm.accountability.trail.governed import exists, governed, host_of
from govcrm.domain.ledger.rows import row_hash

Key = tuple[str, str]


def traceback_with_values() -> str:
	"""What Frappe would write down of an error where its variables are not left out (`govcrm.traces`)."""
	with patch.dict(frappe.conf, developer_mode=1):
		return frappe.get_traceback(with_context=True)


class Said(NamedTuple):
	"""What an event said last of a row: under whose key, and which hash, or None that it is gone."""

	event: str
	subject: str
	hash: str | None


class Watch:
	"""Begins with the rows as they are. `gaps` compares later rows with them and with what events have said since."""

	def __init__(self, doctypes: Iterable[str] | None = None) -> None:
		self.doctypes = sorted(filter(exists, doctypes or governed().covered))
		self.before = self.read()
		self.since = newest()

	def read(self) -> dict[Key, dict]:
		return {
			(doctype, name): row
			for doctype in self.doctypes
			for name, row in rows.stored(doctype, names_of(doctype))
			if is_covered(doctype, row)
		}

	def events(self, *verbs: str) -> list[frappe._dict]:
		filters = {"name": (">", self.since), **({"verb": ("in", verbs)} if verbs else {})}
		return frappe.get_all("Audit Event", filters, ["*"], order_by="name", limit=0)

	def said(self) -> dict[Key, Said]:
		found = {}
		for event in self.events():
			for doctype, name, hashed in json.loads(event.header)["rows"]:
				found[doctype, name] = Said(event.name, event.subject, hashed)
		return found

	def gaps(self) -> list[str]:
		"""In words: rows that are not as the trail last said, and rows of which it said nothing though they changed."""
		now, said = self.read(), self.said()
		return [gap for key in sorted({*self.before, *now}) if (gap := self.gap(key, now.get(key), said))]

	def gap(self, key: Key, row: dict | None, said: dict[Key, Said]) -> str | None:
		told = said.get((key[0], subjects.public_name(*key)))
		if told is None:
			return (
				None if row == self.before.get(key) else f"{key}: no event tells of {row and row['fields']}"
			)
		return None if told.hash == hash_of(row, told.subject) else f"{key}: not as {told.event} says: {row}"


def hash_of(row: dict | None, subject: str) -> str | None:
	return row_hash(keys.of(subject, create=False).salt, row).hex() if row else None


def names_of(doctype: str) -> Iterator[str]:
	if frappe.get_meta(doctype).issingle:
		return iter([doctype])
	table = frappe.qb.DocType(doctype)
	return (str(name) for (name,) in frappe.qb.from_(table).select(table.name).run())


def is_covered(doctype: str, row: dict) -> bool:
	return doctype in governed().doctypes or host_of(doctype, row["fields"]) is not None


def newest() -> str:
	"""The name of the last event: names sort by time."""
	return next(iter(frappe.get_all("Audit Event", pluck="name", order_by="name desc", limit=1)), "")
