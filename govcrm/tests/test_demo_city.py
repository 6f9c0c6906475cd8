"""The demo city on a site: of the size asked for, repeatable, worked by the right people, the agency's own."""

from datetime import datetime, timedelta

import frappe
from frappe.utils import get_datetime, getdate

from govcrm.casework.clocks import records, summary
from govcrm.casework.sweep.rows import VERBS
from govcrm.domain.references import is_valid_reference
from govcrm.service_catalogue import calendars, versions
from govcrm.setup import seed
from govcrm.setup.demo import city, demo_logins, make_demo_city, year
from govcrm.setup.demo.copies import Copy, kinds
from govcrm.setup.demo.generator import plan_city
from govcrm.setup.demo.stage import Stage
from govcrm.setup.demo.world import load_world
from govcrm.tests import GovCRMTestCase

REQUESTS, CITIZENS = 60, 40
# What the database fills in for rows that no controller writes.
DEFAULTS = ("docstatus", "_assign", "_comments", "_liked_by", "_user_tags", "attempts", "failure")
MINUTE = timedelta(minutes=1)
SAVEPOINT, YEAR = "test_demo_city", "test_demo_year"


class TestDemoCity(GovCRMTestCase):
	"""One city for all tests here, since making it takes seconds; each test is taken back to just after it."""

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		frappe.db.delete("Service Request")
		frappe.db.set_global(city.MARK, "")
		cls.made = make_demo_city(requests=REQUESTS, citizens=CITIZENS, seed=99)  # no names of a city at hand

	@classmethod
	def tearDownClass(cls) -> None:
		frappe.set_user("Administrator")
		frappe.db.rollback()
		for program in load_world().programs:
			versions.forget_timetable(program["service_code"])
		frappe.clear_cache()
		super().tearDownClass()

	def setUp(self) -> None:
		frappe.set_user("Administrator")
		frappe.db.savepoint(SAVEPOINT)

	def tearDown(self) -> None:
		frappe.set_user("Administrator")
		frappe.db.rollback(save_point=SAVEPOINT)
		frappe.defaults.clear_defaults_cache("__global")

	# Size and shape -----------------------------------------------------------------------------------------

	def test_it_has_the_size_asked_for(self) -> None:
		self.assertEqual(self.made["Service Request"], REQUESTS)
		self.assertGreaterEqual(frappe.db.count("Citizen"), CITIZENS)
		self.assertGreaterEqual(frappe.db.count("Agency Department"), 18)
		self.assertEqual(frappe.db.count("Agency Program", {"is_public": 1}), 24)

	def test_its_users_cover_all_roles(self) -> None:
		logins = demo_logins()
		self.assertEqual(len(logins), 20)
		for login in logins:
			self.assertLessEqual(set(login["roles"]), set(frappe.get_roles(login["user"])))

	def test_staff_use_the_desk_and_the_constituent_does_not(self) -> None:
		for login in demo_logins():
			kind = "Website User" if "Constituent" in login["roles"] else "System User"
			self.assertEqual(frappe.db.get_value("User", login["user"], "user_type"), kind)

	def test_every_program_has_a_version_in_force(self) -> None:
		without = frappe.get_all("Agency Program", {"current_version": ["is", "not set"]}, pluck="name")
		self.assertEqual(without, [])

	def test_names_are_references_with_a_right_check_character(self) -> None:
		for doctype, prefix in (("Service Request", "SR"), ("Case", "CASE")):
			for name in frappe.get_all(doctype, pluck="name"):
				self.assertTrue(is_valid_reference(name, prefix), name)

	def test_nothing_happens_after_the_plan_ends(self) -> None:
		end = get_datetime(getdate())
		for doctype in ("Service Request", "Case", "Case Event", "Case Task", "Interaction", "ToDo"):
			rows = frappe.get_all(doctype, fields=["creation", "modified"])
			moments = [(get_datetime(row.creation), get_datetime(row.modified)) for row in rows]
			self.assertTrue(all(created <= changed < end for created, changed in moments), doctype)

	def test_every_request_has_a_case_and_a_first_contact(self) -> None:
		contacted = set(frappe.get_all("Interaction", pluck="service_request"))
		for request in frappe.get_all("Service Request", fields=["name", "case"]):
			self.assertTrue(frappe.db.exists("Case", request.case))
			self.assertIn(request.name, contacted)

	def test_requests_are_closed_with_an_answer_just_when_their_case_has_ended(self) -> None:
		for request in frappe.get_all("Service Request", fields=["*"]):
			ended = frappe.db.get_value("Case", request.case, "state_category") in ("Closed", "Cancelled")
			self.assertEqual(request.status == "Closed", ended)
			self.assertEqual(bool(request.closed_datetime), ended)
			self.assertTrue(request.status_notes or not ended)

	def test_no_mail_waits(self) -> None:
		users = [login["user"] for login in demo_logins()]
		self.assertFalse(frappe.db.exists("Email Queue Recipient", {"recipient": ["in", users]}))

	# Copies -------------------------------------------------------------------------------------------------

	def test_a_copy_equals_what_the_controllers_made(self) -> None:
		"""Play two matters of one shape; the copy of the first as the second has the columns of the second."""
		for course in ("repaired after a wait", "issued", "granted"):
			with self.subTest(course):
				other, copied, second = self.copied_and_played(course)
				for rows in (copied, second.rows):
					leave_out_what_time_does(rows)
				self.assertEqual(sizes(copied), sizes(second.rows))
				for doctype, rows in second.rows.items():
					ours = comparable(doctype, copied[doctype], other.opened)
					self.assertEqual(ours, comparable(doctype, rows, second.matter.opened), doctype)
				self.assertEqual(untimely(other, copied), [])

	def copied_and_played(self, course: str) -> tuple:
		"""A matter, its rows copied from another of its shape, and the recording of itself."""
		citizens = frappe.get_all("Citizen", pluck="name", order_by="name", limit=CITIZENS)
		stage, (played, other) = Stage(load_world(), citizens), two_of_a_shape(course)
		self.give_nothing_out()
		with city.quietly():
			first = stage.record(played, {len(played.steps)})[len(played.steps)]
			second = stage.record(other, {len(other.steps)})[len(other.steps)]
		return other, Copy(stage, first, other, _Counter(), get_datetime(getdate())).rows(), second

	# Clocks -------------------------------------------------------------------------------------------------

	def test_a_clock_of_a_copy_is_what_its_events_say(self) -> None:
		"""Those who keep clocks read every record from its events again, and find nothing to change."""
		cases = frappe.get_all("Case", pluck="name")
		clocks = [clock for case in cases for clock in records.clocks_of(case)]
		self.assertGreater(len(clocks), REQUESTS)
		for clock in clocks:
			stored = frappe.db.get_value("Case Deadline", clock.name, "*", as_dict=True)
			for column, value in records.clock_row(clock).items():
				self.assertEqual(str(stored[column] or ""), str(value or ""), (clock.name, column))

	def test_a_case_shows_what_its_clocks_say(self) -> None:
		for case in frappe.get_all("Case", fields=["name", *summary.FIELDS]):
			rows = frappe.get_all("Case Deadline", {"case": case.name}, list(summary.NEEDED))
			shown = summary.of_rows(rows)
			for field in summary.FIELDS:
				self.assertEqual(str(case[field] or ""), str(shown[field] or ""), (case.name, field))

	def test_nothing_is_left_to_the_sweep(self) -> None:
		end = calendars.utc_naive(calendars.instant(get_datetime(getdate())))
		left = [["next_at", ">", "1970-01-01"], ["next_at", "<", end]]  # `<` alone takes the empty in
		self.assertFalse(frappe.get_all("Case Deadline", left, pluck="name"))
		self.assertFalse(frappe.get_all("Case Deadline Event", {"pending": 1}, pluck="name"))

	def test_the_city_is_well_run(self) -> None:
		ended = frappe.get_all("Case Deadline", {"status": "Stopped"}, pluck="breached")
		self.assertGreater(1 - sum(ended) / len(ended), 0.8)

	def test_a_wait_moves_the_date_of_a_copy(self) -> None:
		"""The same acts at other times give other dates: they are derived, not shifted."""
		other, copied, _second = self.copied_and_played("repaired after a wait")
		clock = next(row for row in copied["Case Deadline"] if row["milestone"] == "resolved")
		kinds_of = [
			row["kind"] for row in copied["Case Deadline Event"] if row["case_deadline"] == clock["name"]
		]
		self.assertIn("Pause", kinds_of)
		self.assertGreater(clock["paused_seconds"], 3600)
		self.assertEqual(get_datetime(clock["started_at"]), other.opened)

	# Routing ------------------------------------------------------------------------------------------------

	def test_every_request_with_a_place_lies_in_a_ward(self) -> None:
		wards = set(frappe.get_all("Service Area", {"level": "Ward"}, pluck="name"))
		for request in frappe.get_all("Service Request", fields=["latitude", "area", "service_area"]):
			self.assertEqual(request.service_area in wards, bool(request.latitude))
			self.assertTrue(not request.latitude or request.service_area == request.area)

	def test_cases_say_why_they_went_where_they_are(self) -> None:
		for case in frappe.get_all(
			"Case", {"parent_case": ["is", "not set"]}, ["routing_reason", "department"]
		):
			self.assertIn(case.department, case.routing_reason)

	# Repeatable ---------------------------------------------------------------------------------------------

	def give_nothing_out(self) -> None:
		"""As while the city was made: by hand, and nobody away."""
		frappe.db.delete("Staff Profile")
		for name in frappe.get_all("Agency Department", pluck="name"):
			frappe.db.set_value("Agency Department", name, "assignment_method", "Left To Be Taken")

	def test_the_same_plan_and_seed_make_the_same_requests(self) -> None:
		self.assertEqual(self.names_of_a_year(), self.names_of_a_year())

	def names_of_a_year(self) -> list:
		citizens = frappe.get_all("Citizen", pluck="name", order_by="name", limit=CITIZENS)
		day = getdate() - timedelta(days=3)
		plan = plan_city(load_world(), seed=7, today=day, requests=6, citizens=CITIZENS)
		frappe.db.savepoint(YEAR)
		try:
			frappe.db.delete("Service Request")
			self.give_nothing_out()
			with city.quietly():
				year.make_year(plan, citizens, 7, lambda what, done, total: None)
			fields = ["name", "case", "program", "citizen", "status", "requested_datetime"]
			return frappe.get_all("Service Request", fields=fields, order_by="name")
		finally:
			frappe.db.rollback(save_point=YEAR)

	# Made once ----------------------------------------------------------------------------------------------

	def test_a_second_call_does_nothing(self) -> None:
		self.assertEqual(make_demo_city(requests=REQUESTS), {})
		self.assertEqual(frappe.db.count("Service Request"), REQUESTS)

	def test_a_site_with_requests_is_refused(self) -> None:
		frappe.db.set_global(city.MARK, "")
		with self.assertRaises(frappe.ValidationError):
			make_demo_city(requests=1)

	def test_a_site_that_is_no_demo_has_no_logins(self) -> None:
		frappe.db.set_global(city.MARK, "")
		self.assertEqual(demo_logins(), [])

	def test_what_was_made_is_the_agencys_to_change(self) -> None:
		program = frappe.get_doc("Agency Program", "POTHOLE")
		program.program_name = "Holes in Roads"
		program.save()
		seed.seed()
		self.assertEqual(frappe.db.get_value("Agency Program", "POTHOLE", "program_name"), "Holes in Roads")

	# Access -------------------------------------------------------------------------------------------------

	def test_a_caseworker_sees_the_cases_of_her_department_only(self) -> None:
		frappe.set_user(self.user("nora.beck"))
		seen = set(frappe.get_list("Case", pluck="name", limit=0))
		departments = {frappe.db.get_value("Case", name, "department") for name in seen}
		self.assertIn("Streets", departments)
		takes_part = set(frappe.get_all("Case Participant", {"user": self.user("nora.beck")}, pluck="case"))
		takes_part |= set(frappe.get_all("Case Participant", {"department": "Streets"}, pluck="case"))
		for name in seen - takes_part:
			self.assertEqual(frappe.db.get_value("Case", name, "department"), "Streets")

	def test_an_elected_official_sees_no_case(self) -> None:
		frappe.set_user(self.user("helen.draper"))
		self.assertFalse(frappe.has_permission("Case", "read") and frappe.get_list("Case"))

	def test_the_constituent_sees_her_own_requests_only(self) -> None:
		frappe.set_user(self.user("rosa.kimball"))
		own = frappe.get_all("Citizen", {"user": self.user("rosa.kimball")}, pluck="name")
		for row in frappe.get_list("Service Request", fields=["citizen", "owner"], limit=0):
			self.assertTrue(row.citizen in own or row.owner == frappe.session.user)

	def test_work_was_done_by_people_of_the_department(self) -> None:
		events = frappe.get_all("Case Event", {"verb": "accept"}, ["actor", "case"])
		world = load_world()
		for event in events:
			department = frappe.db.get_value("Case", event.case, "department")
			workers = {world.email(login) for login in world.workers(department)}
			self.assertIn(event.actor, workers)

	def user(self, login: str) -> str:
		return load_world().email(login)


class _Counter:
	"""Stands in for the seeded generator: names in the order they are asked for."""

	def __init__(self) -> None:
		self.number = 0

	def getrandbits(self, bits: int) -> int:
		self.number += 1
		return self.number


def two_of_a_shape(course: str) -> tuple:
	"""Two matters that took the whole of a course, filed by the agent who plays all of them."""
	plan = plan_city(load_world(), seed=5, today=getdate(), requests=1500, citizens=CITIZENS)
	seen: dict = {}
	for matter in plan.matters:
		if matter.course != course or matter.requests[0].agent != load_world().first_agent:
			continue
		if matter.shape() in seen and matter.steps[-1].do == "close":
			return seen[matter.shape()], matter
		seen[matter.shape()] = matter
	raise AssertionError(f"no two matters took the course {course}")


def leave_out_what_time_does(rows: dict[str, list]) -> None:
	"""A play takes a minute, a copy weeks: in these, warnings come due and dates are missed."""
	rows["Case Event"] = [row for row in rows["Case Event"] if row["verb"] not in VERBS.values()]
	rows["Case Deadline Event"] = [
		row for row in rows["Case Deadline Event"] if row["kind"] not in records.SIGNS
	]


def sizes(rows: dict[str, list]) -> dict[str, int]:
	return {doctype: len(found) for doctype, found in rows.items()}


def untimely(matter, rows: dict[str, list]) -> list:
	"""The steps for which there is no event at their time."""
	times = [get_datetime(event["at"]) for event in rows["Case Event"]]
	silent = {"contact"}  # that is no act on the case
	if not any(task["required"] for task in rows.get("Case Task", ())):
		silent.add("finish_tasks")  # as in programs that order none
	acts = [step for step in matter.steps if step.do not in silent]
	return [step for step in acts if not any(step.at <= at < step.at + MINUTE for at in times)]


def comparable(doctype: str, rows: list[dict], opened: datetime) -> list[dict]:
	"""Rows without what must differ: names, and moments. Of those that follow from the request, how far they are from it."""
	reckoned = {"Service Request": "requested_datetime", "Case": "opened_datetime", "Case Task": "due"}
	left_out = {
		*kinds(doctype),
		*("name", "case", "service_request", "parent", "reference_name", "source_name", "content"),
		*("parent_case", "detail", "case_deadline", "idx", "routing_reason"),
		*("elapsed_seconds", "paused_seconds", "breached", "warned_percent", "next_kind", "next_percent"),
		*("deadline_status", "next_deadline"),
		*(DEFAULTS if doctype in (records.CLOCK, records.EVENT) else ()),
	}
	bare = [{column: value for column, value in row.items() if column not in left_out} for row in rows]
	for row, whole in zip(bare, rows, strict=True):
		moment = whole.get(reckoned.get(doctype))
		if moment and not whole.get("parent_case"):  # a part is opened by an act, not by a request
			row["after"] = (getdate(moment) - opened.date()).days
	return sorted(bare, key=frappe.as_json)
