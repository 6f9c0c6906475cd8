"""Two clicks at once make one transition: real connections, each in a thread of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import frappe

from govcrm import compat
from govcrm.casework.clocks import summary
from govcrm.tests import GovCRMTestCase
from govcrm.tests.clocks import ALWAYS, make_clock
from govcrm.tests.factories import make_case, make_department, make_published_program

CODE = "TWOCLICKS"
OF_CASES = ("Case Event", "Case Participant", "Case Task", "Case Deadline", "Case Deadline Event")


class TestTwoClicks(GovCRMTestCase):
	"""The records are committed, since other connections must see them; tearDown takes them away."""

	def setUp(self) -> None:
		super().setUp()
		self.site, self.sites_path = frappe.local.site, frappe.local.sites_path
		self.clean_up()
		make_published_program(CODE, department=make_department("Two Clicks").name)
		make_department("Two Clicks Next Door")
		self.its_case = make_case(CODE)
		frappe.db.commit()

	def tearDown(self) -> None:
		frappe.db.rollback()
		self.clean_up()
		frappe.db.commit()
		super().tearDown()

	def clean_up(self) -> None:
		cases = frappe.get_all("Case", {"program": CODE}, pluck="name")
		for doctype in OF_CASES:
			frappe.db.delete(doctype, {"case": ("in", cases or [""])})
		frappe.db.delete("Case", {"program": CODE})
		frappe.db.delete("Program Version", {"program": CODE})
		frappe.db.delete("Agency Program", {"name": CODE})
		frappe.db.delete("Agency Department", {"name": ("like", "Two Clicks%")})
		frappe.delete_doc("Business Calendar", ALWAYS, force=True)
		frappe.delete_doc("User", "worker@example.org", force=True)
		for contact in frappe.get_all("Contact", {"email_id": "worker@example.org"}, pluck="name"):
			frappe.delete_doc("Contact", contact, force=True)
		frappe.clear_cache(doctype="Program Version")

	def at_once(self, *acts):
		"""Run the acts in threads that begin together, each with its own connection; their results or errors."""
		barrier = Barrier(len(acts))
		with ThreadPoolExecutor(len(acts)) as pool:
			return [run.result() for run in [pool.submit(self.alone, act, barrier) for act in acts]]

	def alone(self, act, barrier):
		frappe.init(site=self.site, sites_path=self.sites_path)
		frappe.connect()
		try:
			frappe.db.rollback()  # SQLite begins its transaction here
			case = frappe.get_doc("Case", self.its_case.name)
			barrier.wait(timeout=30)
			act(case)
			frappe.db.commit()
		except frappe.ValidationError as refusal:
			frappe.db.rollback()
			return refusal
		finally:
			frappe.destroy()

	def events(self, action: str) -> int:
		frappe.db.rollback()
		return frappe.db.count("Case Event", {"case": self.its_case.name, "action": action})

	def test_the_same_action_twice_makes_one_step(self):
		click = lambda case: case.take_action("Start Work")  # noqa: E731
		results = self.at_once(click, click, click)
		self.assertEqual(self.events("Start Work"), 1)
		self.assertEqual(results.count(None), 1, results)

	def test_two_different_actions_make_one_step(self):
		results = self.at_once(
			lambda case: case.take_action("Put on Hold", "Frost"),
			lambda case: case.close("Resolve", "Filled", "Thank you"),
		)
		self.assertEqual(self.events("Put on Hold") + self.events("Resolve"), 1)
		self.assertEqual(results.count(None), 1, results)

	def test_two_parts_that_end_at_once_leave_one_notice_that_all_are_done(self):
		make_department("Two Clicks Third Door")
		parts = [
			self.its_case.refer(door, "Look", CODE)
			for door in ("Two Clicks Next Door", "Two Clicks Third Door")
		]
		frappe.db.commit()
		results = self.at_once(*[lambda _case, part=part: self.end(part) for part in parts])
		self.assertEqual(results, [None, None])
		frappe.db.rollback()
		done = frappe.db.count("Case Event", {"case": self.its_case.name, "verb": "parts_complete"})
		self.assertEqual(done, 1)

	def end(self, part: str) -> None:
		frappe.get_doc("Case", part).take_action("Resolve", "Sound")

	def test_a_case_shows_its_clocks_as_they_are_when_it_is_held(self):
		"""A job or a contact holds the case after it has read something else: meanwhile the sweep came by."""
		clock = make_clock(self.its_case.name, 10)
		frappe.db.commit()
		frappe.db.count("Case Deadline")  # from now on an ordinary read shows what is there now
		missed = lambda case: frappe.db.set_value("Case Deadline", clock.name, "breached", 1)  # noqa: E731
		self.assertEqual(self.at_once(missed), [None])
		compat.lock_row("Case", self.its_case.name)
		summary.refresh_case(self.its_case.name)
		self.assertEqual(frappe.db.get_value("Case", self.its_case.name, "deadline_status"), "Overdue")
