"""Many who take the next case, and many cases opened, at the same time: each case is given exactly once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import frappe

from govcrm.api.casework.services import next_item
from govcrm.casework.queues.pulling import NothingToTake
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import (
	make_case,
	make_department,
	make_published_program,
	make_request,
	make_worker,
)

CODE, HOUSE = "ATONCE", "At Once"
PULLERS = [f"at-once-{number}@example.org" for number in range(8)]
CASES = 200


class TestAtOnce(GovCRMTestCase):
	"""The records are committed, since other connections must see them; tearDown takes them away."""

	def setUp(self) -> None:
		super().setUp()
		self.site, self.sites_path = frappe.local.site, frappe.local.sites_path
		self.clean_up()
		make_published_program(CODE, department=make_department(HOUSE).name)
		for user in PULLERS:
			make_worker(user, HOUSE)

	def tearDown(self) -> None:
		frappe.db.rollback()
		self.clean_up()
		frappe.db.commit()
		super().tearDown()

	def clean_up(self) -> None:
		cases = frappe.get_all("Case", {"program": CODE}, pluck="name") or [""]
		for doctype in (
			"Case Event",
			"Case Participant",
			"Case Task",
			"Case Deadline",
			"Case Deadline Event",
		):
			frappe.db.delete(doctype, {"case": ("in", cases)})
		frappe.db.delete("ToDo", {"reference_name": ("in", cases)})
		frappe.db.delete("Notification Log", {"document_name": ("in", cases)})
		for doctype in ("Interaction", "Service Request"):
			field = "service_request" if doctype == "Interaction" else "name"
			asked = frappe.get_all("Service Request", {"program": CODE}, pluck="name") or [""]
			frappe.db.delete(doctype, {field: ("in", asked)})
		for doctype in ("Case", "Program Version"):
			frappe.db.delete(doctype, {"program": CODE})
		frappe.db.delete("Agency Program", {"name": CODE})
		frappe.db.delete("Agency Department", {"name": HOUSE})
		frappe.db.delete("Department Member", {"parent": HOUSE})
		for user in (*PULLERS, "worker@example.org"):
			frappe.delete_doc("User", user, force=True)
			for contact in frappe.get_all("Contact", {"email_id": user}, pluck="name"):
				frappe.delete_doc("Contact", contact, force=True)
		for doctype in ("Program Version", "Agency Department", "Agency Program"):
			frappe.clear_cache(doctype=doctype)

	def at_once(self, act, users):
		barrier = Barrier(len(users))
		with ThreadPoolExecutor(len(users)) as pool:
			runs = [pool.submit(self.alone, act, user, barrier) for user in users]
			return [run.result() for run in runs]

	def alone(self, act, user, barrier):
		frappe.init(site=self.site, sites_path=self.sites_path)
		frappe.connect()
		try:
			frappe.db.rollback()  # SQLite begins its transaction here
			frappe.flags.mute_emails = True
			frappe.set_user(user)
			barrier.wait(timeout=60)
			return act()
		finally:
			frappe.destroy()

	def test_no_two_who_pull_at_once_get_the_same_case_and_none_is_left(self):
		names = {make_case(CODE).name for _ in range(CASES)}
		frappe.db.commit()
		taken = self.at_once(pull_all, PULLERS)
		frappe.db.rollback()
		everything = [name for each in taken for name in each]
		self.assertEqual(Counter(everything), Counter(names))
		for user, own in zip(PULLERS, taken, strict=True):
			found = frappe.get_all("Case", {"assignee": user}, pluck="name")
			self.assertEqual(set(found), set(own))
		filters = {"case": ("in", list(names)), "verb": "accept"}
		self.assertEqual(frappe.db.count("Case Event", filters), CASES)
		open_todos = {"reference_name": ("in", list(names)), "status": "Open"}
		self.assertEqual(frappe.db.count("ToDo", open_todos), CASES)

	def test_cases_opened_at_once_are_given_in_turn_without_one_person_having_them_all(self):
		frappe.db.set_value("Agency Department", HOUSE, "assignment_method", "Given In Turn")
		frappe.clear_document_cache("Agency Department", HOUSE)
		frappe.db.commit()
		self.at_once(open_ten, ["Administrator"] * 4)
		frappe.db.rollback()
		given = Counter(frappe.get_all("Case", {"program": CODE}, pluck="assignee"))
		self.assertEqual(sum(given.values()), 40)
		self.assertEqual(set(given), set(PULLERS))
		self.assertLessEqual(max(given.values()) - min(given.values()), 3, given)


def pull_all() -> list[str]:
	"""Take cases until there are none."""
	taken = []
	while True:
		try:
			taken.append(next_item(None)["case"])
		except NothingToTake as refusal:
			if "just being worked on" not in str(refusal):
				return taken
			frappe.db.rollback()


def open_ten() -> None:
	for _ in range(10):
		frappe.db.rollback()
		make_request(CODE)
		frappe.db.commit()
