"""What tests of the reconciliation share: a site with a small history that is sealed, and hands that reach past the application."""

from unittest.mock import patch

import frappe

from govcrm.accountability import folder
from govcrm.accountability.guard import triggers, writing
from govcrm.accountability.reconciling import baseline, remembered, running, shapes
from govcrm.accountability.sealing import sealer
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase

FIELDS = ["kind", "reference_doctype", "reference_name", "detail", "status"]


def nothing() -> None:
	"""In the place of a commit: tests are rolled back."""


class ReconcilingTestCase(CaseTestCase):
	"""A case was worked on, everything is sealed, and a reconciliation found nothing that was not there before."""

	def setUp(self) -> None:
		super().setUp()
		self.remember_apart()
		baseline.run(commit=nothing)
		shapes.note()
		self.worked = self.work()
		self.seal()
		self.before = self.found(self.reconcile())

	def remember_apart(self) -> None:
		"""What is rolled back here must not be missed afterwards."""
		name = f"reconciled-{frappe.generate_hash(length=8)}.json"
		apart = patch.object(remembered, "FILE", name)
		apart.start()
		self.addCleanup(lambda: (folder.folder() / name).unlink(missing_ok=True))
		self.addCleanup(apart.stop)

	def work(self):
		case = self.case(SUE)
		case.assign(BOB)
		case.assign(ALICE, reason="Bob is away")
		frappe.set_user("Administrator")
		return frappe.get_doc("Case", case.name)

	def seal(self) -> int:
		size = 0
		while sealed := sealer.seal():
			size = sealed.size
		return size

	def reconcile(self, rebuild: bool = True):
		frappe.set_user("Administrator")
		return running.reconcile(rebuild=rebuild, commit=nothing)

	def found(self, run) -> set[tuple]:
		rows = frappe.get_all("Audit Finding", {"status": "Open"}, FIELDS, order_by="creation")
		return {(row.kind, row.reference_doctype, row.reference_name, row.detail) for row in rows}

	def new(self, rebuild: bool = True) -> set[tuple]:
		"""Findings that this reconciliation adds."""
		return self.found(self.reconcile(rebuild)) - self.before

	def kinds(self, rebuild: bool = True) -> set[str]:
		return {kind for kind, *_rest in self.new(rebuild)}


class Intruder:
	"""Writes to tables as somebody does who has the database: no controller, no event, no trigger."""

	def change(self, doctype: str, record: str, **values) -> None:
		table = frappe.qb.DocType(doctype)
		query = frappe.qb.update(table).where(table.name == record)
		for field, value in values.items():
			query = query.set(table[field], value)
		with writing():
			query.run()

	def remove(self, doctype: str, field: str, *values) -> None:
		table = frappe.qb.DocType(doctype)
		with writing():
			frappe.qb.from_(table).delete().where(table[field].isin(values)).run()

	def insert(self, doctype: str, values: dict) -> None:
		given = {field: value for field, value in values.items() if value is not None}
		with writing():
			frappe.qb.into(frappe.qb.DocType(doctype)).columns(*given).insert(*given.values()).run()


class WithoutTriggers:
	"""For test cases: who owns the database drops the triggers first. They are made again in the end."""

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		triggers.remove()
		cls.addClassCleanup(triggers.ensure)
