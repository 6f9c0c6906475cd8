"""Workers that are killed on the way, and two at once, do everything exactly once."""

from unittest.mock import patch

import frappe

from govcrm.casework.sweep import marking, sweep
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

	def test_a_sweep_whose_time_is_up_leaves_the_rest_to_the_next(self):
		self.killing.add(2)
		self.assertEqual(sweep(seconds=0), {"marked": 2, "carried_out": 0})
		self.assertEqual(sweep(), {"marked": 0, "carried_out": 6})
		self.assertEqual(sweep(), {"marked": 0, "carried_out": 0})
		self.assertEqual(self.killing.faults(), {})

	def test_when_time_is_up_no_further_batch_is_begun(self):
		self.killing.add(3)
		with patch.object(marking, "BATCH", 1):
			self.assertEqual(sweep(seconds=0)["marked"], 1)
		self.assertEqual(sweep()["marked"], 2)
		self.assertEqual(self.killing.faults(), {})

	def test_a_case_that_somebody_has_in_hand_is_left_for_the_next_sweep(self):
		self.killing.add(2)
		busy, hold = marking.due(marking.utc_now())[0][1], marking.hold
		with patch.object(marking, "hold", lambda doctype, *more: but(busy, hold(doctype, *more))):
			self.assertEqual(marking.mark_due(marking.utc_now()), 1)
		self.assertEqual(sweep()["marked"], 1)
		self.assertEqual(self.killing.faults(), {})

	def test_a_clock_that_cannot_be_read_does_not_keep_the_others(self):
		self.killing.add(3)
		bad = frappe.get_last_doc("Case Deadline", {"case": ("like", "CASE-KILL-%"), "breached": 0})
		frappe.db.set_value("Case Deadline", bad.name, "rule", "{}", update_modified=False)
		frappe.db.commit()
		self.assertEqual(marking.mark_due(marking.utc_now()), 2)
		bad.reload()
		self.assertEqual((bad.breached, bad.next_kind), (0, "Warn"))
		self.assertGreater(bad.next_at, marking.utc_now())
		logs = frappe.get_all("Error Log", {"method": ("like", f"%{bad.name}%")}, pluck="name")
		self.assertEqual(len(logs), 1)
		frappe.delete_doc("Error Log", logs[0], force=True)


def but(name: str, rows: list) -> list:
	"""As the database answers while another connection holds the row of this name."""
	return [row for row in rows if row.name != name]
