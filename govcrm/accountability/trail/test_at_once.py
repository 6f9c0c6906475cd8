"""Acts at once, each on a connection of its own: all are told, and each says what it found."""

import secrets
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from unittest.mock import patch

import frappe

from govcrm import compat
from govcrm.accountability import trail
from govcrm.accountability.trail import acts, capture, governed, keys, payload, rows
from govcrm.accountability.trail.entries import Entry
from govcrm.setup.install import make_site_keys
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_user

AT_ONCE = 4
HELD = 0.2  # seconds between an act and its commit


class TwoConnectionsTestCase(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		capture.install()
		self.site, self.sites_path = frappe.local.site, frappe.local.sites_path
		self.token = secrets.token_hex(4)

	@contextmanager
	def connected(self) -> Iterator[None]:
		"""In a thread: a connection of its own, which sees what is there from this moment on."""
		frappe.init(site=self.site, sites_path=self.sites_path)
		frappe.connect()
		try:
			frappe.db.rollback()
			frappe.db.get_value("Role", "Guest", "name")
			yield
			frappe.db.commit()
		finally:
			frappe.destroy()


class TestAtOnce(TwoConnectionsTestCase):
	def at_once(self, act: Callable[[int], object]) -> list:
		"""What the acts gave, in threads that begin together, each committed a moment later. Raises their errors."""
		barrier = Barrier(AT_ONCE)
		with ThreadPoolExecutor(AT_ONCE) as pool:
			runs = [pool.submit(self.alone, act, number, barrier) for number in range(AT_ONCE)]
			return [run.result() for run in runs]

	def alone(self, act: Callable[[int], object], number: int, barrier: Barrier) -> object:
		with self.connected():
			barrier.wait(timeout=30)
			compat.start_writing()
			found = act(number)
			time.sleep(HELD)
		return found

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


class TestMeanwhile(TwoConnectionsTestCase):
	"""Who began before a colleague's commit tells of what they changed themselves, and of the state they left."""

	def setUp(self) -> None:
		super().setUp()
		self.user = make_user(f"{self.token}@example.org", "Website Manager").name
		self.addCleanup(self.remove)
		self.begin()

	def remove(self) -> None:
		frappe.delete_doc("User", self.user, force=True)
		for contact in frappe.get_all("Contact", {"email_id": self.user}, pluck="name"):
			frappe.delete_doc("Contact", contact, force=True)
		frappe.delete_doc("Role", self.token, force=True, ignore_missing=True)
		frappe.db.commit()

	def begin(self) -> None:
		"""What is read from here on is of this moment."""
		frappe.db.commit()
		frappe.db.rollback()
		frappe.db.get_value("User", self.user, "bio")

	def meanwhile(self, act: Callable[[], object]) -> None:
		"""A colleague's act, and its commit."""

		def alone() -> None:
			with self.connected():
				act()

		with ThreadPoolExecutor(1) as pool:
			pool.submit(alone).result()

	def told(self, act: Callable[[], object]) -> list[Entry]:
		"""What an act told; the state that it gave each record is the one that all see afterwards."""
		with patch.object(acts, "capture", wraps=acts.capture) as capture:
			act()
		frappe.db.commit()
		told = [call.args[0] for call in capture.call_args_list]
		for entry in told:
			self.assertEqual(entry.after, rows.one(entry.doctype, entry.name))
		return told

	def assert_told(self, act: Callable[[], object], *fields: str) -> None:
		"""The act told of one change, of these fields and no others."""
		(entry,) = self.told(act)
		old, new = entry.before["fields"], entry.after["fields"]
		changed = {field for field in {*old, *new} if old.get(field) != new.get(field)}
		self.assertEqual(changed, set(fields))

	def has_role(self) -> str:
		return frappe.db.get_value("Has Role", {"parent": self.user, "role": "Website Manager"})

	def test_a_value_of_settings_is_told_without_what_another_changed_there(self) -> None:
		settings = "Website Settings"
		for field in ("app_name", "brand_html"):
			self.addCleanup(
				frappe.db.set_single_value, settings, field, frappe.db.get_single_value(settings, field)
			)
		self.meanwhile(lambda: frappe.db.set_single_value(settings, "app_name", self.token))
		self.assert_told(lambda: frappe.db.set_single_value(settings, "brand_html", self.token), "brand_html")

	def test_a_row_that_is_set_alone_is_told_without_what_another_changed_in_its_record(self) -> None:
		row = self.has_role()
		self.meanwhile(lambda: frappe.db.set_value("User", self.user, "bio", self.token))
		self.assert_told(lambda: frappe.db.set_value("Has Role", row, "role", "Blogger"))

	def test_a_value_is_told_with_the_rows_that_another_has_added(self) -> None:
		self.meanwhile(lambda: frappe.get_doc("User", self.user).add_roles("Blogger"))
		self.assert_told(lambda: frappe.db.set_value("User", self.user, "bio", self.token), "bio")

	def test_a_value_that_is_what_it_was_tells_nothing_of_what_another_changed(self) -> None:
		self.meanwhile(lambda: frappe.db.set_value("User", self.user, "bio", self.token))
		self.assertEqual(
			self.told(
				lambda: frappe.db.set_value("User", self.user, "bio", self.token, update_modified=False)
			),
			[],
		)

	def test_a_row_that_another_has_added_is_told_when_it_is_changed(self) -> None:
		self.meanwhile(lambda: frappe.get_doc("User", self.user).add_roles("Blogger"))
		row, role = {"parent": self.user, "role": "Blogger"}, "Newsletter Manager"
		(entry,) = self.told(lambda: frappe.db.set_value("Has Role", row, "role", role))
		self.assertIn("Blogger", {one["role"] for one in entry.before["tables"]["roles"]})
		self.assertIn(role, {one["role"] for one in entry.after["tables"]["roles"]})

	def test_a_record_that_another_has_made_is_told_when_a_statement_changes_it(self) -> None:
		role = frappe.qb.DocType("Role")
		self.meanwhile(lambda: frappe.get_doc(doctype="Role", role_name=self.token, home_page="/a").insert())
		statement = frappe.qb.update(role).set(role.home_page, "/b").where(role.role_name == self.token)
		self.assert_told(lambda: frappe.call(statement.run), "home_page")

	def test_a_record_that_another_has_given_a_value_counts_for_a_statement_by_that_value(self) -> None:
		user = frappe.qb.DocType("User")
		self.meanwhile(lambda: frappe.db.set_value("User", self.user, "location", self.token))
		statement = frappe.qb.update(user).set(user.bio, "By location").where(user.location == self.token)
		self.assert_told(lambda: frappe.call(statement.run), "bio")

	def test_after_a_rollback_nothing_counts_as_written(self) -> None:
		frappe.db.set_value("User", self.user, "bio", self.token)
		self.assertTrue(compat.is_writing())
		frappe.db.rollback()
		self.meanwhile(lambda: frappe.db.set_value("User", self.user, "location", self.token))
		self.assertEqual(frappe.db.transaction_writes, 0)
		self.assert_told(lambda: frappe.db.set_value("User", self.user, "bio", self.token), "bio")

	def test_rows_that_are_deleted_while_their_record_is_being_saved_wait_for_the_save(self) -> None:
		row = {"parent": self.user, "role": "Website Manager"}

		def delete() -> None:
			time.sleep(HELD)
			with self.connected():
				frappe.db.delete("Has Role", row)

		def save() -> None:
			with self.connected():
				user = frappe.get_doc("User", self.user)
				compat.lock_row("User", self.user)
				time.sleep(2 * HELD)  # the deletion has begun meanwhile
				user.bio = self.token
				user.save()

		frappe.db.rollback()
		with ThreadPoolExecutor(2) as pool:
			for run in [pool.submit(save), pool.submit(delete)]:
				run.result()
		frappe.db.rollback()
		self.assertEqual((frappe.db.get_value("User", self.user, "bio"), self.has_role()), (self.token, None))
