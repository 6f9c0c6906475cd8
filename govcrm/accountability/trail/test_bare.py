"""What Frappe and scripts write past the doc events, and secrets, of which only that they changed is told."""

from collections.abc import Iterator
from unittest.mock import patch

import frappe
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap
from frappe.core.doctype.user.user import generate_keys
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.model.document import bulk_insert
from frappe.model.rename_doc import rename_doc
from frappe.utils.safe_exec import safe_exec

from govcrm.accountability import folder, trail
from govcrm.accountability.guard import statements, writing
from govcrm.accountability.trail import fresh, inserting, keys, payload, setvalue
from govcrm.accountability.trail.governed import governed
from govcrm.accountability.trail.test_capture import TrailTestCase
from govcrm.tests.factories import make_case, make_user
from govcrm.tests.trail import Watch, traceback_with_values

CARLA, CAROLA = "carla@example.org", "carola@example.org"


def run(script: str) -> None:
	with patch("frappe.utils.safe_exec.is_safe_exec_enabled", lambda: True):
		safe_exec(script)


class TestBareWrites(TrailTestCase):
	def test_what_a_server_script_writes_without_saving_is_told(self) -> None:
		case = make_case()
		self.look()
		run(f"doc = frappe.get_doc('Case', '{case.name}')\ndoc.priority = 'Urgent'\ndoc.db_update()")
		event = self.only("Case")
		self.assertEqual((event.verb, payload.read(event)["priority/after"]), ("update", "Urgent"))
		self.holds(event, "Case", case.name)

	def test_what_a_server_script_inserts_without_doc_events_is_told(self) -> None:
		run(
			"doc = frappe.get_doc({'doctype': 'Role', 'role_name': 'Clerk'})\ndoc.name = 'Clerk'\ndoc.db_insert()"
		)
		event = self.only("Role", "Clerk")
		self.assertEqual(event.verb, "create")
		self.holds(event, "Role", "Clerk")

	def test_a_row_of_a_table_that_is_written_alone_is_a_change_of_its_record(self) -> None:
		make_user(CARLA)
		self.look()
		run(f"frappe.get_doc('User', '{CARLA}').append('roles', {{'role': 'Website Manager'}}).db_insert()")
		self.assertIn("Website Manager", payload.read(self.only("User")).values())

	def test_a_document_that_was_saved_and_is_then_written_leaves_both(self) -> None:
		case = make_case()
		self.look()
		case.priority = "Urgent"
		case.save()
		case.priority = "Low"
		case.db_update()
		told = [payload.read(event)["priority/after"] for event in self.new("Case")]
		self.assertEqual(told, ["Urgent", "Low"])

	def test_what_frappe_writes_of_a_customization_is_told(self) -> None:
		field = frappe.get_doc(
			doctype="Custom Field", dt="Note", fieldname="probe", fieldtype="Data", label="Probe"
		)
		field.db_insert()
		field.label = "Probed"
		field.db_update()
		made, changed = self.new("Custom Field", field.name)
		self.assertEqual((made.verb, changed.verb), ("create", "update"))
		self.assertEqual(payload.read(changed)["label/after"], "Probed")


class TestNewNames(TrailTestCase):
	def setUp(self) -> None:
		super().setUp()
		statements.install()

	def test_a_user_can_be_renamed_and_nothing_they_own_differs_from_the_log(self) -> None:
		make_user(CARLA, "System Manager")
		frappe.set_user(CARLA)
		role = frappe.get_doc(doctype="Role", role_name="Clerk").insert()
		frappe.set_user("Administrator")
		watch = Watch(governed().covered - {"User"})  # of whom the log knows no other name
		rename_doc("User", CARLA, CAROLA, force=True)
		self.assertEqual(frappe.db.get_value("Role", role.name, "owner"), CAROLA)
		self.assertEqual(watch.gaps(), [])

	def test_what_hangs_on_a_record_that_is_renamed_does_not_differ_from_the_log(self) -> None:
		department = frappe.get_doc("Agency Department", "Public Works")
		department.add_comment("Comment", "Moved to the new building")
		file = frappe.get_doc(
			doctype="File",
			file_name="plan.txt",
			content=b"plan",
			is_private=1,
			attached_to_doctype=department.doctype,
			attached_to_name=department.name,
		).insert()
		watch = Watch()
		rename_doc("Agency Department", "Public Works", "Works", force=True)
		self.assertEqual(frappe.db.get_value("File", file.name, "attached_to_name"), "Works")
		self.assertEqual(watch.gaps(), [])


class TestSecrets(TrailTestCase):
	def test_a_new_secret_of_an_api_is_told_although_no_column_changes(self) -> None:
		make_user(CARLA)
		generate_keys(CARLA)
		self.look()
		generate_keys(CARLA)
		self.assertEqual(payload.read(self.only("User")), {"api_secret/after": "changed"})

	def test_a_password_that_somebody_gives_is_told_and_one_that_stays_is_not(self) -> None:
		make_user(CARLA)
		self.look()
		user = frappe.get_doc("User", CARLA)
		user.new_password = "canary-4711-Qx"
		user.save()
		self.assertEqual(payload.read(self.only("User")), {"new_password/after": "changed"})
		self.look()
		frappe.get_doc("User", CARLA).save()
		self.assertEqual(self.new("User"), [])

	def test_the_key_of_a_link_that_needs_no_log_in_is_not_kept(self) -> None:
		case = make_case()
		key = case.get_document_share_key(no_expiry=True)
		told = payload.read(self.only("Document Share Key"))
		self.assertEqual(told["key/after"], "changed")
		self.assertNotIn(key, told.values())

	def test_headers_of_a_webhook_are_not_kept(self) -> None:
		header = {"key": "Authorization", "value": "Bearer canary-4711"}
		frappe.get_doc(
			doctype="Webhook",
			name="Canary",
			webhook_doctype="Note",
			webhook_docevent="on_update",
			request_url="https://example.org/hook",
			request_structure="",
			webhook_headers=[header],
		).insert(set_name="Canary")
		told = payload.read(self.only("Webhook"))
		self.assertIn("Authorization", told.values())
		self.assertNotIn("canary", str(told))

	def test_what_frappe_keeps_of_an_error_holds_no_key(self) -> None:
		_id, master = folder.master()
		for place, method, shown in (
			(fresh, "wrap_many", "wrapping"),
			(inserting, "writing", "new = Fresh("),
		):
			fresh._stocks.clear()
			with patch.object(place, method, side_effect=RuntimeError("deadlock")):
				try:
					keys.many(["Site/One", "Site/Two"], create=True)
				except RuntimeError:
					kept = traceback_with_values()
			self.assertIn(shown, kept)
			self.assertNotIn(repr(bytes(master)), kept)
			self.assertNotIn("keys = [b", kept)
			self.assertNotIn("key=b", kept)
			self.assertIn("<secret>", kept)

	def test_who_spoils_one_key_reads_no_other_in_what_frappe_keeps_of_the_error(self) -> None:
		for column, value in (("wrapped", "ab" * 40), ("master", "9999-gone")):
			with self.subTest(column):
				matters = [f"Site/{column} {number}" for number in range(3)]
				keys.many(matters, create=True)
				unwrapped = [key for _matter, key in keys._unwrapped(list(keys._rows(matters)))]
				keys.forget()
				with writing():
					frappe.db.set_value("Audit Key", {"subject": matters[1]}, column, value)
				with self.assertRaises((InvalidUnwrap, folder.KeysMissing)):
					keys.many(matters)
				try:
					keys.many(matters)
				except (InvalidUnwrap, folder.KeysMissing):
					kept = traceback_with_values()
				self.assertIn("_unwrapped", kept)
				for key in unwrapped:
					self.assertEqual([part for part in shown(key) if part in kept], [])


def shown(key: bytes) -> Iterator[str]:
	"""Eight bytes of a key wherever they begin: as bytes, in hexadecimal, as integers of either order."""
	for start in range(len(key) - 7):
		part = key[start : start + 8]
		yield from (repr(part)[2:-1], part.hex(), part.hex().upper())
		yield from (str(int.from_bytes(part, order)) for order in ("big", "little"))


class TestOneAct(TrailTestCase):
	def test_a_record_that_is_made_anew_in_an_act_was_deleted_first(self) -> None:
		given = ("Note", None, "search_fields")
		make_property_setter(*given, "title", "Data", for_doctype=True)
		self.look()
		with trail.together():
			make_property_setter(*given, "content", "Data", for_doctype=True)
		told = [(event.verb, payload.read(event)) for event in self.new("Property Setter")]
		self.assertEqual([verb for verb, _values in told], ["delete", "create"])
		self.assertEqual(told[0][1]["value/before"], "title")
		self.assertEqual(told[1][1]["value/after"], "content")

	def test_keys_found_before_a_savepoint_was_gone_back_to_are_given(self) -> None:
		keys.of("Site/One")

		def read(subjects, *args):
			frappe.db.savepoint("before_key")
			frappe.db.rollback(save_point="before_key")
			return real(subjects, *args)

		real = keys._read
		with patch.object(keys, "_read", read):
			found = keys.many(["Site/One", "Site/Two"], create=True)
		self.assertEqual(set(found), {"Site/One", "Site/Two"})


class TestStatements(TrailTestCase):
	"""UPDATE, DELETE and INSERT by the query builder, as patches of other apps have them."""

	def setUp(self) -> None:
		super().setUp()
		make_user(CARLA, "Website Manager")
		self.look()

	def test_rows_that_a_statement_with_a_join_changes_are_told(self) -> None:
		if frappe.db.db_type != "mariadb":
			self.skipTest("MariaDB alone has an UPDATE with a join")
		row, user = frappe.qb.DocType("Has Role"), frappe.qb.DocType("User")
		statement = frappe.qb.update(row).inner_join(user).on(user.name == row.parent)
		frappe.call(statement.set(row.role, "Blogger").where(user.email == CARLA).run)  # called by Frappe
		event = self.only("User")
		self.assertIn("Blogger", payload.read(event).values())
		self.holds(event, "User", CARLA)

	def test_a_joined_table_whose_column_a_statement_sets_is_told(self) -> None:
		if frappe.db.db_type != "mariadb":
			self.skipTest("MariaDB alone has an UPDATE with a join")
		row, user = frappe.qb.DocType("Has Role"), frappe.qb.DocType("User")
		statement = frappe.qb.update(row).inner_join(user).on(user.name == row.parent)
		frappe.call(statement.set(user.bio, "By a join").where(row.parent == CARLA).run)
		event = self.only("User")
		self.assertEqual(payload.read(event)["bio/after"], "By a join")
		self.holds(event, "User", CARLA)

	def test_a_record_that_a_statement_inserts_is_told(self) -> None:
		role = frappe.qb.DocType("Role")
		statement = frappe.qb.into(role).columns(role.name, role.role_name).insert("Inserted", "Inserted")
		frappe.call(statement.run)
		event = self.only("Role")
		self.assertEqual(event.verb, "create")
		self.holds(event, "Role", "Inserted")

	def test_records_that_a_statement_copies_from_others_are_told(self) -> None:
		role, user = frappe.qb.DocType("Role"), frappe.qb.DocType("User")
		statement = frappe.qb.into(role).columns(role.role_name, role.name)
		statement = statement.from_(user).select(user.first_name, user.name).where(user.name == CARLA)
		frappe.call(statement.run)
		self.holds(self.only("Role"), "Role", CARLA)

	def test_a_row_that_a_statement_adds_to_a_record_is_told_of_the_record(self) -> None:
		row = {
			"name": "probe",
			"parent": CARLA,
			"parenttype": "User",
			"parentfield": "roles",
			"role": "Blogger",
			"idx": 9,
		}
		statement = frappe.qb.into(frappe.qb.DocType("Has Role")).columns(*row).insert(*row.values())
		frappe.call(statement.run)
		event = self.only("User")
		self.assertIn("Blogger", payload.read(event).values())
		self.holds(event, "User", CARLA)

	def test_documents_that_are_inserted_in_bulk_are_told(self) -> None:
		made = [
			frappe.get_doc(doctype="Role", role_name=name, name=name) for name in ("Bulk One", "Bulk Two")
		]
		frappe.call(bulk_insert, "Role", made)
		self.assertEqual({event.reference_name for event in self.new("Role")}, {"Bulk One", "Bulk Two"})

	def test_what_is_inserted_in_tables_that_nobody_watches_is_not_looked_at(self) -> None:
		tag = frappe.qb.DocType("Tag")
		frappe.call(frappe.qb.into(tag).columns(tag.name).insert("probe").run)
		self.assertEqual(self.new(), [])

	def test_rows_that_a_document_loses_as_it_is_saved_are_in_its_event_alone(self) -> None:
		carla = frappe.get_doc("User", CARLA)
		carla.roles = []
		carla.save()
		event = self.only("User")
		self.assertIn("Website Manager", payload.read(event).values())
		self.holds(event, "User", CARLA)

	def test_rows_that_a_document_loses_without_being_saved_are_told(self) -> None:
		carla = frappe.get_doc("User", CARLA)
		carla.roles = []
		carla.update_child_table("roles")
		event = self.only("User")
		self.assertIn("Website Manager", payload.read(event).values())
		self.holds(event, "User", CARLA)

	def test_rows_that_a_statement_deletes_are_told(self) -> None:
		row = frappe.qb.DocType("Has Role")
		frappe.call(frappe.qb.from_(row).delete().where(row.parent == CARLA).run)
		event = self.only("User")
		self.assertIn("Website Manager", payload.read(event).values())
		self.holds(event, "User", CARLA)

	def test_tables_of_what_nobody_watches_cost_no_query(self) -> None:
		self.assertTrue(setvalue.is_watched("Has Role"))
		with patch.object(frappe.db, "sql", side_effect=AssertionError("a query")):
			self.assertFalse(setvalue.is_watched("Event Participants"))

	def test_a_table_that_a_custom_field_adds_to_a_watched_record_is_watched_at_once(self) -> None:
		self.assertFalse(setvalue.is_watched("Event Participants"))
		frappe.get_doc(
			doctype="Custom Field",
			dt="User",
			fieldname="probe_table",
			fieldtype="Table",
			options="Event Participants",
		).db_insert()
		self.assertTrue(setvalue.is_watched("Event Participants"))
