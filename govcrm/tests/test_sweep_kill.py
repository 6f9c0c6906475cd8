"""Workers that are killed on the way, and two at once, do everything exactly once."""

import frappe

from govcrm.casework.sweep import marking
from govcrm.tests import GovCRMTestCase
from govcrm.tests.killing import Killing, clear

KILLS = 5


class TestKilledSweep(GovCRMTestCase):
	"""Other processes see only what is committed, so these tests commit, and clean up after themselves."""

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(clear)
		self.killing = Killing()
		self.killing.set_up()

	def test_killed_workers_lose_nothing_and_double_nothing(self):
		for number in range(50):
			self.killing.add(4)
			self.killing.round(workers=2, longest=0.1 if number % 2 else 0.5)
			if self.killing.kills.total() >= KILLS:
				break
		self.assertGreaterEqual(self.killing.kills.total(), KILLS)
		self.assertEqual(self.killing.finish(), [0])
		self.assertEqual(self.killing.faults(), {})

	def test_two_workers_at_once_share_the_work(self):
		self.killing.add(24)
		self.assertEqual(self.killing.finish(workers=2), [0, 0])
		self.assertEqual(self.killing.faults(), {})

	def test_a_clock_that_cannot_be_read_does_not_keep_the_others(self):
		self.killing.add(3)
		bad = frappe.get_last_doc("Case Deadline", {"case": ("like", "CASE-KILL-%")})
		frappe.db.set_value("Case Deadline", bad.name, "rule", "{}", update_modified=False)
		frappe.db.commit()
		self.assertEqual(marking.mark_due(marking.utc_now()), 2)
		bad.reload()
		self.assertEqual((bad.breached, bad.next_kind), (0, "Warn"))
		self.assertGreater(bad.next_at, marking.utc_now())
		logs = frappe.get_all("Error Log", {"method": ("like", f"%{bad.name}%")}, pluck="name")
		self.assertEqual(len(logs), 1)
		frappe.delete_doc("Error Log", logs[0], force=True)
