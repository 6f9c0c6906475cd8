"""Programs, departments and versions as the rows of a file name them; made where missing, if the mapping says so."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.casework.importing import ImportRefused
from govcrm.casework.importing.mappings import RequestMapping
from govcrm.domain.importing import Fault, Mapped, slug
from govcrm.service_catalogue.publishing import workflow_defects
from govcrm.service_catalogue.versions import find_version
from govcrm.workflows import snapshot

# A program made for history has been there since before any of it.
BEFORE_ALL_HISTORY = date(1900, 1, 1)
UNNAMED = "Import"
KIND = "Service Request"


@dataclass
class Survey:
	"""What a file names: rows in it, departments, and programs with the departments that work them."""

	rows: int = 0
	departments: Counter = field(default_factory=Counter)
	programs: dict[tuple[str | None, str | None], "Seen"] = field(default_factory=dict)

	def note(self, mapped: Mapped) -> None:
		self.rows += 1
		if mapped.faults:
			return
		values = mapped.values
		department = values.get("department")
		self.departments[department] += 1
		key = (values.get("service_code"), values.get("program"))
		seen = self.programs.setdefault(key, Seen(*key))
		seen.departments[department] += 1
		seen.group = seen.group or values.get("program_group")


@dataclass
class Seen:
	"""A program as the file names it."""

	code: str | None
	name: str | None
	group: str | None = None
	departments: Counter = field(default_factory=Counter)


class Catalogue:
	"""Finds what rows name without asking the database again for each row."""

	def __init__(self, mapping: RequestMapping):
		self.mapping = mapping
		self.departments = known_departments()
		self.programs = known_programs()
		self.made = Counter()
		self.assumed: set[str] = set()
		self._versions: dict[tuple[str, date], str | None] = {}

	def resolve(self, values: dict) -> list[Fault]:
		"""Turn what the row calls its program and department into names, and add the version in force then."""
		program = self.find_program(values.pop("service_code", None), values.get("program"))
		values.pop("program_group", None)
		if not program:
			return [Fault("program", "unknown_program", values.get("program") or "")]
		values["program"] = program
		if faults := self._resolve_department(values):
			return faults
		return self._resolve_version(values)

	def _resolve_department(self, values: dict) -> list[Fault]:
		said = values.get("department")
		if not said:
			return []
		values["department"] = self.departments.get(said.casefold())
		return [] if values["department"] else [Fault("department", "unknown_department", said)]

	def _resolve_version(self, values: dict) -> list[Fault]:
		requested: datetime = values["requested_datetime"]
		values["program_version"] = self.version(values["program"], requested.date())
		if values["program_version"] or values["program"] in self.assumed:
			return []
		return [Fault("requested_datetime", "no_version", str(requested.date()))]

	def find_program(self, code: str | None, name: str | None) -> str | None:
		for said in filter(None, (code, name)):
			if found := self.programs.get(said.casefold()):
				return found
		return None

	def version(self, program: str, on: date) -> str | None:
		key = (program, on)
		if key not in self._versions:
			self._versions[key] = find_version(program, on)
		return self._versions[key]

	def lacking(self, survey: Survey) -> tuple[list[str], list[Seen]]:
		"""(departments, programs) the file names and the site does not know, in the order of the file."""
		departments = [d for d in survey.departments if d and d.casefold() not in self.departments]
		programs = [
			seen for (code, name), seen in survey.programs.items() if not self.find_program(code, name)
		]
		return departments, programs

	def refuse_unfit_workflow(self) -> None:
		"""Raises ImportRefused when no version could be published with the workflow of the mapping."""
		if not self.mapping.workflow:
			frappe.throw(
				_("Choose the workflow for programs that are made in the mapping {0}.").format(
					self.mapping.name
				),
				ImportRefused,
			)
		found = workflow_defects(snapshot.take(self.mapping.workflow), KIND, appointed=False)
		if found:
			lines = [f"{defect.part}: {defect.message} {defect.hint}" for defect in found]
			frappe.throw("<br>".join(lines), ImportRefused)

	def make_missing(self, survey: Survey) -> None:
		"""Make what `lacking` tells. A program belongs to the department that has most of its rows."""
		departments, programs = self.lacking(survey)
		for said in departments:
			self.department(said)
		for seen in programs:
			if not self.find_program(seen.code, seen.name):  # the file may spell it in two ways
				self._make_program(seen)

	def assume_missing(self, survey: Survey) -> None:
		"""Take what `lacking` tells for made, for a dry run."""
		departments, programs = self.lacking(survey)
		self.departments.update({said.casefold(): said for said in departments})
		for seen in programs:
			name = seen.code or slug(seen.name)
			self.assumed.add(name)
			self.programs.update({said.casefold(): name for said in (seen.code, seen.name) if said})
		self.made.update(departments=len(departments), programs=len(programs))

	def department(self, said: str | None) -> str:
		"""The department of this name or code, made if need be; one for all rows that name none."""
		said = said or frappe.db.get_single_value("GovCRM Settings", "default_department") or UNNAMED
		if said.casefold() not in self.departments:
			self.departments[said.casefold()] = make_department(said)
			self.made["departments"] += 1
		return self.departments[said.casefold()]

	def _make_program(self, seen: Seen) -> None:
		owner = self.department(seen.departments.most_common(1)[0][0])
		code = self.free_code(seen.code or slug(seen.name))
		name = make_program(code, seen, owner, self.mapping)
		publish_first_version(name, seen, self.mapping)
		self.programs.update({said.casefold(): name for said in (name, seen.code, seen.name) if said})
		self.made["programs"] += 1

	def free_code(self, wanted: str) -> str:
		"""`wanted`, or with a number where another program has it."""
		code, number = wanted, 1
		while code.casefold() in self.programs:
			number += 1
			code = f"{wanted}_{number}"
		return code


def known_departments() -> dict[str, str]:
	"""Names by name and by code, without regard to case; a code wins over another's name."""
	rows = frappe.get_all("Agency Department", fields=["name", "department_code"], order_by="name", limit=0)
	by_name = {row.name.casefold(): row.name for row in rows}
	return by_name | {row.department_code.casefold(): row.name for row in rows if row.department_code}


def known_programs() -> dict[str, str]:
	"""Names by program name and by service code, without regard to case; a code wins over another's name."""
	rows = frappe.get_all("Agency Program", fields=["name", "program_name"], order_by="name", limit=0)
	by_name = {row.program_name.casefold(): row.name for row in rows}
	return by_name | {row.name.casefold(): row.name for row in rows}


def make_department(said: str) -> str:
	return make("Agency Department", department_name=said, department_code=said)


def make_program(code: str, seen: Seen, owner: str, mapping: RequestMapping) -> str:
	"""A program that only staff see: what citizens may ask for is for the agency to say."""
	return make(
		"Agency Program",
		service_code=code,
		program_name=seen.name or seen.code,
		kind=KIND,
		program_group=seen.group,
		department=owner,
		is_public=0,
		public_description=_("Made by the import of {0}.").format(mapping.source),
	)


def publish_first_version(program: str, seen: Seen, mapping: RequestMapping) -> None:
	policy = mapping.policy(seen.code, seen.name)
	version = new(
		"Program Version",
		program=program,
		effective_from=BEFORE_ALL_HISTORY,
		workflow=mapping.workflow,
		deadline_policy=policy,
		calendar=policy and mapping.calendar,
		changes=_("Made by the import of {0}.").format(mapping.source),
	)
	# History may come before the people: who works these programs can be appointed later.
	version.flags.before_appointments = True
	version.submit()


def make(doctype: str, **values: Any) -> str:
	return new(doctype, **values).insert().name


def new(doctype: str, **values: Any) -> Document:
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.flags.ignore_permissions = True  # whoever may import may make what the file needs: see Request Import
	return doc
