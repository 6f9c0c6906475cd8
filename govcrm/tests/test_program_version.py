from datetime import date, timedelta

import frappe
from frappe.utils import getdate

from govcrm import tasks
from govcrm.service_catalogue import versions
from govcrm.service_catalogue.publishing import NotPublishable
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import (
	make_department,
	make_program,
	make_published_program,
	make_user,
	make_version,
)


def day(offset: int) -> date:
	return getdate() + timedelta(days=offset)


def question(code, **values):
	return {"code": code, "label": code.title(), "datatype": "string", **values}


def state_of(version: str) -> tuple:
	return frappe.db.get_value("Program Version", version, ["status", "effective_to"])


class TestPublishing(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		self.program = make_program("PUB")

	def assert_refused(self, version, text):
		with self.assertRaises(NotPublishable) as refused:
			version.submit()
		self.assertIn(text, str(refused.exception))

	def draft(self, **values):
		make_user("worker@example.org", "Caseworker", "Case Supervisor")
		return make_version(self.program, publish=False, **values)

	def test_versions_are_numbered_by_program(self):
		names = [make_version(self.program, publish=False).name for _index in range(2)]
		self.assertEqual(names, ["PUB-v1", "PUB-v2"])

	def test_publishing_pins_the_workflow_and_sets_the_current_version(self):
		version = make_version(self.program)
		self.assertEqual(version.status, "Published")
		self.assertIn("Start Work", version.workflow_snapshot)
		self.assertEqual(self.program.reload().current_version, version.name)

	def test_status_and_pinned_workflow_cannot_be_entered(self):
		version = self.draft(status="Published", workflow_snapshot="{}", version_no=9)
		self.assertEqual((version.status, version.workflow_snapshot, version.version_no), ("Draft", None, 1))

	def test_a_workflow_of_other_documents_is_refused(self):
		frappe.db.set_value("Workflow", "Permit", "document_type", "ToDo")
		self.assertRaises(frappe.ValidationError, self.draft, workflow="Permit")

	def test_a_role_that_nobody_holds_keeps_a_version_from_being_published(self):
		version = self.draft()
		supervisors = frappe.get_all(
			"Has Role", {"role": "Case Supervisor", "parenttype": "User"}, pluck="parent"
		)
		for user in supervisors:
			frappe.db.set_value("User", user, "enabled", 0)
		self.assert_refused(version, "which no enabled user holds")

	def test_a_permit_that_one_person_could_grant_alone_is_refused(self):
		self.program.kind = "Permit"
		self.program.save()
		self.assert_refused(self.draft(), "could decide on it alone")
		self.assertTrue(make_version(self.program, workflow="Permit"))

	def test_a_published_program_does_not_become_a_permit_with_such_a_workflow(self):
		make_version(self.program)
		self.program.reload().kind = "Benefit"
		self.assertRaises(NotPublishable, self.program.save)

	def test_badly_formed_questions_are_refused(self):
		version = self.draft(
			questions=[
				question("size"),
				question("size"),
				question("1st"),
				question("colour", datatype="singlevaluelist"),
				question("depth", shown_when="width > 5"),
			]
		)
		found = " ".join(one["message"] for one in version.check_now())
		for code in ("size", "1st", "colour", "width"):
			self.assertIn(code, found)
		self.assertRaises(NotPublishable, version.submit)

	def test_a_checklist_names_states_of_the_workflow(self):
		self.assert_refused(
			self.draft(checklist=[{"title": "Visit", "required_for_state": "Issued"}]), "Issued"
		)
		self.assert_refused(
			self.draft(checklist=[{"title": "Visit", "required_for_state": "New"}]), "starts in New"
		)
		fits = self.draft(checklist=[{"title": "Visit", "required_for_state": "Resolved"}])
		self.assertEqual(fits.check_now(), [])

	def test_an_inactive_department_is_refused(self):
		closed = make_department("Closed Office", active=0)
		self.assert_refused(self.draft(default_department=closed.name), "Closed Office")

	def test_changes_are_told_from_the_second_version_on(self):
		make_version(self.program, changes="")
		self.assert_refused(self.draft(changes=" ", effective_from=day(1)), "not described")

	def test_a_published_version_is_read_only(self):
		version = make_version(self.program)
		version.legal_basis = "Another"
		self.assertRaises(frappe.UpdateAfterSubmitError, version.save)
		for field, value in (("status", "Withdrawn"), ("workflow_snapshot", "{}")):
			version.reload().set(field, value)
			self.assertRaises(frappe.ValidationError, version.save)

	def test_only_who_may_submit_publishes(self):
		version = self.draft()
		make_user("clerk@example.org", "Caseworker")
		frappe.set_user("clerk@example.org")
		self.addCleanup(frappe.set_user, "Administrator")
		self.assertRaises(frappe.PermissionError, frappe.get_doc("Program Version", version.name).submit)

	def test_a_program_designer_drafts_publishes_and_supersedes(self):
		make_version(self.program)
		make_user("designer@example.org", "Program Designer")
		frappe.set_user("designer@example.org")
		self.addCleanup(frappe.set_user, "Administrator")
		draft = frappe.get_doc("Program Version", self.program.reload().new_version())
		draft.changes = "Shorter"
		draft.submit()
		self.assertEqual(state_of("PUB-v1"), ("Published", day(0)))

	def test_a_new_version_copies_the_current_one(self):
		make_version(self.program, legal_basis="City Code 7", questions=[question("size")])
		draft = frappe.get_doc("Program Version", self.program.reload().new_version())
		self.assertEqual((draft.name, draft.docstatus, draft.effective_from), ("PUB-v2", 0, day(1)))
		self.assertEqual((draft.legal_basis, draft.questions[0].code), ("City Code 7", "size"))
		self.assertFalse(draft.changes or draft.workflow_snapshot or draft.effective_to)

	def test_a_program_without_versions_has_nothing_to_copy(self):
		self.assertRaises(frappe.ValidationError, self.program.new_version)


class TestTimetable(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		self.program = make_published_program("TIME", version={"effective_from": day(-30)})

	def assert_in_force(self, offset, version):
		self.assertEqual(versions.version_in_force("TIME", day(offset)), version)

	def test_a_new_version_ends_the_one_before_on_the_eve(self):
		make_version(self.program, effective_from=day(10))
		self.assertEqual(state_of("TIME-v1"), ("Published", day(9)))
		self.assert_in_force(9, "TIME-v1")
		self.assert_in_force(10, "TIME-v2")
		self.assertEqual(self.program.reload().current_version, "TIME-v1")

	def test_a_version_from_today_supersedes_at_once(self):
		make_version(self.program)
		self.assertEqual(state_of("TIME-v1"), ("Superseded", day(-1)))
		self.assert_in_force(-1, "TIME-v1")
		self.assertEqual(self.program.reload().current_version, "TIME-v2")

	def test_a_version_on_a_day_that_is_taken_is_refused(self):
		make_version(self.program, effective_from=day(10))
		with self.assertRaises(NotPublishable) as refused:
			make_version(self.program, effective_from=day(10))
		self.assertIn("TIME-v2", str(refused.exception))
		self.assertRaises(NotPublishable, make_version, self.program, effective_from=day(5))

	def test_a_version_may_fill_a_gap_before_a_later_one(self):
		make_version(self.program, effective_from=day(10))
		make_version(self.program, effective_from=day(5), effective_to=day(9))
		self.assert_in_force(4, "TIME-v1")
		self.assert_in_force(5, "TIME-v3")
		self.assert_in_force(10, "TIME-v2")

	def test_before_the_first_and_after_the_last_day_none_is_in_force(self):
		make_version(self.program, effective_from=day(1), effective_to=day(2))
		for offset in (-31, 3):
			with self.assertRaises(versions.NoVersionInForce) as refused:
				versions.version_in_force("TIME", day(offset))
			self.assertIn("TIME", str(refused.exception))

	def test_a_version_ends_after_it_begins(self):
		with self.assertRaises(frappe.ValidationError):
			make_version(self.program, effective_from=day(5), effective_to=day(4))

	def test_a_published_version_can_be_given_a_last_day_from_today_on(self):
		version = frappe.get_doc("Program Version", "TIME-v1")
		version.effective_to = day(7)
		version.save()
		self.assertIsNone(versions.find_version("TIME", day(8)))
		version.effective_to = day(-1)
		self.assertRaises(NotPublishable, version.save)

	def test_a_last_day_does_not_reach_into_the_next_version(self):
		make_version(self.program, effective_from=day(10))
		version = frappe.get_doc("Program Version", "TIME-v1")
		version.effective_to = day(10)
		self.assertRaises(NotPublishable, version.save)

	def test_a_withdrawn_version_gives_its_days_back(self):
		make_version(self.program, effective_from=day(10)).cancel()
		self.assertEqual(state_of("TIME-v2")[0], "Withdrawn")
		self.assertEqual(state_of("TIME-v1"), ("Published", None))
		self.assert_in_force(11, "TIME-v1")

	def test_a_withdrawn_version_between_two_leaves_no_gap(self):
		middle = make_version(self.program, effective_from=day(5))
		make_version(self.program, effective_from=day(10))
		middle.reload().cancel()
		self.assertEqual(state_of("TIME-v1"), ("Published", day(9)))

	def test_an_amended_version_is_the_next_number(self):
		version = make_version(self.program, effective_from=day(10))
		version.cancel()
		amended = frappe.copy_doc(version)
		amended.update({"amended_from": version.name, "docstatus": 0})
		self.assertEqual(amended.insert().name, "TIME-v3")

	def test_a_version_in_use_is_not_withdrawn(self):
		used = frappe.new_doc("Service Request", program="TIME", program_version="TIME-v1", name="SR-TEST")
		used.db_insert()
		version = frappe.get_doc("Program Version", "TIME-v1")
		self.assertRaises(frappe.ValidationError, version.cancel)

	def test_the_past_is_not_taken_from_requests_already_filed(self):
		used = frappe.new_doc("Service Request", program="TIME", program_version="TIME-v1", name="SR-TEST")
		used.requested_datetime = day(-2)
		used.db_insert()
		self.assertRaises(NotPublishable, make_version, self.program, effective_from=day(-3))
		self.assertTrue(make_version(self.program, effective_from=day(0)))

	def test_the_day_of_a_version_comes(self):
		make_version(self.program, effective_from=day(10))
		with self.freeze_time(day(10)):
			tasks.roll_program_versions()
		self.assertEqual(state_of("TIME-v1"), ("Superseded", day(9)))
		self.assertEqual(self.program.reload().current_version, "TIME-v2")

	def test_a_rollback_takes_the_cached_timetable_back(self):
		self.assertEqual(len(versions.timetable("TIME")), 1)
		frappe.db.rollback()
		self.assertEqual(versions.timetable("TIME"), [])

	def test_an_open_form_can_be_saved_after_a_version_came_into_force(self):
		opened = frappe.get_doc("Agency Program", "TIME")
		make_version(self.program)
		opened.keywords = "hole"
		opened.save()
		self.assertEqual(opened.current_version, "TIME-v2")


class TestAgencyProgram(GovCRMTestCase):
	def test_a_service_code_is_fit_for_addresses(self):
		for code in ("pot hole", "a/b", "-x", "ü", "x" * 61):
			with self.assertRaises(frappe.ValidationError):
				make_program(code, program_name="Test")

	def test_the_search_for_duplicates_has_no_negative_bounds(self):
		with self.assertRaises(frappe.ValidationError):
			make_program("NEG", duplicate_radius=-1)
