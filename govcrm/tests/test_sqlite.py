"""Requests on SQLite, each with its own connection: one transaction each, and nobody is refused for having looked first."""

from unittest.mock import patch

import frappe
from frappe.model.utils import user_settings

from govcrm import compat, sqlite
from govcrm.accountability import trail
from govcrm.tests import GovCRMTestCase
from govcrm.tests.connections import another_connection

DOCTYPE = "Work Skill"


class TestRequestsOnSQLite(GovCRMTestCase):
	"""Others see only what is committed, so this commits, and takes away what it can."""

	def setUp(self) -> None:
		super().setUp()
		if frappe.db.db_type != "sqlite":
			self.skipTest("the other databases lock rows")
		self.skill = frappe.get_doc({"doctype": DOCTYPE, "skill_name": frappe.generate_hash()}).insert()
		frappe.db.commit()
		self.addCleanup(self._clear)

	def _clear(self) -> None:
		frappe.db.rollback()
		self.skill.delete(force=True)
		frappe.db.commit()

	def test_what_a_request_wrote_before_its_first_commit_is_taken_back_with_it(self) -> None:
		for begin in (compat.begin, sqlite.take_turns):
			with self.subTest(begin.__name__), another_connection():
				begin()
				_insert("taken back")
				frappe.db.rollback()
				self.assertFalse(frappe.db.exists(DOCTYPE, "taken back"))

	def test_events_are_taken_back_with_it(self) -> None:
		with another_connection():
			sqlite.take_turns()
			name = trail.record("view", DOCTYPE, "taken back", subject="Site/Work Skill")
			self.assertTrue(frappe.db.exists("Audit Event", name))
			frappe.db.rollback()
			self.assertFalse(frappe.db.exists("Audit Event", name))

	def test_a_log_in_before_it_leaves_no_transaction_that_reads(self) -> None:
		with another_connection():
			frappe.db.commit()
			self._look()
			sqlite.take_turns()
			self._meanwhile()
			_insert("written")
			frappe.db.rollback()

	def test_what_is_written_down_of_a_log_in_waits_for_its_turn(self) -> None:
		with another_connection(), patch.object(frappe.local, "request", object(), create=True):
			frappe.db.commit()  # as Frappe does when it has made the session
			self._look()
			self._meanwhile()
			frappe.get_doc({"doctype": DOCTYPE, "skill_name": "logged in"}).insert()
			self.assertTrue(frappe.db.exists(DOCTYPE, "logged in"))
			frappe.db.rollback()

	def test_a_record_is_renamed_after_somebody_opened_a_list(self) -> None:
		frappe.cache.hset("_user_settings", f"{DOCTYPE}::Administrator", "{}")
		self.addCleanup(frappe.cache.delete_value, "_user_settings")
		with another_connection():
			sqlite.take_turns()
			frappe.rename_doc(DOCTYPE, self.skill.name, "renamed")
			self.assertTrue(frappe.db.exists(DOCTYPE, "renamed"))
			self.assertTrue(user_settings.get(DOCTYPE))
			frappe.db.rollback()

	def test_a_request_that_looked_before_another_one_wrote_can_write(self) -> None:
		for end in (frappe.db.commit, frappe.db.rollback):  # after which Frappe begins anew
			with another_connection():
				sqlite.take_turns()
				getattr(frappe.db, end.__name__)()
				self._look()
				self._meanwhile()
				_insert("written")
				self.assertTrue(frappe.db.exists(DOCTYPE, "written"))
				frappe.db.rollback()

	def test_left_alone_it_would_be_refused(self) -> None:
		with another_connection():
			compat.begin()
			self._look()
			self._meanwhile()
			self.assertRaises(frappe.QueryDeadlockError, _insert, "refused")
			frappe.db.rollback()

	def test_a_savepoint_does_not_end_the_transaction(self) -> None:
		with another_connection():
			sqlite.take_turns()
			frappe.db.savepoint("here")
			_insert("taken back")
			frappe.db.release_savepoint("here")
			frappe.db.rollback()
			self.assertFalse(frappe.db.exists(DOCTYPE, "taken back"))

	def test_who_saves_an_older_state_is_told_and_nobody_writes_between(self) -> None:
		with another_connection():
			sqlite.take_turns()
			doc = frappe.get_doc(DOCTYPE, self.skill.name)
			doc.set_user_and_timestamp()  # as a save begins
			doc.check_if_latest()
			self._meanwhile()
			self.assertRaises(frappe.TimestampMismatchError, sqlite.hold, doc, "before_validate")
			frappe.clear_messages()
			frappe.db.rollback()

	def test_a_save_holds_the_lock_from_before_it_is_checked(self) -> None:
		with another_connection():
			sqlite.take_turns()
			frappe.get_doc(DOCTYPE, self.skill.name).run_method("before_validate")  # what the app hooks to it
			self.assertTrue(frappe.db._conn.in_transaction)
			frappe.db.rollback()

	def test_every_request_and_job_begins_so(self) -> None:
		self.assertIn("govcrm.sqlite.take_turns", frappe.get_hooks("before_request"))
		self.assertIn("govcrm.compat.begin", frappe.get_hooks("before_job"))

	def _look(self) -> None:
		frappe.db.get_value(DOCTYPE, self.skill.name, "modified")

	def _meanwhile(self) -> None:
		"""A colleague saves the skill, in a connection of their own."""
		with another_connection():
			frappe.db.set_value(DOCTYPE, self.skill.name, "skill_name", frappe.generate_hash())
			frappe.db.commit()


def _insert(name: str) -> None:
	table = frappe.qb.DocType(DOCTYPE)
	frappe.qb.into(table).columns("name", "skill_name").insert(name, name).run()
