"""Acts at once, each on a connection of its own: all are told, and each says what it found."""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import frappe

from govcrm import compat
from govcrm.accountability import trail
from govcrm.accountability.trail import capture, governed, keys, payload
from govcrm.setup.install import make_site_keys
from govcrm.tests import GovCRMTestCase

AT_ONCE = 4
HELD = 0.2  # seconds between an act and its commit


class TestAtOnce(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		capture.install()
		self.site, self.sites_path = frappe.local.site, frappe.local.sites_path
		self.token = secrets.token_hex(4)

	def at_once(self, act: Callable[[int], object]) -> list:
		"""What the acts gave, in threads that begin together, each committed a moment later. Raises their errors."""
		barrier = Barrier(AT_ONCE)
		with ThreadPoolExecutor(AT_ONCE) as pool:
			runs = [pool.submit(self.alone, act, number, barrier) for number in range(AT_ONCE)]
			return [run.result() for run in runs]

	def alone(self, act: Callable[[int], object], number: int, barrier: Barrier) -> object:
		frappe.init(site=self.site, sites_path=self.sites_path)
		frappe.connect()
		try:
			frappe.db.rollback()
			frappe.db.get_value("Role", "Guest", "name")  # what it sees from here on is of this moment
			barrier.wait(timeout=30)
			compat.start_writing()
			found = act(number)
			time.sleep(HELD)
			frappe.db.commit()
			return found
		finally:
			frappe.destroy()

	def test_first_acts_of_several_people_on_a_new_matter_all_succeed(self) -> None:
		def act(number: int) -> str:
			frappe.set_user(f"{number}-{self.token}@example.org")
			return trail.record("read", "Role", "Guest", subject=f"Site/{self.token}")

		self.all_can_be_read(self.at_once(act), f"Site/{self.token}")

	def test_first_acts_of_one_person_in_several_windows_all_succeed(self) -> None:
		def act(number: int) -> str:
			frappe.set_user(f"{self.token}@example.org")
			return trail.record("read", "Role", "Guest", subject=f"Actor/{self.token}")

		self.all_can_be_read(self.at_once(act), f"Actor/{self.token}")
		actors = frappe.get_all("Audit Actor", {"user": f"{self.token}@example.org"})
		self.assertEqual(len(actors), 1)

	def test_several_new_matters_in_any_order_all_succeed(self) -> None:
		matters = [f"Site/{self.token} {letter}" for letter in "abc"]

		def act(number: int) -> list[str]:
			order = matters if number % 2 else matters[::-1]
			return trail.record_many([trail.Entry("read", "Role", "Guest", subject=one) for one in order])

		for name in [name for names in self.at_once(act) for name in names]:
			self.assertIsNotNone(payload.read(name))

	def all_can_be_read(self, names: list[str], subject: str) -> None:
		frappe.db.rollback()
		self.assertEqual(frappe.db.count("Audit Key", {"subject": subject}), 1)
		self.assertEqual(frappe.db.count("Audit Event", {"name": ("in", names)}), AT_ONCE)
		self.assertNotIn(None, [payload.read(name) for name in names])

	def test_values_set_at_once_each_say_what_they_replaced(self) -> None:
		role = frappe.get_doc(doctype="Role", role_name=f"Probe {self.token}", home_page="/start").insert()
		frappe.db.commit()
		self.at_once(lambda number: frappe.db.set_value("Role", role.name, "home_page", f"/{number}"))
		frappe.db.rollback()
		events = frappe.get_all("Audit Event", {"reference_name": role.name, "verb": "update"}, pluck="name")
		told = [payload.read(name) for name in events]
		chain = {one["home_page/before"]: one["home_page/after"] for one in told}
		self.assertEqual(len(chain), AT_ONCE, told)
		value = "/start"
		while value in chain:
			value = chain.pop(value)
		self.assertEqual((chain, value), ({}, frappe.db.get_value("Role", role.name, "home_page")))

	def test_set_up_makes_the_keys_of_all_that_is_no_matter_of_somebody(self) -> None:
		make_site_keys()
		wanted = {f"Site/{doctype}" for doctype in governed.governed().watched if governed.exists(doctype)}
		self.assertEqual({"Site", *wanted} - keys.many(["Site", *wanted]).keys(), set())
