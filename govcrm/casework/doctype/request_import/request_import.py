from itertools import islice
from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.casework.importing import faults, mappings
from govcrm.casework.importing.reader import Row, open_csv
from govcrm.domain.importing import Mapped, Reader, missing_columns

PREVIEW = 10
UNDER_WAY = ("Queued", "Running")
LONGEST_RUN = 6 * 60 * 60  # seconds


class RequestImport(Document):
	"""One run of importing a file. The form starts it; `govcrm.casework.importing` does it and keeps the counts here."""

	def validate(self) -> None:
		self.check_file()
		self.refuse_change_after_import()

	def check_file(self) -> None:
		if not self.file and not self.file_name:
			frappe.throw(_("Attach the file to import."))
		if self.file:
			self.file_name = self.readable_file().file_name

	def refuse_change_after_import(self) -> None:
		changed = any(self.has_value_changed(field) for field in ("file", "mapping"))
		if not self.is_new() and changed and not self.is_free():
			frappe.throw(_("This import has been started. Make a new one for another file or mapping."))

	def is_free(self) -> bool:
		"""Nothing of it has been imported, nor is being imported."""
		return self.status == "Draft" or (bool(self.dry_run) and self.status not in UNDER_WAY)

	def readable_file(self) -> Document:
		"""The File, if the user may read it: its address alone proves nothing."""
		file = frappe.get_doc("File", {"file_url": self.file})
		file.check_permission("read")
		return file

	@frappe.whitelist(methods=["POST"])
	def start(self, dry_run: bool = True) -> None:
		"""Check or import the file in the background. Going on with what was stopped is the same call."""
		self.check_permission("write")
		self.readable_file()
		if not self.is_free() and (dry_run or self.status.startswith("Completed")):
			frappe.throw(_("This file has been imported. Make a new import to do it again."))
		self.db_set({"status": "Queued", "dry_run": int(dry_run), "message": None})
		frappe.enqueue(
			"govcrm.casework.importing.jobs.run_job",
			queue="long",
			timeout=LONGEST_RUN,
			job_id=f"request_import::{self.name}",
			deduplicate=True,
			enqueue_after_commit=True,
			record=self.name,
			dry_run=dry_run,
		)

	@frappe.whitelist(methods=["POST"])
	def preview(self) -> dict:
		"""The first rows as the mapping reads them: {missing, targets: [(target, label)], rows: [{line, values, faults}]}."""
		self.check_permission("read")
		mapping = mappings.load(self.mapping)
		file = open_csv(Path(self.readable_file().get_full_path()), mapping.titles)
		reader = mapping.reader()
		return {
			"missing": missing_columns(mapping.columns, file.header),
			"encoding": file.encoding,
			"delimiter": file.delimiter,
			"targets": [(column.target, label_of(column.target)) for column in mapping.columns],
			"rows": [shown(row, reader) for row in islice(file.rows(), PREVIEW)],
		}


def label_of(target: str) -> str:
	field = frappe.get_meta("Service Request").get_field(target)
	return _(field.label) if field else target


def shown(row: Row, reader: Reader) -> dict:
	mapped = reader.read(row.values)
	return {"line": row.line, "values": by_target(mapped), "faults": worded(mapped)}


def by_target(mapped: Mapped) -> dict[str, str]:
	answers = {f"answer:{code}": value for code, value in mapped.answers.items()}
	citizen = {f"citizen.{field}": value for field, value in mapped.citizen.items()}
	return {target: str(value) for target, value in {**mapped.values, **answers, **citizen}.items()}


def worded(mapped: Mapped) -> list[str]:
	return [f"{fault.column}: {faults.explain(fault)}" for fault in mapped.faults]
