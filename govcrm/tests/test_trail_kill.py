"""Web workers and sealers that are killed at their work: what is done is told, what is told is done, once each."""

import frappe

from govcrm.accountability.guard import writing
from govcrm.accountability.sealing import sealer
from govcrm.accountability.trail import Entry, record_many
from govcrm.tests import GovCRMTestCase
from govcrm.tests.connections import another_connection
from govcrm.tests.trail_killing import DOCTYPE, PREFIX, TrailKilling, clear, of_the_log

KILLS = 10


class TestKilledTrail(GovCRMTestCase):
	"""Other processes see only what is committed, so this commits, and takes away what it can. The events stay."""

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(clear)
		self.killing = TrailKilling()
		self.killing.set_up()

	def test_an_event_is_there_exactly_when_its_change_is(self) -> None:
		self.killing.begin()
		self.killing.kill_some(KILLS)
		self.killing.end()
		self.assertEqual(self.killing.kills.total(), KILLS)
		self.assertTrue(self.killing.events(), "nothing was written between the kills")
		self.assertEqual(self.killing.faults(), {})

	def test_what_would_be_wrong_is_found(self) -> None:
		unseen, told = (f"{PREFIX} {self.killing.run} 0-1-{number}" for number in range(2))
		table = frappe.qb.DocType(DOCTYPE)
		frappe.qb.into(table).columns("name", "skill_name").insert(unseen, unseen).run()
		gone = {"doctype": DOCTYPE, "name": told, "fields": {}, "tables": {}}
		record_many(Entry("create", DOCTYPE, told, after=gone) for _twice in range(2))
		with writing():
			numbered = frappe.qb.DocType("Audit Event")
			frappe.qb.update(numbered).set(numbered.seq, 10**6).where(numbered.seq == 0).run()
		found = {**self.killing.of_records(), **of_the_log()}
		self.assertEqual(found["there without its event"], [unseen])
		self.assertEqual(found["told, and not there"], [told])
		self.assertEqual(found["told twice"], [told])
		self.assertEqual(found["half of a transaction"], [unseen[:-2]])
		self.assertEqual(found["not as last told"], [unseen])
		self.assertTrue(found["numbers with a gap, doubled or missing"])


class TestNobodyWaits(GovCRMTestCase):
	def test_a_request_writes_its_event_while_a_checkpoint_is_being_made(self) -> None:
		"""SQLite has one writer at a time, for whatever it writes."""
		if frappe.db.db_type == "sqlite":
			self.skipTest("one writer at a time")
		sealer.run()
		record_many([Entry("view", DOCTYPE, str(number), subject="Site/Work Skill") for number in range(300)])
		frappe.db.commit()  # for the sealer, whose connection is another one
		sealer.seal()
		with another_connection():
			frappe.db.set_execution_timeout(5)
			self.assertTrue(record_many([Entry("view", DOCTYPE, "beside", subject="Site/Work Skill")]))
			frappe.db.commit()  # as a request does at its end
