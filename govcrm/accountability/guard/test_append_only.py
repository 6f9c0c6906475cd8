"""Every way past the controllers, tried by Administrator."""

from collections.abc import Callable
from contextlib import suppress
from unittest.mock import patch

import frappe
from frappe.core.doctype.data_import.importer import Importer
from frappe.core.doctype.log_settings.log_settings import clear_log_table
from frappe.desk.like import toggle_like
from frappe.desk.reportview import delete_items
from frappe.model.rename_doc import rename_doc
from frappe.utils import cint
from frappe.utils.safe_exec import safe_exec

from govcrm.accountability.guard import APPEND_ONLY, AppendOnlyError, statements, writing
from govcrm.tests import GovCRMTestCase

EVENT = "Audit Event"


class TestAppendOnly(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		statements.install()
		with writing():
			values = {"doctype": EVENT, "name": frappe.generate_hash(length=26), "verb": "read", "seq": 0}
			self.event = frappe.get_doc({**values, "at_utc": "2026-11-22 21:32:55.123456"}).insert()
		self.name = self.event.name

	def refused(self, deed: Callable, *args: object, **kwargs: object) -> None:
		"""The deed fails in the guard's words, and the event is as it was."""
		before = self.stored()
		with self.assertRaises(AppendOnlyError):
			deed(*args, **kwargs)
		self.assertEqual(self.stored(), before)

	def stored(self) -> dict:
		return frappe.db.get_value(EVENT, self.name, "*", as_dict=True)

	def test_no_record_of_the_log_can_be_inserted(self) -> None:
		for doctype in APPEND_ONLY:
			with self.subTest(doctype):
				self.refused(
					frappe.get_doc({"doctype": doctype, "name": "x"}).insert, ignore_permissions=True
				)
				self.refused(frappe.get_doc({"doctype": doctype, "name": "x"}).db_insert)

	def test_no_record_of_the_log_can_be_changed_or_deleted_by_a_statement(self) -> None:
		for doctype in APPEND_ONLY:
			with self.subTest(doctype):
				self.refused(frappe.db.set_value, doctype, "x", "owner", "y")
				self.refused(frappe.db.delete, doctype, {"name": "x"})
				self.refused(frappe.db.bulk_insert, doctype, ["name"], [("x",)])

	def test_an_event_cannot_be_saved(self) -> None:
		self.event.verb = "delete"
		self.refused(self.event.save, ignore_permissions=True)
		self.event.flags.ignore_validate = True
		self.refused(self.event.save)
		self.refused(self.event.db_update)

	def test_an_event_cannot_be_changed_by_db_set(self) -> None:
		self.refused(self.event.db_set, "verb", "delete")

	def test_an_event_cannot_be_changed_by_set_value(self) -> None:
		self.refused(frappe.db.set_value, EVENT, self.name, "verb", "delete")
		self.refused(frappe.db.set_value, EVENT, {"verb": "read"}, {"verb": "delete"}, update_modified=False)

	def test_an_event_cannot_be_changed_through_the_api(self) -> None:
		self.refused(frappe.client.set_value, EVENT, self.name, "verb", "delete")
		self.refused(frappe.client.save, {**self.event.as_dict(), "verb": "delete"})
		self.refused(frappe.client.insert, {"doctype": EVENT, "name": "x"})
		self.refused(frappe.client.delete, EVENT, self.name)

	def test_events_cannot_be_changed_by_a_bulk_update(self) -> None:
		self.refused(frappe.db.bulk_update, EVENT, {self.name: {"verb": "delete"}})

	def test_events_cannot_be_changed_by_the_query_builder(self) -> None:
		table = frappe.qb.DocType(EVENT)
		self.refused(frappe.qb.update(table).set(table.verb, "delete").run)
		self.refused(frappe.qb.from_(table).delete().run)

	def test_events_cannot_be_edited_in_bulk(self) -> None:
		from frappe.desk.doctype.bulk_update.bulk_update import _bulk_action

		before = self.stored()
		with patch.object(frappe.db, "commit"), patch.object(frappe.db, "rollback"):
			failed = _bulk_action(EVENT, [self.name], "update", {"verb": "delete"})
		self.assertEqual(failed, [self.name])
		self.assertEqual(self.stored(), before)

	def test_events_cannot_be_deleted_in_bulk(self) -> None:
		frappe.local.form_dict = frappe._dict(doctype=EVENT, items=frappe.as_json([self.name]))
		with patch.object(frappe.db, "commit"), patch.object(frappe.db, "rollback"):
			delete_items()
		self.assertTrue(frappe.db.exists(EVENT, self.name))

	def test_an_event_cannot_be_deleted_with_force_and_without_on_trash(self) -> None:
		self.refused(frappe.delete_doc, EVENT, self.name, force=True, ignore_permissions=True)
		self.refused(frappe.delete_doc, EVENT, self.name, force=True, ignore_on_trash=True)
		self.refused(frappe.delete_doc, EVENT, self.name, for_reload=True)
		self.refused(self.event.delete)

	def test_the_log_cannot_be_truncated(self) -> None:
		with patch.object(frappe.db, "commit"):
			self.refused(frappe.db.truncate, EVENT)

	def test_an_event_cannot_be_renamed(self) -> None:
		self.refused(frappe.rename_doc, EVENT, self.name, "other", force=True)
		self.refused(rename_doc, EVENT, self.name, "other", force=True, validate=False)

	def test_a_data_import_cannot_add_or_change_events(self) -> None:
		importer = object.__new__(Importer)
		importer.doctype = EVENT
		importer.data_import = frappe._dict(submit_after_import=False)
		self.refused(importer.insert_record, frappe._dict(doctype=EVENT, name="x", verb="read"))
		self.refused(importer.update_record, frappe._dict(doctype=EVENT, name=self.name, verb="delete"))

	def test_a_deleted_event_cannot_be_made_up_and_restored(self) -> None:
		made_up = {"doctype": "Deleted Document", "deleted_doctype": EVENT, "deleted_name": "x"}
		made_up["data"] = frappe.as_json({"doctype": EVENT, "name": "x", "verb": "read"})
		name = frappe.get_doc(made_up).insert().name
		from frappe.core.doctype.deleted_document.deleted_document import restore

		self.refused(restore, name)

	def test_a_server_script_cannot_change_the_log(self) -> None:
		name = repr(self.name)
		for script in (
			f"frappe.db.set_value('Audit Event', {name}, 'verb', 'delete')",
			f"frappe.delete_doc('Audit Event', {name}, force=1, ignore_on_trash=1)",
			f"frappe.rename_doc('Audit Event', {name}, 'other', force=1)",
			f"frappe.get_doc('Audit Event', {name}).db_set('verb', 'delete')",
			f"frappe.get_doc('Audit Event', {name}).delete()",
			"frappe.get_doc({'doctype': 'Audit Event', 'name': 'x'}).db_insert()",
			"frappe.get_doc({'doctype': 'Audit Event', 'name': 'x'}).insert()",
			"frappe.db.set_value('Audit Settings', None, 'removed_to_seq', 10**9)",
			"frappe.get_doc('Audit Settings').db_set('removed_to_seq', 10**9)",
		):
			with self.subTest(script), patch("frappe.utils.safe_exec.is_safe_exec_enabled", lambda: True):
				self.refused(safe_exec, script)

	def test_a_server_script_cannot_write_by_the_query_builder(self) -> None:
		script = "t = frappe.qb.DocType('Audit Event')\nfrappe.qb.update(t).set(t.verb, 'x').run()"
		enabled = patch("frappe.utils.safe_exec.is_safe_exec_enabled", lambda: True)
		with enabled, self.assertRaises(frappe.PermissionError):
			safe_exec(script)

	def test_no_way_of_writing_a_statement_hides_what_it_does(self) -> None:
		table = "`tabAudit Event`"
		for query in (
			f"/* a */ DELETE FROM {table}",
			f"-- a\nupdate {table} set seq = 1",
			f"/*!50000 DELETE FROM {table} */",
			f"EXPLAIN ANALYZE DELETE FROM {table}",
			f"ANALYZE UPDATE {table} SET seq = 1",
			f"WITH one AS (SELECT 1) DELETE FROM {table}",
			f"WITH gone AS (DELETE FROM {table} RETURNING name) SELECT * FROM gone",
			f"/* a */ INSERT INTO {table} VALUES (1)",
			f"SELECT 1; DELETE FROM {table}",
		):
			with self.subTest(query):
				self.assertEqual(statements.written(query), EVENT)

	def test_what_only_reads_or_makes_triggers_is_not_taken_for_writing(self) -> None:
		table = "`tabAudit Event`"
		for query in (
			f"SELECT name FROM {table} WHERE verb = 'update' FOR UPDATE",
			f"WITH one AS (SELECT 1) SELECT * FROM {table}",
			f"INSERT INTO `tabNote` (title) SELECT name FROM {table}",
			f"CREATE TRIGGER a BEFORE UPDATE ON {table} FOR EACH ROW SET @a = 1",
		):
			with self.subTest(query):
				self.assertIsNone(statements.written(query))

	def test_tags_and_likes_leave_events_alone(self) -> None:
		from frappe.desk.doctype.tag.tag import add_tag

		before = self.stored()
		for deed in (lambda: add_tag("seen", EVENT, self.name), lambda: toggle_like(EVENT, self.name, "Yes")):
			with suppress(frappe.PermissionError):
				deed()
			self.assertEqual(self.stored(), before)

	def test_log_settings_never_clear_the_log(self) -> None:
		settings = frappe.get_doc("Log Settings")
		settings.append("logs_to_clear", {"ref_doctype": EVENT, "days": 1})
		settings.save()
		self.assertNotIn(EVENT, [row.ref_doctype for row in settings.logs_to_clear])
		self.assertRaises(frappe.ValidationError, clear_log_table, EVENT, 1)

	def test_the_app_itself_writes_through_its_own_door(self) -> None:
		with writing():
			frappe.db.set_value(EVENT, self.name, "seq", 7, update_modified=False)
		self.assertEqual(frappe.db.get_value(EVENT, self.name, "seq"), 7)
		self.refused(frappe.db.set_value, EVENT, self.name, "seq", 8)

	def test_reading_the_log_is_not_writing(self) -> None:
		self.assertTrue(frappe.get_all(EVENT, {"name": self.name}))
		self.assertEqual(frappe.db.count(EVENT, {"name": self.name}), 1)
		with self.assertRaises(AssertionError):
			self.refused(frappe.get_doc, EVENT, self.name)


class TestHorizon(GovCRMTestCase):
	def test_only_the_retention_moves_the_horizon(self) -> None:
		statements.install()
		settings = frappe.get_doc("Audit Settings")
		settings.removed_to_seq = 5
		self.assertRaises(AppendOnlyError, settings.save)
		settings.reload()
		settings.seal_seconds = 9
		settings.save()
		with writing():
			settings.removed_to_seq = 5
			settings.save()
		self.assertEqual(cint(frappe.db.get_single_value("Audit Settings", "removed_to_seq")), 5)
