"""The plan of the demo city: repeatable, in the past, and of the size and mix it claims."""

import json
from collections import Counter
from datetime import date, datetime, time
from pathlib import Path

import pytest

import govcrm
from govcrm.domain.questions import check_questions
from govcrm.domain.workflow import from_dict
from govcrm.setup.demo.answers import split, to_question
from govcrm.setup.demo.generator import plan_city, program_versions
from govcrm.setup.demo.world import load_world

TODAY = date(2026, 3, 31)
ROLES = {
	"Agency Administrator",
	"Program Designer",
	"Intake Agent",
	"Caseworker",
	"Case Supervisor",
	"Records Officer",
	"Privacy Officer",
	"Agency Auditor",
	"Elected Official",
	"Constituent",
}
KINDS = {"Service Request", "Complaint", "Permit", "Benefit", "Information"}


@pytest.fixture(scope="module")
def world():
	return load_world()


@pytest.fixture(scope="module")
def city(world):
	return plan_city(world, seed=1, today=TODAY, requests=2000, citizens=600)


def requests(city):
	return [request for matter in city.matters for request in matter.requests]


# The data -------------------------------------------------------------------------------------------------


def test_there_are_three_levels_of_departments(world):
	assert len(world.departments) >= 8
	assert max(len(world.ancestry(row["name"])) for row in world.departments) == 3


def test_twenty_users_hold_all_roles(world):
	assert len(world.users) == len({user["login"] for user in world.users}) == 20
	assert {role for user in world.users for role in user["roles"]} == ROLES


def test_every_membership_is_in_a_department_that_exists(world):
	names = {row["name"] for row in world.departments}
	assert {row["department"] for user in world.users for row in user.get("departments", ())} <= names


def test_supervisors_by_membership_hold_the_role(world):
	for user in world.users:
		supervises = any(row["role"] == "Supervisor" for row in user.get("departments", ()))
		assert supervises == ("Case Supervisor" in user["roles"]), user["login"]


def test_twenty_four_programs_cover_all_kinds(world):
	assert len({row["service_code"] for row in world.programs}) == 24
	assert {row["kind"] for row in world.programs} == KINDS


def test_the_questions_of_every_version_can_be_published(world):
	for program in world.programs:
		for version in program_versions(program, TODAY):
			questions = [to_question(row) for row in version["questions"]]
			assert [str(found) for found in check_questions(questions)] == [], program["service_code"]


def test_questions_show_conditions_and_sensitive_answers(world):
	questions = [row for program in world.programs for row in program["questions"]]
	assert sum("shown_when" in row for row in questions) >= 12
	assert sum(bool(row.get("sensitive")) for row in questions) >= 12


def test_courses_use_actions_their_workflow_has(world, definitions):
	for name, courses in world.courses.items():
		actions = {transition.action for transition in definitions[name].transitions}
		for course in courses:
			used = {
				row["args"]["action"]
				for row in course["steps"]
				if not row.get("on") and "action" in row.get("args", {})
			}
			assert used <= actions, (name, course["name"])


@pytest.fixture(scope="module")
def definitions():
	folder = Path(govcrm.__file__).parent / "workflows" / "definitions"
	files = (json.loads(path.read_text()) for path in folder.glob("*.json"))
	return {row["name"]: from_dict(row) for row in files}


# The plan -------------------------------------------------------------------------------------------------


def test_the_same_seed_and_day_give_the_same_plan(world, city):
	again = plan_city(world, seed=1, today=TODAY, requests=2000, citizens=600)
	assert again == city


def test_another_seed_gives_another_plan(world, city):
	assert plan_city(world, seed=2, today=TODAY, requests=2000, citizens=600) != city


def test_the_plan_has_the_size_asked_for(city):
	assert len(requests(city)) == 2000
	assert len(city.citizens) == 600


def test_everything_happened_within_the_year_before_today(city):
	until = datetime.combine(TODAY, time.min)
	for matter in city.matters:
		assert (until - matter.opened).days <= 365
		assert all(matter.opened <= step.at < until for step in matter.steps)
		assert all(request.requested < until for request in matter.requests)


def test_steps_are_in_the_order_of_time(city):
	for matter in city.matters:
		moments = [step.at for step in matter.steps]
		assert moments == sorted(moments)


def test_most_matters_are_done_and_some_run(city):
	running = sum(matter.is_running(datetime.max) for matter in city.matters) / len(city.matters)
	assert 0.03 < running < 0.12


def test_some_requests_join_a_matter_of_the_same_program_while_it_runs(city):
	joins = [(matter, step) for matter in city.matters for step in matter.steps if step.do == "join"]
	assert len(joins) >= 20
	for matter, step in joins:
		before = [
			other
			for other in matter.steps
			if other.at < step.at and other.do in ("close", "cancel") and not other.on
		]
		reopened = any(other.do == "reopen" and other.at < step.at for other in matter.steps)
		assert not before or reopened


def test_answers_pass_the_rules_of_intake(city):
	for matter in city.matters:
		version = program_versions(matter.program, TODAY)[matter.version - 1]
		for request in matter.requests:
			assert not split(version["questions"], request.answers).errors


def test_every_program_is_asked_for(world, city):
	asked = Counter(matter.program["service_code"] for matter in city.matters)
	assert set(asked) == {program["service_code"] for program in world.programs}


def test_permits_are_worked_in_two_more_departments(city):
	parts = {
		step.args["department"] for matter in city.matters for step in matter.steps if step.do == "refer"
	}
	assert {"Fire Prevention", "Environmental Health", "Planning and Zoning"} <= parts


def test_persons_reach_us_at_invented_numbers_and_addresses_only(city):
	for citizen in city.citizens:
		for point in citizen.contact_points:
			value = point["value"]
			assert value.endswith("example.org") or "-555-01" in value
