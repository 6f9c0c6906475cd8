"""Mappings: shipped as data, kept as Request Import Mapping, made ready for the reader."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_system_timezone, now_datetime

from govcrm.casework.importing import ImportRefused, deadlines
from govcrm.domain.importing import Column, Reader, collapse, missing_columns

SHIPPED = Path(__file__).parent / "shipped"


@dataclass(frozen=True)
class RequestMapping:
	"""A Request Import Mapping: where the rows come from, the columns, and what is made when missing.

	`policies`: names of deadline policies by program as `spelt` gives it.
	"""

	name: str
	source: str
	create_missing: bool
	workflow: str | None
	columns: tuple[Column, ...]
	calendar: str | None = None
	policies: Mapping[str, str] = field(default_factory=dict)

	@property
	def titles(self) -> tuple[str, ...]:
		return tuple(column.column for column in self.columns if column.column)

	def policy(self, *said: str | None) -> str | None:
		"""The deadline policy for a program of this code or name, as a file spells them."""
		return next((found for one in said if (found := self.policies.get(spelt(one)))), None)

	def reader(self) -> Reader:
		"""Reads rows in the site's time zone as of now."""
		return Reader(self.columns, now=now_datetime(), zone=ZoneInfo(get_system_timezone()))

	def refuse_other_header(self, header: tuple[str, ...]) -> None:
		"""Raises ImportRefused when the file has not all the columns it must have, with their titles."""
		if missing := missing_columns(self.columns, header):
			frappe.throw(
				_("The file lacks these columns that the mapping {0} needs: {1}. It has: {2}").format(
					self.name, ", ".join(missing), ", ".join(header)
				),
				ImportRefused,
			)


def load(name: str) -> RequestMapping:
	"""The mapping of this name. Raises ImportRefused if there is none."""
	if not frappe.db.exists("Request Import Mapping", name):
		known = ", ".join(frappe.get_all("Request Import Mapping", pluck="name", order_by="name"))
		frappe.throw(_("There is no mapping {0}. There are: {1}").format(name, known), ImportRefused)
	return from_document(frappe.get_doc("Request Import Mapping", name))


def from_document(doc: Document) -> RequestMapping:
	return RequestMapping(
		name=doc.mapping_name,
		source=doc.source,
		create_missing=bool(doc.create_missing),
		workflow=doc.workflow,
		columns=tuple(column_of(row) for row in doc.columns),
		calendar=doc.calendar,
		policies={spelt(row.program): row.deadline_policy for row in doc.deadlines},
	)


def spelt(said: str | None) -> str:
	"""A code or name as it is compared: without regard to capitals and white space."""
	return (collapse(said or "") or "").casefold()


def column_of(row: Document) -> Column:
	return Column(
		target=(row.target or "").strip(),
		column=(row.column or "").strip(),
		transform=row.transform or "text",
		value=row.value or "",
		optional=bool(row.optional),
	)


def seed_mappings() -> None:
	"""Make the shipped mappings that the site does not have. What an agency has changed stays."""
	for path in sorted(SHIPPED.glob("*.json")):
		seed(json.loads(path.read_text(encoding="utf-8")))
	for path in deadlines.shipped():
		deadlines.seed(path)


def seed(values: dict) -> None:
	if frappe.db.exists("Request Import Mapping", values["mapping_name"]):
		return
	if not frappe.db.exists("Workflow", values.get("workflow")):
		values.pop("workflow", None)
	doc = frappe.get_doc({"doctype": "Request Import Mapping", **values})
	doc.flags.seeding = True
	doc.insert(ignore_permissions=True)  # set-up, not a user
