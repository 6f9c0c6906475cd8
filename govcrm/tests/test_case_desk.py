"""What the form and the list of cases ask."""

import frappe
from frappe.utils import add_days, now_datetime

from govcrm.api.casework import services
from govcrm.api.deadlines import due_cases, due_clocks, on_time
from govcrm.casework.deadline_panel import panel
from govcrm.casework.form import form_facts
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.clock_rows import RULE, make_clock
from govcrm.tests.factories import make_case, make_department, make_published_program, make_task, make_user


class TestForm(CaseTestCase):
	def test_the_form_knows_what_may_be_done(self):
		facts = form_facts(self.case(ALICE))
		self.assertEqual(
			[row["action"] for row in facts["actions"]], ["Start Work", "Put on Hold", "Resolve", "Decline"]
		)
		self.assertEqual(facts["verbs"], ["accept", "refer", "add_task"])

	def test_it_says_what_stands_in_the_way(self):
		case = self.case(ALICE)
		make_task(case, "Inspect", required=1)
		self.assertIn("Inspect", form_facts(case)["blocking"][0])

	def test_a_reader_is_offered_nothing(self):
		case = make_case()
		frappe.set_user(BOB)
		facts = form_facts(frappe.get_doc("Case", case.name))
		self.assertEqual((facts["actions"], facts["verbs"]), ([], []))


class TestBulk(CaseTestCase):
	def test_only_actions_that_all_share_are_offered(self):
		first, second = self.case(), self.case(ALICE)
		first.take_action("Start Work")
		found = [row["action"] for row in services.shared_actions([first.name, second.name])]
		self.assertEqual(found, ["Put on Hold", "Resolve", "Decline"])

	def test_one_refusal_leaves_the_others_done(self):
		first, second = self.case(), self.case(ALICE)
		make_task(first, "Inspect", required=1)
		result = services.apply_to_selected([first.name, second.name], "Resolve", {"reason": "Filled"})
		self.assertEqual(result["done"], [second.name])
		self.assertIn("Inspect", result["failed"][first.name])
		self.assertEqual(first.reload().state_category, "Open")

	def test_a_case_out_of_reach_is_refused(self):
		case = make_case(department=make_department("Water").name)
		frappe.set_user(ALICE)
		result = services.apply_to_selected([case.name], "Start Work", {})
		self.assertEqual(list(result["failed"]), [case.name])


class TestSearch(CaseTestCase):
	def test_only_who_works_on_cases_is_offered(self):
		make_user("clerk@example.org", "Intake Agent")
		frappe.set_user(SUE)
		found = [row[0] for row in services.workers("example.org", 0, 50)]
		self.assertIn(BOB, found)
		self.assertNotIn("clerk@example.org", found)


class TestPeople(CaseTestCase):
	def test_only_who_may_see_a_request_learns_who_asked(self):
		make_published_program("POTHOLE")
		citizen = frappe.get_doc({"doctype": "Citizen", "first_name": "Ann", "last_name": "Lee"}).insert()
		request = {"doctype": "Service Request", "program": "POTHOLE", "citizen": citizen.name}
		request = frappe.get_doc({**request, "address_string": "1 Main St"}).insert()
		frappe.set_user(ALICE)
		self.assertEqual([row["name"] for row in services.people(request.case)], ["Ann Lee"])
		frappe.set_user(BOB)
		self.assertEqual(services.people(request.case), [])


class TestDeadlines(CaseTestCase):
	"""What the form says of a case's clocks."""

	def setUp(self) -> None:
		super().setUp()
		self.of_case = self.case()

	def shown(self, **values) -> dict:
		clock = make_clock(self.of_case, **{"status": "Running", "stopped_at": None, **values})
		return next(row for row in panel(self.of_case) if row["name"] == clock.name)

	def test_each_clock_says_how_it_stands(self):
		past, future = add_days(now_datetime(), -2), add_days(now_datetime(), 9)
		for expected, values in (
			("On Track", {"due": future}),
			("At Risk", {"due": future, "warned_percent": 75}),
			("Overdue", {"due": past, "breached": 1}),
			("Overdue", {"due": past}),
			("Paused", {"due": future, "status": "Paused"}),
			("Overdue", {"due": past, "status": "Paused", "breached": 1}),
			("Met", {"due": past, "status": "Stopped"}),
			("Met Late", {"due": past, "status": "Stopped", "breached": 1}),
			("Cancelled", {"due": past, "status": "Cancelled"}),
		):
			clock = make_clock(self.of_case, **{"status": "Running", "stopped_at": None, **values})
			standing = next(row["standing"] for row in panel(self.of_case) if row["name"] == clock.name)
			self.assertEqual(standing, expected, values)

	def test_the_time_left_is_said_in_words(self):
		self.assertEqual(
			self.shown(due=add_days(now_datetime(), 3), unit="Calendar Days")["left"], "3 days left"
		)
		self.assertEqual(self.shown(due=add_days(now_datetime(), -2))["left"], "missed 2 days ago")

	def test_a_paused_clock_says_since_when_and_why(self):
		clock = make_clock(self.of_case, status="Paused", stopped_at=None, paused_at=now_datetime())
		for day, reason in ((2, "Asked for a plan"), (9, "Asked for a survey")):
			event = {
				"case_deadline": clock.name,
				"case": self.of_case.name,
				"kind": "Pause",
				"reason": reason,
			}
			event = frappe.get_doc({"doctype": "Case Deadline Event", "at_utc": f"2026-01-0{day}", **event})
			event.set_new_name()
			event.db_insert()
		row = panel(self.of_case)[0]
		self.assertEqual((row["pause_reason"], row["left"]), ("Asked for a survey", None))
		self.assertEqual(row["paused_at"], clock.paused_at)

	def test_open_clocks_come_first_and_then_the_one_that_is_due_first(self):
		self.shown(label="Later", due=add_days(now_datetime(), 9))
		self.shown(label="Sooner", due=add_days(now_datetime(), 2))
		make_clock(self.of_case, label="Done", due=add_days(now_datetime(), -9))
		self.assertEqual([row["label"] for row in panel(self.of_case)], ["Sooner", "Later", "Done"])

	def test_a_statutory_deadline_is_marked_with_its_source(self):
		row = self.shown(nature="Statutory", rule=rule(citation="5 U.S.C. 552(a)(6)(A)"))
		self.assertEqual((row["statutory"], row["citation"]), (True, "5 U.S.C. 552(a)(6)(A)"))

	def test_more_time_is_offered_to_supervisors_where_the_policy_allows_it(self):
		allowed = rule(max_extensions=1, extension_amount=5, extension_notice=1)
		for user, values, offered in (
			(SUE, {}, True),
			(ALICE, {}, False),
			(SUE, {"extensions": 1}, False),
			(SUE, {"breached": 1}, False),
			(SUE, {"rule": rule()}, False),
			(SUE, {"status": "Stopped"}, False),
		):
			frappe.db.delete("Case Deadline", {"case": self.of_case.name})
			frappe.set_user("Administrator")
			self.shown(**{"due": add_days(now_datetime(), 9), "rule": allowed, **values})
			frappe.set_user(user)
			facts = form_facts(frappe.get_doc("Case", self.of_case.name))
			self.assertEqual("extend" in facts["verbs"], offered, (user, values))
		frappe.set_user("Administrator")
		self.assertIsNone(self.shown()["extension"])
		extension = self.shown(rule=allowed, due=add_days(now_datetime(), 9))["extension"]
		self.assertEqual(extension, {"unit": "Working Hours", "most": 5, "notice": 1})


def rule(**values) -> str:
	return frappe.as_json({**RULE, **values})


class TestCalendarOfDeadlines(CaseTestCase):
	def test_it_shows_what_is_due_to_those_who_may_see_it(self):
		case = self.case()
		frappe.db.set_value(
			"Case", case.name, {"next_due": "2026-03-04 17:00:00", "deadline_status": "At Risk"}
		)
		make_clock(case, due="2026-03-04 17:00:00")
		for door, title in ((due_cases, "At Risk: "), (due_clocks, "On Time: ")):
			for user, expected in ((ALICE, 1), (BOB, 0)):
				frappe.set_user(user)
				found = door(start="2026-03-01 00:00:00", end="2026-04-01 00:00:00", filters="[]")
				self.assertEqual(len(found), expected)
				self.assertTrue(all(row["title"].startswith(title) for row in found))
			self.assertEqual(door(start="2026-03-05 00:00:00", end="2026-04-01 00:00:00"), [])


class TestOnTimeCard(CaseTestCase):
	def test_it_counts_for_each_reader_what_the_reader_may_see(self):
		case = self.case()
		make_clock(case)
		make_clock(case, breached=1, breached_at=add_days(now_datetime(), -1))
		frappe.set_user(ALICE)
		self.assertEqual(on_time()["value"], 50)
		frappe.set_user(BOB)
		self.assertEqual(on_time(), "No deadlines yet")

	def test_who_does_not_work_on_cases_is_refused(self):
		make_user("clerk@example.org", "Intake Agent")
		frappe.set_user("clerk@example.org")
		self.assertRaises(frappe.PermissionError, on_time)
