"""Cases that a department gives out by its method: to whom, and to whom never."""

from collections import Counter
from unittest.mock import patch

import frappe
from frappe.utils import add_days, today

from govcrm.casework.queues import giving, telling
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import (
	make_case,
	make_department,
	make_profile,
	make_published_program,
	make_request,
	make_skill,
	make_worker,
)

ANN, BEN, CEM, GUS = (f"{name}@example.org" for name in ("ann", "ben", "cem", "gus"))


class GivingTestCase(CaseTestCase):
	"""Ann, Ben and Cem work at Gardens, which answers for trees."""

	method = "Given In Turn"

	def setUp(self) -> None:
		super().setUp()
		self.make_gardens(self.method)
		for user in (ANN, BEN, CEM):
			make_worker(user, "Gardens")
		self.program = make_published_program("TREE", department="Gardens")

	def make_gardens(self, method: str) -> None:
		make_department("Gardens").update({"assignment_method": method, "keep_known_person": 1}).save()

	def opened(self, **values):
		"""A case as a request opens it."""
		request = make_request("TREE", **values)
		return frappe.get_doc("Case", request.case)

	def assignees(self, n: int) -> list[str]:
		return [self.opened().assignee for _ in range(n)]


class TestInTurn(GivingTestCase):
	def test_everybody_gets_the_same_number(self):
		self.assertEqual(Counter(self.assignees(9)), {ANN: 3, BEN: 3, CEM: 3})

	def test_a_case_that_is_given_has_its_todo_its_participation_and_its_reason(self):
		case = self.opened()
		given = self.last_event(case)
		self.assertEqual((given.verb, given.detail), ("assign", case.assignee))
		self.assertIn("in turn", given.reason)
		self.assertTrue(
			frappe.db.exists("ToDo", {"reference_name": case.name, "allocated_to": case.assignee})
		)
		self.assertTrue(frappe.db.exists("Case Participant", {"case": case.name, "user": case.assignee}))

	def test_a_form_saved_late_takes_no_turn_back(self):
		department = frappe.get_doc("Agency Department", "Gardens")
		first = self.opened().assignee
		department.phone = "+1 617 555 0100"
		department.save()
		self.assertNotEqual(self.opened().assignee, first)

	def test_nothing_is_given_where_cases_are_left_to_be_taken(self):
		self.make_gardens("Left To Be Taken")
		self.assertEqual(self.assignees(2), [None, None])

	def test_who_takes_no_work_is_passed_over(self):
		make_profile(ANN, takes_work=0)
		self.assertEqual(Counter(self.assignees(4)), {BEN: 2, CEM: 2})

	def test_a_supervisor_is_given_work_only_if_the_profile_says_so(self):
		make_worker("gus@example.org", "Gardens", supervisor=True)
		self.assertNotIn("gus@example.org", self.assignees(4))
		make_profile("gus@example.org")
		self.assertIn("gus@example.org", self.assignees(4))

	def test_who_is_full_is_passed_over(self):
		make_profile(ANN, max_open_cases=1)
		self.assertEqual(Counter(self.assignees(5)), {ANN: 1, BEN: 2, CEM: 2})

	def test_history_is_given_to_nobody(self):
		values = {"doctype": "Service Request", "program": "TREE", "anonymous": 1, "channel": "Import"}
		request = frappe.get_doc(values)
		request.flags.imported_history = True
		self.assertIsNone(frappe.db.get_value("Case", request.insert().case, "assignee"))

	def test_what_is_transferred_is_given_out_by_the_new_department(self):
		case = self.case(as_user=SUE)
		case.transfer("Gardens", "Trees are theirs")
		self.assertIn(frappe.db.get_value("Case", case.name, "assignee"), (ANN, BEN, CEM))

	def test_a_part_for_a_department_is_given_out_by_it(self):
		part = self.case(as_user=ALICE).refer("Gardens", "Look at the roots", "TREE")
		self.assertIn(frappe.db.get_value("Case", part, "assignee"), (ANN, BEN, CEM))

	def test_a_restricted_case_is_shown_to_nobody_by_a_rule(self):
		case = make_case("TREE", confidentiality="Restricted")
		giving.give_out(case)
		self.assertIsNone(case.assignee)
		event = self.last_event(case)
		self.assertEqual(event.verb, "left_unassigned")
		self.assertIn("confidential", event.detail)

	def test_the_one_asked_for_instead_is_another_one(self):
		case = self.opened()
		self.assertNotEqual(giving.choose(case), case.assignee)


class TestByLoad(GivingTestCase):
	method = "Given By Load"

	def give(self, user: str, n: int, category: str = "Open", code: str = "TREE") -> None:
		for _ in range(n):
			values = {"assignee": user, "state_category": category}
			frappe.db.set_value("Case", make_case(code).name, values)

	def test_who_has_least_gets_the_next(self):
		self.give(ANN, 2)
		self.give(BEN, 1)
		self.assertEqual(self.opened().assignee, CEM)

	def test_heavy_cases_weigh_more(self):
		make_published_program("APPEAL", {"handling_weight": 5}, department="Gardens")
		self.give(ANN, 1, code="APPEAL")
		self.give(BEN, 4)
		self.give(CEM, 6)
		self.assertEqual(self.opened().assignee, BEN)

	def test_load_is_weighed_by_working_share(self):
		make_profile(ANN, working_share=50)
		self.give(ANN, 2)
		self.give(BEN, 3)
		self.give(CEM, 5)
		self.assertEqual(self.opened().assignee, BEN)

	def test_cases_that_wait_are_no_load(self):
		self.give(ANN, 3, "Waiting")
		self.give(BEN, 1)
		self.give(CEM, 1)
		self.assertEqual(self.opened().assignee, ANN)


class TestAbility(GivingTestCase):
	def test_only_who_has_the_skills_is_given_the_case(self):
		make_skill("Felling")
		make_published_program("FELL", {"required_skills": [{"skill": "Felling"}]}, department="Gardens")
		make_profile(BEN, skills=[{"skill": "Felling"}])
		for _ in range(2):
			self.assertEqual(frappe.get_doc("Case", make_request("FELL").case).assignee, BEN)

	def test_where_nobody_is_able_the_case_stays_and_tells_why_of_each(self):
		make_skill("Felling")
		make_published_program("FELL", {"required_skills": [{"skill": "Felling"}]}, department="Gardens")
		make_profile(CEM, away_from=today())
		case = frappe.get_doc("Case", make_request("FELL").case)
		self.assertIsNone(case.assignee)
		detail = self.last_event(case).detail
		self.assertIn("Ann lacks the skill Felling.", detail)
		self.assertIn("Cem is away", detail)

	def test_who_speaks_the_citizens_language_is_preferred(self):
		citizen = self.citizen(preferred_language="es")
		self.assertIsNotNone(self.opened(citizen=citizen, anonymous=0).assignee)  # nobody speaks it: anybody
		make_profile(CEM, languages=[{"language": "es"}])
		frappe.db.set_value("Agency Department", "Gardens", "keep_known_person", 0)
		frappe.clear_document_cache("Agency Department", "Gardens")
		for _ in range(2):
			self.assertEqual(self.opened(citizen=citizen, anonymous=0).assignee, CEM)

	def test_who_worked_for_the_citizen_before_is_given_the_next_case(self):
		citizen = self.citizen()
		first = self.opened(citizen=citizen, anonymous=0).assignee
		self.assignees(1)
		again = self.opened(citizen=citizen, anonymous=0)
		self.assertEqual(again.assignee, first)
		self.assertIn("knows the citizen", self.last_event(again).reason)

	def citizen(self, **values) -> str:
		values = {"doctype": "Citizen", "first_name": "Rosa", "last_name": "Diaz", **values}
		return frappe.get_doc(values).insert().name


class TestAbsence(GivingTestCase):
	"""Ann alone takes work here."""

	def setUp(self) -> None:
		super().setUp()
		for user in (BEN, CEM):
			make_profile(user, takes_work=0)

	def test_the_deputy_gets_what_would_be_given_to_who_is_away(self):
		make_profile(ANN, away_from=today(), away_to=today(), deputy=ALICE)
		case = self.opened()
		self.assertEqual(case.assignee, ALICE)
		self.assertIn("Stands in for Ann", self.last_event(case).reason)

	def test_a_deputy_who_is_away_has_the_deputys_deputy(self):
		make_profile(ALICE, away_from=add_days(today(), -1), deputy=BOB)
		make_profile(ANN, away_from=today(), deputy=ALICE)
		self.assertEqual(self.opened().assignee, BOB)

	def test_absence_begins_and_ends_on_its_days(self):
		for first, last, there in ((1, 3, True), (-3, -1, True), (-1, 0, False), (0, None, False)):
			days = (add_days(today(), first), last is not None and add_days(today(), last))
			make_profile(ANN, away_from=days[0], away_to=days[1] or None)
			self.assertEqual(bool(self.opened().assignee), there, (first, last))

	def test_a_deputy_who_is_recused_does_not_stand_in(self):
		make_profile(ANN, away_from=today(), deputy=ALICE)
		case = make_case("TREE")
		recusal = {"doctype": "Recusal", "user": ALICE, "case": case.name, "reason": "The neighbour."}
		frappe.get_doc(recusal).insert()
		giving.give_out(case)
		self.assertIsNone(case.assignee)
		self.assertIn("Alice is recused", self.last_event(case).detail)

	def test_deputies_in_a_circle_who_are_all_away_are_no_endless_way(self):
		for user, deputy in ((ANN, BEN), (BEN, CEM), (CEM, ANN)):
			make_profile(user)
			frappe.db.set_value("Staff Profile", user, {"deputy": deputy, "away_from": today()})
		case = self.opened()
		self.assertIsNone(case.assignee)
		self.assertIn("away", self.last_event(case).detail)


class TestNobody(GivingTestCase):
	"""All are there but take no work; Gus supervises them."""

	def setUp(self) -> None:
		super().setUp()
		for user in (ANN, BEN, CEM):
			make_profile(user, takes_work=0)
		make_worker(GUS, "Gardens", supervisor=True)

	def told(self) -> list[str]:
		return frappe.get_all("Notification Log", {"for_user": GUS, "type": "Alert"}, pluck="subject")

	def test_a_job_is_to_tell_the_supervisors(self):
		with patch.object(frappe, "enqueue") as enqueue:
			case = self.opened()
		jobs = [call for call in enqueue.call_args_list if call.args == (giving.TELLING,)]
		self.assertEqual([job.kwargs["case"] for job in jobs], [case.name])
		self.assertIs(frappe.get_attr(giving.TELLING), telling.tell_supervisors)

	def test_they_are_told_of_the_first_of_a_day(self):
		first, second = self.opened(), self.opened()
		for case in (first, second):
			telling.tell_supervisors(case.name)
		[subject] = self.told()
		self.assertIn(first.name, subject)

	def test_of_a_case_that_was_taken_meanwhile_nobody_is_told(self):
		case = self.opened()
		frappe.db.set_value("Case", case.name, "assignee", ANN)
		telling.tell_supervisors(case.name)
		self.assertEqual(self.told(), [])
