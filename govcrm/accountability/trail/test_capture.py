"""What governed records go through leaves events; what others go through leaves none."""

import json
from contextlib import nullcontext
from unittest.mock import patch

import frappe
from frappe.model.rename_doc import rename_doc

from govcrm.accountability import trail
from govcrm.accountability.trail import actors, inserting, keys, payload, rows
from govcrm.domain.ledger import canonical, commitments
from govcrm.domain.ledger.leaf import leaf_hash
from govcrm.domain.ledger.rows import row_hash
from govcrm.tests.casework import ALICE, SUE, CaseTestCase
from govcrm.tests.factories import make_case, make_published_program, make_request, make_user

REASON = "The crew is on site."


class TrailTestCase(CaseTestCase):
	"""Events since the test began to look."""

	def setUp(self) -> None:
		super().setUp()
		make_published_program()
		self.look()

	def look(self) -> None:
		self.seen = set(frappe.get_all("Audit Event", pluck="name"))

	def new(self, doctype: str | None = None, name: str | None = None) -> list:
		"""Events since the last look, of a DocType and a record, in their order."""
		found = frappe.get_all("Audit Event", fields=["*"], order_by="name")
		found = [event for event in found if event.name not in self.seen]
		found = [event for event in found if doctype in (None, event.reference_doctype)]
		return [event for event in found if name in (None, event.reference_name)]

	def only(self, doctype: str, name: str | None = None):
		(event,) = self.new(doctype, name)
		return event

	def holds(self, event, doctype: str, name: str) -> None:
		"""The event's row hash is that of the record as it is stored now."""
		salt = keys.of(event.subject).salt
		stored = row_hash(salt, rows.one(doctype, name)).hex()
		self.assertEqual([row[2] for row in json.loads(event.header)["rows"] if row[2]], [stored])


class TestEvents(TrailTestCase):
	def test_a_new_case_leaves_an_event_that_holds_its_row_and_its_values(self) -> None:
		case = make_case()
		event = self.only("Case", case.name)
		self.assertEqual((event.verb, event.subject, event.seq), ("create", f"Case/{case.name}", 0))
		self.assertEqual((event.department, event.confidentiality), ("Public Works", "Internal"))
		self.assertEqual(payload.read(event.name)["subject/after"], case.subject)
		self.holds(event, "Case", case.name)

	def test_header_leaf_commitments_and_columns_agree(self) -> None:
		event = self.only("Case", make_case().name)
		header = canonical.loads_strict(event.header.encode())
		self.assertEqual(event.leaf, leaf_hash(event.header.encode()).hex())
		salt, values = keys.of(event.subject).salt, payload.read(event)
		made = {
			path: commitments.commit(commitments.key_for(salt, event.name, path), value).hex()
			for path, value in values.items()
		}
		self.assertEqual(header["commitments"], made)
		self.assertEqual(
			(header["id"], header["doctype"], header["name"], header["class"], header["actor"]),
			(event.name, event.reference_doctype, event.reference_name, event.confidentiality, event.actor),
		)

	def test_a_save_tells_what_was_before_and_after(self) -> None:
		case = make_case()
		self.look()
		case.db_set("priority", "Low")
		case.reload().priority = "Urgent"
		case.save()
		event = self.new("Case")[-1]
		self.assertEqual(payload.read(event), {"priority/before": "Low", "priority/after": "Urgent"})
		self.holds(event, "Case", case.name)

	def test_a_save_that_changes_nothing_leaves_none(self) -> None:
		case = make_case()
		self.look()
		frappe.get_doc("Case", case.name).save()
		self.assertEqual(self.new("Case"), [])

	def test_rows_of_tables_are_told_by_their_names(self) -> None:
		department = frappe.get_doc("Agency Department", "Public Works")
		self.look()
		department.append("members", {"user": make_user("carla@example.org").name, "role": "Member"})
		row = department.save().reload().members[-1]
		told = payload.read(self.new("Agency Department")[-1])
		self.assertEqual(told[f"members/{row.name}/user/after"], "carla@example.org")
		self.look()
		department.remove(row)
		department.save()
		told = payload.read(self.new("Agency Department")[-1])
		self.assertEqual(told[f"members/{row.name}/user/before"], "carla@example.org")

	def test_what_is_not_governed_leaves_none(self) -> None:
		note = frappe.get_doc({"doctype": "Note", "title": "Lunch"}).insert()
		note.db_set("title", "Dinner")
		frappe.get_doc({"doctype": "ToDo", "description": "Buy bread"}).insert()
		note.delete()
		self.assertEqual(self.new(), [])

	def test_a_deletion_tells_what_was_there_and_that_the_row_is_gone(self) -> None:
		role = frappe.get_doc({"doctype": "Role", "role_name": "Trail Walker"}).insert()
		self.look()
		role.delete()
		event = self.only("Role")
		self.assertEqual((event.verb, payload.read(event)["role_name/before"]), ("delete", "Trail Walker"))
		self.assertEqual(json.loads(event.header)["rows"], [["Role", "Trail Walker", None]])

	def test_a_new_name_tells_both(self) -> None:
		make_published_program("GRAFFITI")
		self.look()
		frappe.get_doc({"doctype": "Role", "role_name": "Old Walker"}).insert()
		rename_doc("Role", "Old Walker", "New Walker", force=True)
		event = next(one for one in self.new("Role") if one.verb == "rename")
		gone, there = json.loads(event.header)["rows"]
		self.assertEqual(
			(gone[:2], gone[2], there[:2]), (["Role", "Old Walker"], None, ["Role", "New Walker"])
		)
		self.assertEqual(
			there[2], row_hash(keys.of(event.subject).salt, rows.one("Role", "New Walker")).hex()
		)

	def test_submitting_and_changing_what_is_submitted(self) -> None:
		make_published_program("TREE")
		version = frappe.get_last_doc("Program Version", {"program": "TREE"})
		self.assertEqual(
			[one.verb for one in self.new("Program Version", version.name)], ["create", "submit"]
		)
		version.effective_to = frappe.utils.add_days(version.effective_from, 90)
		version.save()
		event = self.new("Program Version", version.name)[-1]
		self.assertIn("effective_to/after", payload.read(event))
		self.holds(event, "Program Version", version.name)

	def test_secrets_never_enter_a_payload(self) -> None:
		make_user("carla@example.org")
		self.look()
		frappe.db.set_value("User", "carla@example.org", "reset_password_key", "canary-4711")
		frappe.db.set_value("User", "carla@example.org", "api_key", "canary-4712")
		told = [payload.read(event) for event in self.new("User")]
		self.assertEqual(told, [{"reset_password_key/after": "changed"}, {"api_key/after": "changed"}])


class TestPeople(TrailTestCase):
	def test_people_stand_under_pseudonyms_everywhere_in_the_clear(self) -> None:
		make_user("carla@example.org")
		frappe.db.set_value("User", "carla@example.org", "phone", "555 0100")
		for event in frappe.get_all("Audit Event", fields=["*"]):
			clear = json.dumps({key: str(value) for key, value in event.items() if key != "payload"})
			self.assertNotIn("carla", clear)
		self.assertEqual(self.new("User")[-1].reference_name, actors.pseudonym("carla@example.org"))

	def test_the_actor_is_who_is_logged_in(self) -> None:
		case = self.case(as_user=ALICE)
		case.accept()
		self.assertEqual(
			{event.actor for event in self.new("Case", case.name)[-1:]}, {actors.pseudonym(ALICE)}
		)

	def test_a_pseudonym_follows_a_user_who_gets_another_name(self) -> None:
		make_user("carla@example.org")
		actor = actors.pseudonym("carla@example.org")
		rename_doc("User", "carla@example.org", "carola@example.org", force=True)
		self.assertEqual(actors.pseudonym("carola@example.org"), actor)
		self.assertEqual(actors.user_of(actor), "carola@example.org")
		event = next(one for one in self.new("User") if one.verb == "rename")
		self.assertEqual(payload.read(event)["detail/old_name"], "carla@example.org")
		self.assertEqual([row[1] for row in json.loads(event.header)["rows"]], [actor])
		self.assertEqual(frappe.get_all("Audit Actor", {"user": "carla@example.org"}), [])


class TestPastDocuments(TrailTestCase):
	def test_a_value_that_is_set_leaves_an_event(self) -> None:
		case = make_case()
		self.look()
		frappe.db.set_value("Case", case.name, {"priority": "Urgent", "subject": "Deep pothole"})
		event = self.only("Case")
		self.assertEqual((event.verb, payload.read(event)["priority/after"]), ("update", "Urgent"))
		self.holds(event, "Case", case.name)

	def test_values_set_in_many_records_leave_one_each(self) -> None:
		names = {make_case().name for _ in range(3)}
		self.look()
		frappe.db.set_value("Case", {"name": ["in", list(names)]}, "priority", "Urgent")
		self.assertEqual({event.reference_name for event in self.new("Case")}, names)
		self.look()
		frappe.db.bulk_update("Case", {name: {"priority": "Low"} for name in names})
		self.assertEqual({event.reference_name for event in self.new("Case")}, names)

	def test_derived_fields_alone_leave_none(self) -> None:
		case = make_case()
		self.look()
		frappe.db.set_value("Case", case.name, {"next_deadline": "Answer", "shared": 1})
		frappe.db.set_value("User", "Administrator", "last_active", frappe.utils.now())
		self.assertEqual(self.new(), [])

	def test_settings_are_told_however_they_are_changed(self) -> None:
		frappe.db.set_single_value("System Settings", "session_expiry", "07:00")
		event = self.only("System Settings")
		self.assertEqual(payload.read(event)["session_expiry/after"], "07:00")
		self.holds(event, "System Settings", "System Settings")

	def test_a_row_of_a_table_changed_by_itself_is_a_change_of_its_record(self) -> None:
		row = frappe.db.get_value("Department Member", {"user": ALICE})
		frappe.db.set_value("Department Member", row, "role", "Supervisor")
		event = self.only("Agency Department", "Public Works")
		self.assertEqual(payload.read(event)[f"members/{row}/role/after"], "Supervisor")
		self.holds(event, "Agency Department", "Public Works")

	def test_rights_taken_away_by_a_bare_statement_are_told(self) -> None:
		frappe.get_doc({"doctype": "Custom DocPerm", "parent": "ToDo", "role": "Guest", "read": 1}).insert()
		self.look()
		frappe.db.delete("Custom DocPerm", {"parent": "ToDo", "role": "Guest"})
		event = self.only("Custom DocPerm")
		self.assertEqual((event.verb, payload.read(event)["role/before"]), ("delete", "Guest"))

	def test_a_deleted_document_is_told_once_also_without_its_own_word(self) -> None:
		for more in ({}, {"ignore_on_trash": True}):
			role = frappe.get_doc({"doctype": "Role", "role_name": "Trail Walker"}).insert()
			self.look()
			frappe.delete_doc("Role", role.name, force=True, **more)
			self.assertEqual([event.verb for event in self.new("Role")], ["delete"])


class TestSatellites(TrailTestCase):
	def test_what_hangs_on_a_case_stands_under_its_key(self) -> None:
		case = make_case()
		self.look()
		case.add_comment("Comment", "Careful, a dog")
		frappe.get_doc(
			{
				"doctype": "File",
				"file_name": "hole.txt",
				"content": "deep",
				"attached_to_doctype": "Case",
				"attached_to_name": case.name,
			}
		).insert()
		for doctype in ("Comment", "File"):
			self.assertEqual({event.subject for event in self.new(doctype)}, {f"Case/{case.name}"})
			self.assertEqual({event.department for event in self.new(doctype)}, {"Public Works"})

	def test_a_file_that_is_attached_later_is_told_then(self) -> None:
		file = frappe.get_doc({"doctype": "File", "file_name": "hole.txt", "content": "deep"}).insert()
		self.assertEqual(self.new("File"), [])
		case = make_case()
		frappe.db.set_value("File", file.name, {"attached_to_doctype": "Case", "attached_to_name": case.name})
		self.assertEqual(self.only("File").subject, f"Case/{case.name}")

	def test_an_assignment_stands_under_the_key_of_the_case(self) -> None:
		case = self.case(as_user=SUE)
		case.assign(ALICE)
		self.assertEqual({event.subject for event in self.new("ToDo")}, {f"Case/{case.name}"})


class TestActs(TrailTestCase):
	def test_an_act_leaves_one_event_for_the_case_with_its_words(self) -> None:
		case = self.case(as_user=ALICE)
		self.look()
		case.take_action("Start Work", reason=REASON)
		event = self.only("Case", case.name)
		self.assertEqual((event.verb, event.action), ("act", "Start Work"))
		self.assertEqual(payload.read(event)["reason"], REASON)
		self.holds(event, "Case", case.name)

	def test_one_statement_writes_what_an_intake_leaves_one_event_for_each_record(self) -> None:
		with patch.object(inserting, "insert_many", wraps=inserting.insert_many) as statement:
			request = make_request()
		events = [call for call in statement.call_args_list if call.args[0] == "Audit Event"]
		self.assertEqual(len(events), 1)
		self.assertEqual({event.subject for event in self.new()}, {f"Case/{request.case}"})
		told = [(event.reference_doctype, event.reference_name) for event in self.new()]
		self.assertEqual(sorted(told), sorted(set(told)))

	def test_a_record_that_is_made_in_two_steps_of_an_act_is_made_once(self) -> None:
		with trail.together():
			role = frappe.get_doc({"doctype": "Role", "role_name": "Trail Walker"})
			role.db_insert()
			role.reload().desk_access = 0
			role.save()
		event = self.only("Role")
		self.assertEqual((event.verb, payload.read(event)["role_name/after"]), ("create", "Trail Walker"))
		self.holds(event, "Role", "Trail Walker")

	def test_a_record_saved_twice_in_an_act_leaves_one_event_from_first_to_last(self) -> None:
		case = make_case()
		self.look()
		with trail.act("triage", REASON, on=case):
			frappe.db.set_value("Case", case.name, "priority", "Low")
			frappe.db.set_value("Case", case.name, "priority", "Urgent")
		event = self.only("Case")
		self.assertEqual(event.verb, "triage")
		told = payload.read(event)
		self.assertEqual((told["priority/before"], told["priority/after"]), ("Medium", "Urgent"))

	def test_an_error_in_an_act_loses_no_event_of_what_stays(self) -> None:
		case = make_case()
		self.look()
		with self.assertRaises(ZeroDivisionError), trail.act("triage", on=case):
			frappe.db.set_value("Case", case.name, "priority", "Urgent")
			raise ZeroDivisionError
		frappe.db.before_commit.run()
		self.assertEqual(self.only("Case").verb, "triage")

	def test_a_change_whose_event_could_not_be_written_cannot_be_committed_without_it(self) -> None:
		case = make_case()
		for in_act in (nullcontext(), trail.together(), trail.act("triage", on=case)):
			self.look()
			with patch.object(inserting, "insert_many", side_effect=frappe.ValidationError("too long")):
				with self.assertRaises(frappe.ValidationError), in_act:
					frappe.db.set_value("Case", case.name, "priority", "Urgent")
				self.assertRaises(frappe.ValidationError, frappe.db.before_commit.run)
			frappe.db.before_commit.run()
			self.assertEqual(payload.read(self.only("Case"))["priority/after"], "Urgent")
			frappe.db.set_value("Case", case.name, "priority", "Low")

	def test_what_is_taken_back_to_a_savepoint_leaves_no_event(self) -> None:
		case = make_case()
		self.look()
		with trail.act("triage", on=case):
			frappe.db.set_value("Case", case.name, "priority", "Low")
			frappe.db.savepoint("before_urgent")
			frappe.db.set_value("Case", case.name, "priority", "Urgent")
			frappe.db.rollback(save_point="before_urgent")
		self.assertEqual(payload.read(self.only("Case"))["priority/after"], "Low")

	def test_a_key_made_after_a_savepoint_is_made_anew_after_it_was_taken_back(self) -> None:
		frappe.db.savepoint("before_key")
		first = keys.of("Case/CASE-NEW").salt
		frappe.db.rollback(save_point="before_key")
		self.assertNotEqual(keys.of("Case/CASE-NEW").salt, first)

	def test_a_case_assigned_while_it_is_opened_was_opened_first(self) -> None:
		with trail.together():
			case = make_case()
		self.assertEqual(self.new("Case", case.name)[0].verb, "create")


class TestOwnEvents(TrailTestCase):
	def test_an_act_without_a_record_has_no_rows(self) -> None:
		name = trail.record("log in", subject="Site/Session", detail={"count": 3, "how": "password"})
		event = frappe.get_doc("Audit Event", name)
		self.assertEqual(json.loads(event.header)["rows"], [])
		self.assertEqual(payload.read(name), {"detail/count": 3, "detail/how": "password"})

	def test_a_read_tells_where_the_record_belongs(self) -> None:
		case = make_case()
		name = trail.record("read", "Case", case.name, subject=f"Case/{case.name}")
		event = frappe.get_doc("Audit Event", name)
		self.assertEqual((event.reference_name, event.department), (case.name, "Public Works"))
