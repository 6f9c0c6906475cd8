"""The rows of all records of an imported request, built as the controllers build them, without documents.

What a case and its events are comes from `opening` and `events`, which the controllers use as well: asked once a
program version, with marks in place of what differs from request to request. Defaults come from the DocTypes,
custom fields included. Only the derivations of the Service Request are said here once more, and a test compares
every column with what the controllers write.
"""

import re
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.model.naming import make_autoname
from frappe.utils import now

from govcrm import naming
from govcrm.casework import events, opening
from govcrm.casework.clocks import records
from govcrm.casework.clocks.opening import Rows, shown
from govcrm.casework.importing import recording
from govcrm.casework.importing.clocks import HistoryClocks
from govcrm.casework.importing.documents import request_values
from govcrm.casework.importing.writer import insert_many
from govcrm.casework.routing import responsible_department
from govcrm.domain.importing import TIMES, Fault, Mapped
from govcrm.service_catalogue.areas import area_map

REQUEST, CASE, EVENT = "Service Request", "Case", "Case Event"
CLOCKS = (records.CLOCK, records.EVENT)
# Columns of every table, 0 unless they are written.
ZERO = {"docstatus", "idx"}
STAMP = ("creation", "modified", "owner", "modified_by")
# Markup is cleaned, and control characters are refused, by the document alone.
_ODD = re.compile("[<>\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST_LINE, LONGEST_TEXT = 140, 16_000


class Defaults(NamedTuple):
	"""What a request gets from its program version and the area of its place."""

	department: str | None
	priority: str
	confidentiality: str


class Mark(NamedTuple):
	"""Stands for the value a field of the request has."""

	field: str


class Pattern(NamedTuple):
	"""A row of which some columns come from the request."""

	constant: dict
	marked: list[tuple[str, str]]

	@classmethod
	def of(cls, row: dict) -> "Pattern":
		marked = [(column, value.field) for column, value in row.items() if isinstance(value, Mark)]
		return cls(row, marked)

	def fill(self, request: dict) -> dict:
		row = self.constant.copy()
		for column, field in self.marked:
			row[column] = request[field]
		return row


class RequestBuilder:
	"""Builds rows for one source, and keeps what all rows of a program version or DocType have in common."""

	def __init__(self, source: str):
		self.source = source
		self._blank: dict[str, dict] = {}
		self._patterns: dict[tuple, list[Pattern]] = {}
		self._optional: dict[str, dict[str, int | None]] = {}
		self._defaults: dict[tuple[str, str | None], Defaults] = {}
		self._limits: dict[str, int] = {}
		self._options: dict[str, frozenset[str]] = {}
		self._history = HistoryClocks()

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
		"""Insert all records of these plain rows, DocType by DocType, and an event of the audit trail for each request."""
		stamp = self._stamp()
		rows: dict[str, list[dict]] = {REQUEST: [], CASE: [], EVENT: []}
		clocks: dict[str, list[dict]] = {doctype: [] for doctype in CLOCKS}
		for mapped, area in zip(batch, areas_of(batch), strict=True):
			request = self.request(mapped, stamp, area)
			case = self.case(request)
			rows[REQUEST].append(request)
			rows[CASE].append(case)
			rows[EVENT].extend(self.events(request))
			for doctype, found in zip(CLOCKS, self.clocks(case), strict=True):
				clocks[doctype].extend(found)
		for doctype, dicts in rows.items():
			self._insert(doctype, dicts)
		for doctype, dicts in clocks.items():
			rows[doctype] = records.insert(doctype, dicts)
		recording.record(rows)

	def request(self, mapped: Mapped, stamp: dict, area: str | None) -> dict:
		request = {
			**self.blank(REQUEST),
			**stamp,
			**request_values(mapped, self.source),
			"service_area": area,
		}
		self._derive(request)
		requested = request["requested_datetime"]
		request["name"] = naming.new_name(naming.REQUEST, requested)
		request["case"] = naming.new_name(naming.CASE, requested)
		# As documents store them; case and events copy them.
		request.update({time: str(request[time]) for time in TIMES if request[time]})
		return request

	def _derive(self, request: dict) -> None:
		"""As `ServiceRequest.take_defaults` and `check_people`."""
		defaults = self.defaults(request["program_version"], request["service_area"])
		request["department"] = request["department"] or defaults.department
		request["priority"] = defaults.priority
		request["confidentiality"] = defaults.confidentiality
		request["representation_authority"] = None

	def case(self, request: dict) -> dict:
		case = self.patterns(request)[0].fill(request)
		case["subject"] = opening.subject_of(request["program"], request["address_string"])
		return case

	def events(self, request: dict) -> list[dict]:
		found = [pattern.fill(request) for pattern in self.patterns(request)[1:]]
		for event in found:
			event["name"] = make_autoname("hash", EVENT)
		return found

	def clocks(self, case: dict) -> Rows:
		"""The rows of its clocks and of their events; the case is given what they say of it."""
		found = self._history.rows(case)
		case.update(shown(case, found[0]))
		return found

	def patterns(self, request: dict) -> list[Pattern]:
		"""That of the case, then those of its events."""
		key = (request["program"], request["program_version"], bool(request["closed_datetime"]))
		if key not in self._patterns:
			self._patterns[key] = [Pattern.of(row) for row in self._marked_rows(*key)]
		return self._patterns[key]

	def _marked_rows(self, program: str, version: str, closed: bool) -> list[dict]:
		request = frappe._dict({column: Mark(column) for column in self.blank(REQUEST)})
		request.update(program=program, program_version=version, address_string=None)
		request.closed_datetime = request.closed_datetime if closed else None
		request.flags = frappe._dict(imported_history=True)
		stamp = {column: Mark(column) for column in STAMP}
		case = frappe._dict(
			{**self.blank(CASE), **stamp, **opening.case_values(request), "name": Mark("case")}
		)
		found = [events.values(case, verb, **details) for verb, details in opening.opening_events(case)]
		return [case, *({**self.blank(EVENT), **stamp, **event} for event in found)]

	def defaults(self, version: str, place: str | None = None) -> Defaults:
		if (version, place) not in self._defaults:
			document = frappe.get_cached_doc("Program Version", version)
			self._defaults[version, place] = defaults_of(document, place)
		return self._defaults[version, place]

	def blank(self, doctype: str) -> dict:
		"""Every column of the DocType with the value it has when nothing is said."""
		if doctype not in self._blank:
			self._blank[doctype] = blank_row(doctype)
		return self._blank[doctype]

	def _insert(self, doctype: str, dicts: list[dict]) -> None:
		columns = self._columns(doctype, dicts)
		insert_many(doctype, columns, list(map(itemgetter(*columns), dicts)))

	def _columns(self, doctype: str, dicts: list[dict]) -> tuple[str, ...]:
		"""The columns to be written: half of them are empty in every row, and what is not sent need not be escaped."""
		empty = self.optional(doctype)
		return tuple(
			c for c in self.blank(doctype) if c not in empty or any(row[c] != empty[c] for row in dicts)
		)

	def optional(self, doctype: str) -> dict[str, int | None]:
		"""Columns that need not be written where they have this value: without a default they are NULL, or 0."""
		if doctype not in self._optional:
			meta, blank = frappe.get_meta(doctype), self.blank(doctype)
			unsaid = {df.fieldname for df in meta.fields if not df.default} | ZERO
			self._optional[doctype] = {
				c: value for c, value in blank.items() if c in unsaid and value in (None, 0)
			}
		return self._optional[doctype]

	def _stamp(self) -> dict:
		moment, user = now(), frappe.session.user
		return dict(zip(STAMP, (moment, moment, user, user), strict=True))

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


def defaults_of(version: Document, place: str | None) -> Defaults:
	return Defaults(
		responsible_department(version, place), version.default_priority, version.default_confidentiality
	)


def blank_row(doctype: str) -> dict:
	return dict(frappe.new_doc(doctype).get_valid_dict(convert_dates_to_str=True, ignore_virtual=True))


def areas_of(batch: Sequence[Mapped]) -> list[str | None]:
	"""The service area of each row, as `locate` tells it of one."""
	places = [(row.values.get("latitude") or 0, row.values.get("longitude") or 0) for row in batch]
	found = area_map().find_many(*zip(*places, strict=True)) if places else []
	return [area if any(place) else None for area, place in zip(found, places, strict=True)]
