from unittest.mock import patch

import frappe
from frappe.model.rename_doc import rename_doc

from govcrm.accountability import trail
from govcrm.accountability.reconciling import baseline, findings, live, log, running, said, shapes
from govcrm.accountability.trail import payload
from govcrm.accountability.trail.governed import shape_of
from govcrm.tests.casework import ALICE, SUE
from govcrm.tests.factories import make_profile, make_user
from govcrm.tests.reconciling import Intruder, ReconcilingTestCase, nothing

EVENT = "Audit Event"


class TestWhatIsFound(ReconcilingTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.intruder = Intruder()

	def test_what_was_not_sealed_yet_is_no_finding(self):
		frappe.set_user(SUE)
		frappe.get_doc("Case", self.worked.name).assign(SUE)
		frappe.set_user("Administrator")
		frappe.get_doc({"doctype": "Role", "role_name": "Newcomer"}).insert()
		frappe.delete_doc("Work Skill", self.skill().name)
		self.assertEqual(self.new(rebuild=False), set())

	def test_what_was_sealed_while_it_ran_is_no_finding(self):
		newest = log.size()
		frappe.get_doc({"doctype": "Role", "role_name": "Newcomer"}).insert()
		self.seal()
		with patch.object(log, "size", lambda: newest), patch.object(log, "numbered_beyond", lambda size: 0):
			self.assertEqual(self.new(rebuild=False), set())

	def test_a_user_who_is_renamed_takes_their_profile_along(self):
		make_profile(ALICE)
		rename_doc("User", ALICE, "alicia@example.org", force=True)
		self.assertEqual(
			frappe.db.get_value("Staff Profile", "alicia@example.org", "user"), "alicia@example.org"
		)
		self.assertEqual(self.new(rebuild=False), set())

	def test_a_satellite_that_is_let_go_is_nobodys_finding(self):
		filters = {"reference_type": "Case", "reference_name": self.worked.name}
		names = frappe.get_all("ToDo", filters, pluck="name", order_by="name")
		todo = frappe.get_doc("ToDo", names[0])
		todo.update({"reference_type": None, "reference_name": None, "description": "Something else"}).save()
		frappe.db.set_value("ToDo", names[1], {"reference_type": None, "reference_name": None})
		for name in names[:2]:
			frappe.db.set_value("ToDo", name, "description", "Nobody's matter")
		self.assertEqual(self.new(rebuild=False), set())

	def test_only_what_is_new_is_read(self):
		trail.record("read", "Case", self.worked.name)
		self.seal()
		self.assertEqual(self.reconcile(rebuild=False).events_read, 1)

	def test_from_the_first_event_the_same_comes_out(self):
		before = said.between("Case", None, None)
		run = self.reconcile(rebuild=True)
		self.assertEqual(said.between("Case", None, None), before)
		self.assertEqual(run.events_read, run.log_size - log.removed_to())

	def test_a_finding_is_kept_once_over_the_nights(self):
		self.tamper()
		self.assertEqual(len(self.new()), 1)
		self.reconcile()
		self.assertEqual(frappe.db.count("Audit Finding", self.of_the_case()), 1)

	def test_a_record_that_is_as_it_was_is_no_finding_any_more(self):
		self.tamper()
		self.reconcile()
		self.intruder.change("Case", self.worked.name, priority=self.worked.priority)
		self.reconcile()
		self.assertEqual(frappe.db.get_value("Audit Finding", self.of_the_case(), "status"), "Gone")

	def test_what_was_explained_is_in_the_log_and_found_no_more(self):
		self.tamper()
		self.reconcile()
		self.explain("Mended by the vendor, ticket 4711")
		self.seal()
		self.assertEqual(self.new(), set())
		self.intruder.change("Case", self.worked.name, priority="Urgent")
		self.assertEqual(len(self.new()), 1)

	def test_an_explanation_says_something(self):
		self.tamper()
		self.reconcile()
		self.assertRaises(frappe.ValidationError, self.explain, " ")

	def test_nobody_closes_a_finding_but_by_explaining_it(self):
		self.tamper()
		self.reconcile()
		finding = frappe.get_doc("Audit Finding", self.of_the_case())
		finding.status = "Gone"
		self.assertRaises(frappe.ValidationError, finding.save)
		self.assertRaises(frappe.ValidationError, finding.delete)

	def test_auditors_are_told_once(self):
		make_user("auditor@example.org", findings.AUDITOR)
		self.seal()
		self.tamper()
		for _night in range(2):
			self.reconcile()
		told = frappe.get_all("Notification Log", {"for_user": "auditor@example.org"}, pluck="subject")
		self.assertEqual(len(told), 1)
		self.assertNotIn(self.worked.name, told[0])

	def test_one_reconciliation_at_a_time(self):
		with running.only_one():
			self.assertRaises(running.AlreadyRunning, running.reconcile, commit=nothing)

	def test_one_that_was_killed_is_ended_by_the_next(self):
		dead = self.reconcile()
		self.intruder.change(running.RUN, dead.name, status="Running")
		self.reconcile(rebuild=False)
		self.assertEqual(frappe.db.get_value(running.RUN, dead.name, "status"), "Failed")

	def test_one_killed_while_the_table_was_emptied_begins_anew(self):
		dead = self.reconcile()
		self.intruder.change(running.RUN, dead.name, status="Running", absorbed_to=running.EMPTYING)
		self.intruder.remove("Audit Row", "reference_doctype", "Case")
		run = self.reconcile(rebuild=False)
		self.assertTrue(run.rebuilt)
		self.assertEqual(self.found(run) - self.before, set())

	def tamper(self) -> None:
		self.intruder.change("Case", self.worked.name, priority="Low")

	def explain(self, words: str) -> None:
		finding = frappe.get_doc("Audit Finding", self.of_the_case())
		finding.update({"status": "Explained", "explanation": words}).save()

	def of_the_case(self) -> dict:
		return {"reference_doctype": "Case", "reference_name": self.worked.name}

	def skill(self):
		return frappe.get_doc({"doctype": "Work Skill", "skill_name": "Welding"}).insert()


class TestFirstEvents(ReconcilingTestCase):
	def test_a_row_of_a_doctype_whose_first_events_are_owed_is_pending(self):
		intruder = Intruder()
		done = baseline.completed()
		values = frappe.db.get_value("Role", findings.AUDITOR, "*", as_dict=True)
		intruder.insert("Role", {**values, "name": "Earlier", "role_name": "Earlier"})
		with patch.object(baseline, "completed", lambda: done - {"Role"}):
			run = self.reconcile(rebuild=False)
			self.assertEqual((self.found(run) - self.before, run.pending), (set(), 1))
			with patch.object(baseline, "_last_covered", lambda doctype: None):
				self.assertEqual(baseline.run(commit=nothing), frappe.db.count("Role"))
		self.seal()
		self.assertEqual(self.new(rebuild=False), set())

	def test_first_events_cover_each_record_under_its_own_matter(self):
		page = live.Page("Case", [self.worked.name])
		baseline.cover(page, nothing)
		event = frappe.get_last_doc(EVENT, {"verb": "baseline", "reference_name": self.worked.name})
		self.assertEqual(event.subject, f"Case/{self.worked.name}")
		self.assertFalse(event.payload and payload.read(event).get("subject/after"))

	def test_a_new_field_with_a_default_makes_no_finding_and_is_taken_in(self):
		with without_field("Role", "desk_access"):
			frappe.get_doc({"doctype": "Role", "role_name": "Old Hand", "desk_access": 1}).insert()
			shapes.note()
			self.seal()
			self.reconcile(rebuild=False)
		self.assertEqual(self.new(rebuild=False), set())
		self.assertTrue(frappe.db.exists(EVENT, {"verb": "baseline", "seq": 0, "reference_doctype": "Role"}))

	def test_a_new_field_in_which_somebody_wrote_is_found(self):
		with without_field("Role", "desk_access"):
			frappe.get_doc({"doctype": "Role", "role_name": "Old Hand", "desk_access": 1}).insert()
			shapes.note()
			self.seal()
			self.reconcile(rebuild=False)
		Intruder().change("Role", "Old Hand", desk_access=0, two_factor_auth=1)
		self.assertEqual({one[:3] for one in self.new(rebuild=False)}, {("Changed", "Role", "Old Hand")})


class without_field:
	"""The DocType as it was before it had a field."""

	def __init__(self, doctype: str, field: str) -> None:
		self.kinds, self.field = shape_of(doctype).kinds, field

	def __enter__(self) -> None:
		self.kind = self.kinds.pop(self.field)

	def __exit__(self, *exception) -> None:
		self.kinds[self.field] = self.kind
