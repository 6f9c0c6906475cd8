"""The stage: matters that hold nothing but canaries, with all that Frappe and other apps hang on a record."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import frappe
from frappe.model.meta import Meta
from frappe.query_builder import DocType

from govcrm.access import subjects
from govcrm.access.satellites.references import references_of, satellites
from govcrm.accountability import trail
from govcrm.casework.evidence import blobs, records
from govcrm.tests.canaries.people import PEOPLE, Person
from govcrm.tests.canaries.words import (
	ASKED,
	ELSEWHERE,
	MATTER,
	PERSON,
	RECUSED,
	RESTRICTED,
	SAID,
	SEALED,
	Words,
)
from govcrm.tests.factories import make_citizen, make_published_program, make_request, make_task

PROGRAM = "CANARY"
TEXTS = frozenset(
	("Data", "Small Text", "Text", "Long Text", "Text Editor", "Code", "HTML Editor", "Markdown Editor", "JSON", "Attach")
)  # fmt: skip
# What code needs as it is: a name of a function, of a queue, a key by which the log is checked.
KEPT = {
	"Case Event": {"verb"},
	"Communication": {"communication_medium"},
	"File": {"file_url", "file_name", "content_hash", "attached_to_field", "folder"},
	"Prepared Report": {"report_name"},
	"Service Request": {"source"},
	"Email Queue": {"priority"},
	"Route History": {"user"},
	"Data Import": {"import_type"},
	"Case Deadline": {"milestone", "unit"},
}
UNIT = "Working Hours"
_RULE = {"code": "resolution", "label": "Resolution", "amount": 8, "unit": UNIT}
CLOCK = {"status": "Stopped", "nature": "Target", "unit": UNIT, "rule": json.dumps(_RULE)}
# Tables that MariaDB keeps without transactions.
KEPT_ALWAYS = ("Error Log", "Data Import Log")
# A kind of matter, and its level. What another part of the app closes joins here.
KINDS = {
	RESTRICTED: "Restricted",
	RECUSED: "Internal",
	ELSEWHERE: "Internal",
	SEALED: "Sealed",  # its words stand in plain sight here: the rule alone must keep them
}


@dataclass
class Stage:
	"""`records` are the rows with canaries: (DocType, name, kind of matter); `urls` are their files."""

	words: Words = field(default_factory=Words)
	records: list[tuple[str, str, str]] = field(default_factory=list)
	urls: dict[str, str] = field(default_factory=dict)
	files: list[Path] = field(default_factory=list)

	def of(self, kind: str) -> list[tuple[str, str]]:
		return [(doctype, name) for doctype, name, of_kind in self.records if of_kind == kind]

	def forget(self) -> None:
		"""What no roll-back takes away."""
		for doctype in KEPT_ALWAYS:
			names = [name for of_doctype, name, _kind in self.records if of_doctype == doctype]
			frappe.db.delete(doctype, {"name": ("in", names or [""])})
		for path in self.files:
			path.unlink(missing_ok=True)


def forget_earlier() -> None:
	"""What one that was killed left behind."""
	table = DocType("Error Log")
	frappe.qb.from_(table).delete().where(table.method.like("canary%")).run()
	frappe.db.delete("Data Import Log", {"messages": ("like", "%canary%")})
	frappe.db.commit()
	for path in Path(frappe.get_site_path("private", "files")).glob("canary*.txt"):
		path.unlink()


def set_up(
	people: Iterable[Person] = PEOPLE, kinds: Iterable[str] = KINDS, stage: Stage | None = None
) -> Stage:
	"""Matters of these kinds in the open transaction, which the caller rolls back."""
	stage = stage or Stage()
	if not frappe.db.exists("Agency Program", PROGRAM):
		make_published_program(PROGRAM)
	for kind in kinds:
		Matter(stage, kind).make(people)
	subjects.forget()
	return stage


class Matter:
	"""One citizen, what they asked for, the case that answers it, and all that hangs on these."""

	def __init__(self, stage: Stage, kind: str) -> None:
		self.stage, self.kind, self.kept = stage, kind, {}

	def make(self, people: Iterable[Person]) -> None:
		citizen = make_citizen(**_details())
		request = make_request(PROGRAM, citizen=citizen.name, anonymous=0)
		self.citizen, self.request, self.case = citizen.name, request.name, request.case
		make_task(self.case)
		self._raise()
		self._put("Case Participant", MATTER, case=self.case, capacity="Assignee", user="Administrator")
		clock = self._put("Case Deadline", MATTER, case=self.case, **CLOCK)
		self._put(
			"Case Deadline Event", MATTER, parent=clock, parenttype="Case Deadline", parentfield="events"
		)
		self._put("Interaction", SAID, case=self.case, citizen=citizen.name)
		self._put("Interaction", ASKED, service_request=request.name, citizen=citizen.name)
		self._put("Case Access Grant", MATTER, case=self.case, user="Administrator", status="Asked")
		self._close_to(people)
		trail.record("note", "Case", self.case, reason=self._word(MATTER, "Audit Event"))
		for doctype, name, room in list(self._rows()):
			self._fill(doctype, name, room)
		for host, name, room in self._hosts():
			self._hang(host, name, room)
		self._hang_in_person(people)
		self._put_up()
		self._index()

	def _raise(self) -> None:
		"""Past the controllers, which would take the words away."""
		for doctype, name in (("Case", self.case), ("Service Request", self.request)):
			frappe.db.set_value(doctype, name, "confidentiality", KINDS[self.kind], update_modified=False)
			frappe.clear_document_cache(doctype, name)

	def _close_to(self, people: Iterable[Person]) -> None:
		if self.kind != RECUSED:
			return
		for person in people:
			if person.user != "Guest":
				self._put("Recusal", MATTER, user=person.user, case=self.case)
				self._put("Recusal", PERSON, user=person.user, citizen=self.citizen)

	# Their own rows --------------------------------------------------------------------------------------------

	def _rows(self) -> Iterator[tuple[str, str, str]]:
		yield "Case", self.case, MATTER
		yield "Service Request", self.request, ASKED
		yield "Citizen", self.citizen, PERSON
		for doctype in ("Case Event", "Case Task"):
			for name in frappe.get_all(doctype, {"case": self.case}, pluck="name"):
				yield doctype, name, MATTER
				yield from self._table_rows(doctype, name, MATTER)
		yield from self._table_rows("Service Request", self.request, ASKED)
		yield from self._table_rows("Citizen", self.citizen, PERSON)

	def _table_rows(self, doctype: str, name: str, room: str) -> Iterator[tuple[str, str, str]]:
		for table in frappe.get_meta(doctype).get_table_fields():
			for row in frappe.get_all(table.options, {"parent": name, "parenttype": doctype}, pluck="name"):
				yield table.options, row, room

	def _fill(self, doctype: str, name: str, room: str) -> None:
		"""Each text of a row that is there becomes a canary, past its controller."""
		table, meta = DocType(doctype), frappe.get_meta(doctype)
		query = frappe.qb.update(table).where(table.name == name)
		for fieldname, text in self._texts(meta, room):
			query = query.set(table[fieldname], text)
		tag = self._word(room, f"{doctype}._user_tags")
		comments = [{"comment": self._word(room, f"{doctype}._comments"), "by": "Administrator", "name": "x"}]
		if not meta.istable:
			query = query.set(table._user_tags, f",{tag}")
			query = query.set(table._comments, json.dumps(comments))
		query.run()
		self._note(doctype, name, room)

	def _texts(self, meta: Meta, room: str) -> Iterator[tuple[str, str]]:
		for df in meta.fields:
			if df.fieldtype not in TEXTS or df.get("is_virtual") or df.fieldname in KEPT.get(meta.name, ()):
				continue
			word = self._word(room, f"{meta.name}.{df.fieldname}")
			if not df.length or len(word) + 20 <= df.length:
				yield df.fieldname, _as_value(df, word)

	def _word(self, room: str, place: str) -> str:
		return self.stage.words.make(self.kind, room, place)

	def _note(self, doctype: str, name: str, room: str) -> None:
		self.stage.words.add(name, self.kind, room, f"name of {doctype}")
		self.stage.records.append((doctype, name, self.kind))

	def _put(self, doctype: str, room: str, /, **values) -> str:
		"""A stored row with a canary in each text that is not given."""
		doc = frappe.get_doc(
			{"doctype": doctype, **dict(self._texts(frappe.get_meta(doctype), room)), **values}
		)
		doc.name = values.get("name") or frappe.generate_hash(length=14)
		doc.owner = values.get("owner") or "Administrator"
		doc.db_insert()
		self._note(doctype, doc.name, room)
		return doc.name

	# What hangs on them ----------------------------------------------------------------------------------------

	def _hosts(self) -> list[tuple[str, str, str]]:
		return [
			("Case", self.case, MATTER),
			("Service Request", self.request, ASKED),
			("Citizen", self.citizen, PERSON),
		]

	def _hang(self, host: str, name: str, room: str) -> None:
		"""A row of each satellite, the carriers of others first."""
		self.kept = {}
		there = [satellite for satellite in satellites() if frappe.db.exists("DocType", satellite)]
		for satellite in sorted(there, key=lambda one: any(ref.fixed for ref in references_of(one))):
			if values := self._reference(satellite, host, name):
				self.kept[satellite] = self._put(
					satellite, room, **values, **self._extra(satellite, host, name, room)
				)

	def _reference(self, satellite: str, host: str, name: str) -> dict[str, str]:
		values: dict[str, str] = {}
		for reference in references_of(satellite):
			if reference.fixed:
				values |= _inside(reference.fixed, reference.name_field, self.kept.get(reference.fixed))
			elif not reference.link:
				values[reference.type_field] = host
				if reference.name_field:
					values[reference.name_field] = name
		return values

	def _extra(self, satellite: str, host: str, name: str, room: str) -> dict[str, object]:
		word = self._word(room, f"{satellite} of {host}")
		if satellite == "File":
			return self._file(word, self._word(room, "body of File"))
		if satellite == "Version":
			return {"data": json.dumps({"changed": [["subject", word, word]]})}
		if satellite == "Comment":
			return {"comment_type": "Comment"}
		if satellite == "Communication":
			return {
				"communication_type": "Communication",
				"communication_medium": "Email",
				"sent_or_received": "Received",
			}
		if satellite == "Tag Link":
			return {"tag": word, "title": word}
		return {}

	def _file(self, word: str, body: str) -> dict[str, object]:
		path = Path(frappe.get_site_path("private", "files", f"{word}.txt"))
		path.write_text(f"The body of it: {body}")
		self.stage.files.append(path)
		url = self.stage.urls[self.kind] = f"/private/files/{word}.txt"
		return {"file_url": url, "file_name": f"{word}.txt", "is_private": 1, "folder": "Home/Attachments"}

	def _hang_in_person(self, people: Iterable[Person]) -> None:
		"""What was addressed to people before the matter was closed to them; what was deleted; where somebody went."""
		for person in people:
			about = {"document_type": "Case", "document_name": self.case, "for_user": person.user}
			if person.user != "Guest":
				self._put("Notification Log", MATTER, **about)
				given = {"reference_type": "Case", "reference_name": self.case, "status": "Open"}
				self._put("ToDo", MATTER, **given, allocated_to=person.user)
		gone = {
			"doctype": "Case Task",
			"case": self.case,
			"title": self._word(MATTER, "Deleted Document.data"),
		}
		self._put("Deleted Document", MATTER, deleted_doctype="Case Task", data=json.dumps(gone))
		self._put("Route History", MATTER, route=f"Form/Case/{self.case}", user="Administrator")

	def _put_up(self) -> None:
		"""A file outside File, its name, note and body closed under the key of the case."""
		if self.kind != SEALED:
			return
		name, note, body = (
			self._word(MATTER, f"{part} of Sealed Evidence") for part in ("name", "note", "body")
		)
		said = {"file_name": f"{name}.txt", "note": note, "place": ("Case", self.case)}
		evidence = records.make(self.case, said, [f"The body of it: {body}".encode()])
		self.stage.files.append(blobs.path_of(evidence))
		self._note("Sealed Evidence", evidence, MATTER)

	def _index(self) -> None:
		"""As the global search would keep it."""
		table = frappe.qb.Table("__global_search")
		for host, name, room in self._hosts():
			text = self._word(room, f"global search of {host}")
			row = (host, name, text, text, 0)
			frappe.qb.into(table).columns("doctype", "name", "title", "content", "published").insert(
				*row
			).run()


def _details() -> dict[str, object]:
	return {"first_name": "Canary", "contact_points": [{"channel": "Phone", "value": "617-555-0142"}]}


def _inside(host: str, name_field: str, name: str | None) -> dict[str, str]:
	if not name:
		return {}
	return {"parent": name, "parenttype": host} if name_field == "parent" else {name_field: name}


def _as_value(df, word: str) -> str:
	if df.fieldtype == "JSON" or (df.fieldtype == "Code" and df.options == "JSON"):
		return json.dumps({"canary": word})
	if df.options == "Email":
		return f"{word}@example.org"
	return f"/files/{word}.txt" if df.fieldtype == "Attach" else word
