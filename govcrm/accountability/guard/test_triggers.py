"""Past the application, on a bare cursor."""

from contextlib import redirect_stdout
from io import StringIO
from unittest.mock import patch

import frappe

from govcrm.accountability.guard import triggers, writing
from govcrm.accountability.guard.dialects import REFUSAL
from govcrm.tests import GovCRMTestCase

EVENT = "Audit Event"
OTHERS = {
	"Audit Seal": {"size": 1, "root": "aa"},
	"Audit Signing Key": {"public_key": "aa", "active": 1},
	"Audit Anchor Receipt": {"size": 1, "receipt": "aa"},
}


class TestTriggers(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.name = self.row(EVENT, at_utc="2026-11-22 21:32:55.123456", verb="read", header='{"a":1}', seq=0)

	def row(self, doctype: str, **values: object) -> str:
		name = frappe.generate_hash(length=12)
		with writing():
			frappe.get_doc({"doctype": doctype, "name": name, **values}).db_insert()
		return name

	def on_a_cursor(self, query) -> None:
		frappe.db._cursor.execute(query.get_sql())

	def change(self, doctype: str, name: str, /, **values: object) -> None:
		table = frappe.qb.DocType(doctype)
		query = frappe.qb.update(table).where(table.name == name)
		for column, value in values.items():
			query = query.set(table[column], value)
		self.on_a_cursor(query)

	def delete(self, doctype: str, name: str) -> None:
		table = frappe.qb.DocType(doctype)
		self.on_a_cursor(frappe.qb.from_(table).delete().where(table.name == name))

	def refused(self, deed, *args: object, **values: object) -> None:
		frappe.db.savepoint("deed")  # PostgreSQL takes nothing more in a transaction that failed
		with self.assertRaises(Exception) as caught:
			deed(*args, **values)
		frappe.db.rollback(save_point="deed")
		self.assertIn(REFUSAL, str(caught.exception))

	def test_the_site_has_them_all(self) -> None:
		self.assertEqual(triggers.missing(), [])

	def test_an_event_is_given_its_number_once(self) -> None:
		self.change(EVENT, self.name, seq=3)
		self.assertEqual(frappe.db.get_value(EVENT, self.name, "seq"), 3)
		for number in (0, 3, 4):
			self.refused(self.change, EVENT, self.name, seq=number)

	def test_an_unsealed_event_is_not_changed(self) -> None:
		self.refused(self.change, EVENT, self.name, header='{"a":2}')
		self.refused(self.change, EVENT, self.name, modified="2020-01-01 00:00:00")
		self.refused(self.change, EVENT, self.name, name="other")

	def test_numbering_changes_nothing_else_not_even_a_letter_s_case(self) -> None:
		self.refused(self.change, EVENT, self.name, seq=3, header='{"A":1}')
		self.refused(self.change, EVENT, self.name, seq=3, verb="READ")
		self.refused(self.change, EVENT, self.name, seq=3, payload="x")
		self.refused(self.change, EVENT, self.name, seq=-1)

	def test_events_are_not_deleted(self) -> None:
		self.refused(self.delete, EVENT, self.name)
		self.change(EVENT, self.name, seq=3)
		self.refused(self.delete, EVENT, self.name)

	def test_retention_deletes_up_to_its_horizon(self) -> None:
		unsealed = self.row(EVENT, at_utc="2026-11-22 21:32:56.000000", verb="read", seq=0)
		kept = self.row(EVENT, at_utc="2026-11-22 21:32:57.000000", verb="read", seq=4)
		self.change(EVENT, self.name, seq=3)
		with writing():
			frappe.db.set_single_value("Audit Settings", "removed_to_seq", 3)
		self.delete(EVENT, self.name)
		self.assertFalse(frappe.db.exists(EVENT, self.name))
		self.refused(self.delete, EVENT, kept)
		self.refused(self.delete, EVENT, unsealed)

	def test_checkpoints_keys_and_receipts_stay_as_they_are(self) -> None:
		for doctype, values in OTHERS.items():
			with self.subTest(doctype):
				name = self.row(doctype, **values)
				self.refused(self.change, doctype, name, **dict.fromkeys(list(values)[:1], "99"))
				self.refused(self.delete, doctype, name)

	def test_a_signing_key_can_cease_to_sign(self) -> None:
		name = self.row("Audit Signing Key", **OTHERS["Audit Signing Key"])
		self.change("Audit Signing Key", name, active=0)
		self.assertEqual(frappe.db.get_value("Audit Signing Key", name, "active"), 0)

	def test_one_that_is_switched_off_or_goes_with_its_table_counts_as_missing(self) -> None:
		self.on_postgres()
		table, name = '"tabAudit Seal"', "govcrm_audit_seal_update"
		for deed in (f"DISABLE TRIGGER {name}", f"ENABLE REPLICA TRIGGER {name}", "RENAME TO away"):
			frappe.db.savepoint("deed")
			frappe.db._cursor.execute(f"ALTER TABLE {table} {deed}")
			self.assertIn(name, triggers.missing(), deed)
			frappe.db.rollback(save_point="deed")
		self.assertEqual(triggers.missing(), [])

	def test_tables_are_not_emptied(self) -> None:
		self.on_postgres()
		for doctype in (EVENT, *OTHERS):
			self.refused(frappe.db._cursor.execute, f'TRUNCATE "tab{doctype}" CASCADE')
		frappe.db._cursor.execute('DROP TRIGGER govcrm_audit_seal_delete_all ON "tabAudit Seal"')
		self.assertEqual(triggers.missing(), ["govcrm_audit_seal_delete"])

	def test_a_table_of_the_session_is_not_taken_for_the_horizon(self) -> None:
		self.on_postgres()
		self.change(EVENT, self.name, seq=3)
		values = "'Audit Settings'::text doctype, 'removed_to_seq'::text field, '99'::text value"
		frappe.db._cursor.execute(f'CREATE TEMPORARY TABLE "tabSingles" AS SELECT {values}')
		self.refused(self.delete, EVENT, self.name)

	def on_postgres(self) -> None:
		if frappe.db.db_type != "postgres":
			self.skipTest("PostgreSQL alone knows this")

	def test_making_them_again_makes_nothing(self) -> None:
		with patch.object(triggers, "_run") as run:
			triggers.ensure()
		run.assert_not_called()

	def test_one_that_was_rewritten_counts_as_missing_and_is_made_anew(self) -> None:
		found = triggers.dialect().existing() | {"govcrm_audit_seal_delete": "BEGIN END"}
		with patch.object(type(triggers.dialect()), "existing", lambda _: found):
			self.assertEqual(triggers.missing(), ["govcrm_audit_seal_delete"])
			with patch.object(triggers, "_run") as run, patch.object(frappe.db, "commit") as commit:
				triggers.ensure()
		self.assertEqual((run.call_count, commit.call_count), (2, 1))

	def test_set_up_says_so_where_rights_are_missing_and_goes_on(self) -> None:
		said = StringIO()
		none_there = patch.object(triggers, "_wanting", lambda: [*triggers.TRIGGERS])
		no_right = patch.object(triggers, "_run", side_effect=Exception("TRIGGER command denied to user"))
		with none_there, no_right, redirect_stdout(said):
			triggers.ensure()
		self.assertIn("TRIGGER command denied", said.getvalue())
		self.assertIn("govcrm_audit_event_update", said.getvalue())
		self.assertIn("bench migrate", said.getvalue())
