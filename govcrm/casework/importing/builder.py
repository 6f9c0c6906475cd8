"""The rows of all records of an imported request, built as the controllers build them, without documents.

What a case and its events are comes from `opening` and `events`, which the controllers use as well; defaults come
from the DocTypes, custom fields included. Only the derivations of the Service Request are said here once more, and
a test compares every column with what the controller writes.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document
from frappe.model.naming import make_autoname
from frappe.utils import now

from govcrm import naming
from govcrm.casework import events, opening
from govcrm.casework.importing.documents import request_values
from govcrm.casework.importing.writer import insert_many
from govcrm.casework.routing import responsible_department
from govcrm.domain.importing import Fault, Mapped

REQUEST, CASE, EVENT = "Service Request", "Case", "Case Event"
# Markup is cleaned, and control characters are refused, by the document alone.
_ODD = re.compile("[<>\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST_LINE, LONGEST_TEXT = 140, 16_000


class Defaults(NamedTuple):
	"""What a request gets from its program version."""

	department: str | None
	priority: str
	confidentiality: str


class RequestBuilder:
	"""Builds rows for one source, and keeps what all rows of a program version or DocType have in common."""

	def __init__(self, source: str):
		self.source = source
		self._blank: dict[str, dict] = {}
		self._defaults: dict[str, Defaults] = {}
		self._limits: dict[str, int] = {}
		self._options: dict[str, frozenset[str]] = {}

	def faults(self, values: dict) -> list[Fault]:
		"""Values that no field of their kind can hold, by target."""
		if not self._limits:
			self._learn_limits()
		return [*self._too_long(values), *self._not_offered(values)]

	def is_plain(self, mapped: Mapped) -> bool:
		"""May this row go the short way? Callers, answers and odd characters need the controller."""
		if mapped.answers or mapped.citizen:
			return False
		if not self.defaults(mapped.values["program_version"]).department and not mapped.values.get(
			"department"
		):
			return False
		return not any(isinstance(value, str) and _ODD.search(value) for value in mapped.values.values())

	def write(self, batch: Sequence[Mapped]) -> None:
		"""Insert all records of these plain rows, DocType by DocType."""
		stamp = self._stamp()
		rows: dict[str, list[dict]] = {REQUEST: [], CASE: [], EVENT: []}
		for mapped in batch:
			request = self.request(mapped, stamp)
			case = self.case(request, stamp)
			rows[REQUEST].append(request)
			rows[CASE].append(case)
			rows[EVENT].extend(self.events(case, stamp))
		for doctype, dicts in rows.items():
			self._insert(doctype, dicts)

	def request(self, mapped: Mapped, stamp: dict) -> frappe._dict:
		request = frappe._dict(self.blank(REQUEST))
		request.update(stamp)
		request.update(request_values(mapped, self.source))
		self._derive(request)
		request.name = naming.new_name(naming.REQUEST, request.requested_datetime)
		request.case = naming.new_name(naming.CASE, request.requested_datetime)
		# `opening` asks for it, as it does of a document.
		request.flags = frappe._dict(imported_history=True)
		return request

	def _derive(self, request: frappe._dict) -> None:
		"""As `ServiceRequest.take_defaults`."""
		defaults = self.defaults(request.program_version)
		request.department = request.department or defaults.department
		request.priority = defaults.priority
		request.confidentiality = defaults.confidentiality

	def case(self, request: frappe._dict, stamp: dict) -> frappe._dict:
		case = frappe._dict(self.blank(CASE))
		case.update(stamp)
		case.update(opening.case_values(request))
		case.name = request.case
		return case

	def events(self, case: frappe._dict, stamp: dict) -> list[dict]:
		return [
			{
				**self.blank(EVENT),
				**stamp,
				**events.values(case, verb, **details),
				"name": make_autoname("hash", EVENT),
			}
			for verb, details in opening.opening_events(case)
		]

	def defaults(self, version: str) -> Defaults:
		if version not in self._defaults:
			self._defaults[version] = defaults_of(frappe.get_cached_doc("Program Version", version))
		return self._defaults[version]

	def blank(self, doctype: str) -> dict:
		"""Every column of the DocType with the value it has when nothing is said."""
		if doctype not in self._blank:
			self._blank[doctype] = blank_row(doctype)
		return self._blank[doctype]

	def _insert(self, doctype: str, dicts: list[dict]) -> None:
		columns = tuple(self.blank(doctype))
		insert_many(doctype, columns, [[as_stored(row[column]) for column in columns] for row in dicts])

	def _stamp(self) -> dict:
		moment, user = now(), frappe.session.user
		return {"creation": moment, "modified": moment, "owner": user, "modified_by": user}

	def _learn_limits(self) -> None:
		for df in frappe.get_meta(REQUEST).fields:
			if df.fieldtype == "Data":
				self._limits[df.fieldname] = df.length or LONGEST_LINE
			elif df.fieldtype in ("Text", "Small Text"):
				self._limits[df.fieldname] = LONGEST_TEXT
			elif df.fieldtype == "Select":
				self._options[df.fieldname] = frozenset(df.options.split("\n"))

	def _too_long(self, values: dict) -> list[Fault]:
		return [
			Fault(target, "too_long", value, str(self._limits[target]))
			for target, value in values.items()
			if target in self._limits and len(value) > self._limits[target]
		]

	def _not_offered(self, values: dict) -> list[Fault]:
		return [
			Fault(target, "not_an_option", values[target], ", ".join(sorted(options)))
			for target, options in self._options.items()
			if values.get(target) and values[target] not in options
		]


def defaults_of(version: Document) -> Defaults:
	return Defaults(
		responsible_department(version), version.default_priority, version.default_confidentiality
	)


def blank_row(doctype: str) -> dict:
	return dict(frappe.new_doc(doctype).get_valid_dict(convert_dates_to_str=True, ignore_virtual=True))


def as_stored(value: Any) -> Any:
	return str(value) if isinstance(value, datetime) else value
