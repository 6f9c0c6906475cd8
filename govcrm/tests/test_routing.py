from html import unescape

import frappe

from govcrm.casework import known, routing
from govcrm.casework.what_if import EXAMPLES
from govcrm.domain.routing import FACTS
from govcrm.service_catalogue.doctype.program_version.program_version import condition_names
from govcrm.service_catalogue.publishing import NotPublishable
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import (
	make_area,
	make_department,
	make_program,
	make_published_program,
	make_user,
	make_version,
)

SENSITIVE = {"code": "ill", "label": "Ill", "datatype": "boolean", "sensitive": 1}
SIZE = {"code": "size", "label": "Size", "datatype": "number"}


def file(**values):
	values.setdefault("address_string", "1 Main Street")
	values.setdefault("anonymous", not values.get("citizen"))
	return frappe.get_doc({"doctype": "Service Request", "program": "POTHOLE", **values}).insert()


def rule(label, condition="", **values):
	return {"label": label, "condition": condition, **values}


def case_of(request):
	return frappe.get_doc("Case", request.case)


def citizen(**values):
	return (
		frappe.get_doc({"doctype": "Citizen", "first_name": "Ann", "last_name": "Lee", **values})
		.insert()
		.name
	)


class RoutingTestCase(CaseTestCase):
	def program(self, *rules, parts=(), **version):
		version = {"routing_rules": rules, "routing_parts": parts, **version}
		return make_published_program("POTHOLE", version)


class TestRules(RoutingTestCase):
	def test_the_first_rule_that_fits_decides_and_the_case_says_which_and_why(self):
		self.program(
			rule("By web", 'request.channel == "Web"', department="Water"),
			rule(
				"By phone",
				'request.channel == "Phone"',
				department="Water",
				priority="High",
				explanation="Tried.",
			),
			rule("Rest", department="Public Works"),
		)
		request = file(channel="Phone")
		case = case_of(request)
		self.assertEqual((request.department, request.priority), ("Water", "High"))
		self.assertEqual((case.department, case.priority, case.routing_rule), ("Water", "High", "By phone"))
		self.assertEqual(
			case.routing_reason.split("\n"),
			[
				'Rule 2, By phone, fits: request.channel == "Phone"',
				"Tried.",
				"Water: named by the rule.",
				"Priority by the rule: High.",
			],
		)

	def test_answers_are_compared_as_they_are_kept(self):
		self.program(rule("Big", "size >= 5", department="Water"), questions=[SIZE])
		self.assertEqual(file(answers={"size": "7"}).department, "Water")
		request = file(answers={"size": "3"})
		self.assertEqual(request.department, "Public Works")
		self.assertIn("None of the rules of the version fits.", case_of(request).routing_reason)
		self.assertFalse(case_of(request).routing_rule)

	def test_the_day_and_the_hour_are_those_at_which_the_request_was_made(self):
		self.program(
			rule("Sunday", 'request.weekday == "Sunday"', priority="Low"),
			rule("Night", 'request.time >= "22:00" or request.hour < 6', priority="Urgent"),
			effective_from="2026-01-01",
		)
		self.assertEqual(file(requested_datetime="2026-03-08 12:00:00").priority, "Low")
		self.assertEqual(file(requested_datetime="2026-03-09 23:10:00").priority, "Urgent")
		self.assertEqual(file(requested_datetime="2026-03-09 12:00:00").priority, "Medium")

	def test_working_time_is_that_of_the_calendar_and_unknown_without_one(self):
		frappe.db.set_single_value("GovCRM Settings", "default_calendar", None)
		self.program(
			rule("Open", "request.working_time", priority="Low"),
			rule("Closed", "request.working_time == false", priority="Urgent"),
			effective_from="2026-01-01",
			calendar=calendar_open_in_the_morning(),
		)
		self.assertEqual(file(requested_datetime="2026-03-09 10:00:00").priority, "Low")
		self.assertEqual(file(requested_datetime="2026-03-09 14:00:00").priority, "Urgent")
		frappe.db.set_value("Program Version", "POTHOLE-v1", "calendar", None)
		frappe.clear_document_cache("Program Version", "POTHOLE-v1")
		self.assertEqual(file(requested_datetime="2026-03-09 14:00:00").priority, "Medium")

	def test_what_is_known_of_the_citizen_can_decide(self):
		self.program(
			rule("Firm", "citizen.organisation", priority="Low"),
			rule("Spanish", 'citizen.language == "es"', department="Water"),
			rule("Nobody", "request.anonymous", priority="Urgent"),
		)
		firm = citizen(citizen_type="Organisation", organisation_name="Acme")
		self.assertEqual(file(citizen=firm).priority, "Low")
		self.assertEqual(file(citizen=citizen(preferred_language="es")).department, "Water")
		self.assertEqual(file().priority, "Urgent")

	def test_a_minor_is_one_on_the_day_of_the_request(self):
		self.program(rule("Minor", "citizen.minor", priority="High"), effective_from="2026-01-01")
		child = citizen(date_of_birth="2008-03-10")
		self.assertEqual(file(citizen=child, requested_datetime="2026-03-09 12:00:00").priority, "High")
		self.assertEqual(file(citizen=child, requested_datetime="2026-03-10 12:00:00").priority, "Medium")

	def test_a_rule_makes_a_case_more_confidential(self):
		self.program(rule("Secret", 'request.channel == "Phone"', confidentiality="Restricted"))
		request = file(channel="Phone")
		self.assertEqual((request.confidentiality, case_of(request).confidentiality), ("Restricted",) * 2)

	def test_what_the_sender_says_about_the_routing_is_forgotten(self):
		self.program()
		make_area("Nowhere", 0, 0)
		request = file(
			department="Water", service_area="Nowhere", routing_detail="Made up", priority="Urgent"
		)
		self.assertEqual((request.department, request.priority), ("Public Works", "Medium"))
		self.assertFalse(request.service_area or request.routing_detail)

	def test_the_reason_cannot_be_edited(self):
		self.program(rule("Rest"))
		case = case_of(file())
		for field in ("routing_rule", "routing_reason"):
			case.reload().set(field, "Made up")
			self.assertRaises(frappe.PermissionError, case.save)

	def test_a_request_that_joins_a_case_goes_where_that_is(self):
		self.program(rule("Phone", 'request.channel == "Phone"', department="Water"))
		case = case_of(file(channel="Phone"))
		joined = file(channel="Web", case=case.name)
		self.assertEqual(joined.department, "Water")
		self.assertEqual(case.reload().routing_rule, "Phone")

	def test_the_rules_of_a_published_version_are_read_once_and_those_of_a_draft_as_they_stand(self):
		self.program(rule("Rest", priority="High"))
		version = frappe.get_doc("Program Version", "POTHOLE-v1")
		self.assertIs(routing.rules_of(version), routing.rules_of(version))
		draft = make_version("POTHOLE", publish=False, routing_rules=[rule("Rest")])
		draft.routing_rules[0].priority = "Low"
		self.assertEqual(routing.rules_of(draft).ordered[0].priority, "Low")


class TestFacts(RoutingTestCase):
	def test_every_name_that_a_condition_may_use_is_known_and_only_these(self):
		self.assertEqual(set(known.FACTS), set(FACTS))

	def test_nothing_is_true_of_somebody_who_is_not_named(self):
		self.program()
		about = known.About(file(), frappe.get_doc("Program Version", "POTHOLE-v1"), ())
		facts = known.known_of(about)
		self.assertEqual(
			{name: facts[name] for name in FACTS if name.startswith("citizen.") and facts[name]}, {}
		)

	def test_the_form_is_told_what_a_condition_can_use(self):
		self.assertEqual([row["name"] for row in condition_names()], list(FACTS))
		make_user("nobody@example.org")
		frappe.set_user("nobody@example.org")
		self.assertRaises(frappe.PermissionError, condition_names)


class TestProtectedRules(RoutingTestCase):
	def test_a_rule_on_sensitive_answers_decides_but_the_case_does_not_tell(self):
		self.program(rule("Illness", "ill", department="Water", explanation="Nurse"), questions=[SENSITIVE])
		request = file(answers={"ill": True})
		case = case_of(request)
		self.assertEqual(case.department, "Water")
		self.assertFalse(case.routing_rule)
		for word in ("Illness", "ill", "Nurse"):
			self.assertNotIn(word, case.routing_reason.split())
		self.assertIn("A rule that looks at protected data fits.", case.routing_reason)
		self.assertEqual(request.routing_detail, "Rule 1, Illness, fits: ill\nNurse")

	def test_who_may_not_read_the_answers_is_not_told_the_rule(self):
		self.program(rule("Illness", "ill"), questions=[SENSITIVE])
		request = file(answers={"ill": True})
		shown = {}
		for user, role in ((ALICE, "Caseworker"), ("adam@example.org", "Agency Administrator")):
			make_user(user, role)
			frappe.set_user(user)
			fields = ["name", "routing_detail"]
			rows = frappe.get_list("Service Request", filters={"name": request.name}, fields=fields)
			shown[role] = rows[0].get("routing_detail")
			frappe.set_user("Administrator")
		self.assertIn("Illness", shown["Caseworker"])
		self.assertIsNone(shown["Agency Administrator"])


class TestDepartments(RoutingTestCase):
	def setUp(self):
		super().setUp()
		make_department("Parks")
		make_area("City", 10, 10, 10, is_group=1, departments=[{"department": "Parks"}])
		make_area("Ward", 11, 11, 1, parent_service_area="City")

	def test_the_department_of_the_area_comes_before_the_defaults(self):
		self.program()
		request = file(latitude=11.5, longitude=11.5)
		case = case_of(request)
		self.assertEqual(
			(request.department, request.service_area, case.service_area), ("Parks", "Ward", "Ward")
		)
		self.assertEqual(
			case.routing_reason.split("\n"),
			["The place lies in Ward, City.", "Parks: works in City for programs of this kind."],
		)

	def test_a_rule_comes_before_the_area_and_can_ask_for_it(self):
		self.program(rule("In the city", '"City" in request.areas', department="Water"))
		self.assertEqual(file(latitude=11.5, longitude=11.5).department, "Water")
		self.assertEqual(file(latitude=1.5, longitude=1.5).department, "Public Works")

	def test_departments_out_of_service_are_passed_over_and_that_is_told(self):
		self.program(rule("Rest", department="Water"))
		for name in ("Water", "Parks"):
			frappe.get_doc("Agency Department", name).update({"active": 0}).save()
		request = file(latitude=11.5, longitude=11.5)
		self.assertEqual(request.department, "Public Works")
		reason = case_of(request).routing_reason
		self.assertIn("Water was passed over: it is not active.", reason)
		self.assertIn("Parks was passed over: it is not active.", reason)
		self.assertIn("Public Works: department of the program.", reason)

	def test_a_renamed_department_is_still_the_one_that_rules_and_areas_name(self):
		self.program(rule("Rest", 'request.channel == "Web"', department="Water"))
		place = {"latitude": 11.5, "longitude": 11.5}
		self.assertEqual(file(channel="Web", **place).department, "Water")
		self.assertEqual(file(channel="Phone", **place).department, "Parks")
		frappe.rename_doc("Agency Department", "Water", "Waterworks")
		frappe.rename_doc("Agency Department", "Parks", "Gardens")
		self.assertEqual(file(channel="Web", **place).department, "Waterworks")
		self.assertEqual(file(channel="Phone", **place).department, "Gardens")

	def test_a_corrected_place_changes_the_area_of_the_request_and_not_where_the_case_went(self):
		self.program()
		request = file(latitude=11.5, longitude=11.5)
		request.update({"latitude": 15, "longitude": 15}).save()
		self.assertEqual((request.service_area, request.department), ("City", "Parks"))
		self.assertEqual(case_of(request).service_area, "Ward")


class TestParts(RoutingTestCase):
	def setUp(self):
		super().setUp()
		make_published_program("SUB", department="Water")
		self.part = {"department": "Water", "program": "SUB", "instructions": "Look for a leak"}

	def parts_of(self, case):
		return frappe.get_all(
			"Case",
			{"parent_case": case.name},
			["name", "department", "program", "instructions", "holds_parent", "priority"],
			order_by="creation",
		)

	def test_a_part_is_opened_with_the_case_as_if_it_had_been_referred(self):
		self.program(rule("Rest", priority="High"), parts=[{**self.part, "rule": "Rest"}])
		case = case_of(file())
		(part,) = self.parts_of(case)
		name = part.pop("name")
		self.assertEqual(
			part,
			{
				"department": "Water",
				"program": "SUB",
				"instructions": "Look for a leak",
				"holds_parent": 1,
				"priority": "High",
			},
		)
		self.assertEqual(self.events(case), ["open", "refer"])
		self.assertTrue(
			frappe.get_doc("Case", name).has_permission("read", user=ALICE), "of the asking department"
		)
		self.assertTrue(frappe.get_doc("Case", name).has_permission("write", user=BOB))
		self.assertFalse(frappe.get_doc("Case", case.name).has_permission("read", user=BOB))

	def test_parts_of_a_rule_that_does_not_fit_are_not_opened(self):
		self.program(rule("Web", 'request.channel == "Web"'), parts=[{**self.part, "rule": "Web"}])
		self.assertEqual(self.parts_of(case_of(file(channel="Phone"))), [])

	def test_a_case_need_not_wait_for_its_part(self):
		self.program(parts=[{**self.part, "holds_parent": 0}])
		self.assertEqual([part.holds_parent for part in self.parts_of(case_of(file()))], [0])

	def test_a_part_that_cannot_be_opened_loses_neither_the_request_nor_the_other_parts(self):
		make_department("Parks")
		self.program(parts=[self.part, {**self.part, "department": "Parks"}])
		frappe.get_doc("Agency Department", "Water").update({"active": 0}).save()
		case = case_of(file())
		self.assertEqual([part.department for part in self.parts_of(case)], ["Parks"])
		refused = frappe.get_doc("Case Event", {"case": case.name, "verb": "part_refused"})
		self.assertEqual(refused.detail, "Water")
		self.assertIn("not active", refused.reason)


class TestPublishing(RoutingTestCase):
	def assert_refused(self, words, **version):
		make_user("worker@example.org", "Caseworker", "Case Supervisor")
		if not frappe.db.exists("Agency Program", "PUB"):
			make_program("PUB")
		draft = make_version("PUB", publish=False, **version)
		with self.assertRaises(NotPublishable) as refused:
			draft.submit()
		self.assertIn(words, unescape(str(refused.exception)))

	def test_rules_that_could_never_fit_keep_a_version_from_being_published(self):
		self.assert_refused("looks at request.chanel", routing_rules=[rule("A", 'request.chanel == "Web"')])
		self.assert_refused(
			'request.channel is never "web"', routing_rules=[rule("A", 'request.channel == "web"')]
		)
		self.assert_refused(
			'areas is never "Atlantis"', routing_rules=[rule("A", '"Atlantis" in request.areas')]
		)
		self.assert_refused("Rule 1, when", routing_rules=[rule("A", "size >")])

	def test_departments_and_programs_must_take_work(self):
		make_department("Closed", active=0)
		self.assert_refused("Closed is not active", routing_rules=[rule("A", department="Closed")])
		part = {"department": "Water", "instructions": "Look", "program": make_program("EMPTY").name}
		self.assert_refused("EMPTY takes no cases", routing_parts=[part])
		frappe.db.set_single_value("GovCRM Settings", "referral_program", None)
		frappe.clear_document_cache("GovCRM Settings", "GovCRM Settings")
		self.assert_refused("has no program", routing_parts=[{**part, "program": None}])


class TestWhatIf(RoutingTestCase):
	def setUp(self):
		super().setUp()
		self.program(questions=[SIZE, SENSITIVE])
		self.requests = [file(channel=channel).name for channel in ("Phone", "Phone", "Web")]

	def draft(self, *rules, **values):
		return make_version(
			"POTHOLE", publish=False, routing_rules=rules, questions=[SIZE, SENSITIVE], **values
		)

	def as_user(self, user, *roles):
		make_user(user, *roles)
		frappe.set_user(user)

	def test_it_shows_what_would_have_gone_elsewhere_and_changes_nothing(self):
		before = frappe.get_all("Case", fields="*", order_by="name")
		draft = self.draft(rule("Phone", 'request.channel == "Phone"', department="Water", priority="High"))
		found = draft.try_rules(50)
		self.assertEqual((found["tried"], found["stayed"], found["left_out"]), (3, 1, 0))
		(move,) = found["moves"]
		self.assertEqual(
			(
				move["department"],
				move["priority"],
				move["new_department"],
				move["new_priority"],
				move["rule"],
			),
			("Public Works", "Medium", "Water", "High", "Phone"),
		)
		self.assertEqual((move["count"], sorted(move["examples"])), (2, sorted(self.requests[:2])))
		self.assertEqual(frappe.get_all("Case", fields="*", order_by="name"), before)

	def test_only_the_last_are_tried_and_few_are_named(self):
		for _number in range(EXAMPLES):
			file(channel="Phone")
		draft = self.draft(rule("Phone", 'request.channel == "Phone"', priority="Low"))
		found = draft.try_rules(EXAMPLES + 1)
		self.assertEqual(found["tried"], EXAMPLES + 1)
		self.assertEqual(len(found["moves"][0]["examples"]), EXAMPLES)

	def test_only_requests_that_the_user_may_read_are_tried(self):
		frappe.db.set_value("Service Request", self.requests[0], "confidentiality", "Restricted")
		draft = self.draft(rule("Phone", 'request.channel == "Phone"', priority="Low"))
		self.as_user("adam@example.org", "Agency Administrator")
		found = draft.try_rules(50)
		self.assertEqual((found["tried"], found["left_out"]), (2, 1))
		self.assertEqual(found["moves"][0]["examples"], [self.requests[1]])

	def test_a_designer_who_may_read_no_request_learns_of_none(self):
		draft = self.draft(rule("Phone", 'request.channel == "Phone"', priority="Low"))
		self.as_user("dora@example.org", "Program Designer")
		found = draft.try_rules(50)
		self.assertEqual((found["tried"], found["left_out"], found["moves"]), (0, 3, []))

	def test_rules_on_what_the_user_may_not_read_are_not_tried(self):
		file(answers={"ill": True})
		rules = (rule("Illness", "ill", priority="High"), rule("Spanish", 'citizen.language == "es"'))
		draft = self.draft(*rules)
		self.assertEqual([move["rule"] for move in draft.try_rules(50)["moves"]], ["Illness"])
		self.as_user("adam@example.org", "Agency Administrator")
		found = draft.try_rules(50)
		self.assertEqual((found["moves"], found["untried_rules"]), ([], ["Illness", "Spanish"]))

	def test_parts_that_would_have_been_opened_are_counted(self):
		make_published_program("SUB", department="Water")
		part = {"department": "Water", "program": "SUB", "instructions": "Look"}
		self.assertEqual(self.draft(routing_parts=[part]).try_rules(50)["parts"], 3)

	def test_who_cannot_change_the_version_cannot_try_it(self):
		draft = frappe.get_doc("Program Version", self.draft().name)
		frappe.set_user(SUE)
		self.assertRaises(frappe.PermissionError, draft.try_rules)

	def test_rules_with_defects_are_not_tried(self):
		self.assertRaises(NotPublishable, self.draft(rule("Bad", "size >")).try_rules)


def calendar_open_in_the_morning() -> str:
	hours = [{"weekday": "Monday", "starts": "08:00:00", "ends": "12:00:00"}]
	calendar = {
		"doctype": "Business Calendar",
		"calendar_name": "Mornings",
		"timezone": frappe.utils.get_system_timezone(),
		"hours": hours,
	}
	return frappe.get_doc(calendar).insert().name
