"""What is wrong with a policy is found, each by a row that has just that."""

import pytest

from govcrm.domain.deadlines_policy import TEXTS, problems

SOUND = {
	"code": "decision",
	"label": "Decision",
	"amount": 10,
	"unit": "Working Days",
	"nature": "Target",
	"start_event": "Opened",
	"stop_event": "Closed",
	"warn_at": "50, 75",
	"on_breach": "None",
}
LAW = {"nature": "Statutory", "citation": "§ 42"}

# (code of the problem, what a sound row is given)
BROKEN = [
	("code", {"code": "First Response"}),
	("amount", {"amount": 0}),
	("amount", {"amount": 400, "unit": "Calendar Months"}),
	("part", {"amount": 1.5}),
	("warn_at", {"warn_at": "soon"}),
	("warn_at", {"warn_at": "0, 50"}),
	("condition", {"condition": "__import__('os')"}),
	("start_state", {"start_event": "State Entered"}),
	("stop_state", {"stop_event": "State Entered"}),
	("same", {"start_event": "Accepted", "stop_event": "Accepted"}),
	("deemed", {"on_breach": "Deemed Granted", "breach_action": "Grant"}),
	("breach_action", {"on_breach": "Deemed Refused", **LAW}),
	("extension", {"max_extensions": -1}),
	("notice", {"extension_notice": 1}),
]


def found(*rows: dict, steps: tuple = ()) -> list[tuple[int, str]]:
	return [(problem.row, problem.code) for problem in problems(rows, steps)]


@pytest.mark.parametrize(("code", "values"), BROKEN)
def test_a_broken_row_is_found_alone(code, values):
	assert found({**SOUND, **values}) == [(1, code)]


def test_a_sound_policy_has_none():
	rows = (
		{**SOUND, "priority": "Urgent", "amount": 1.5, "unit": "Working Hours"},
		{**SOUND, "is_promise": 1},
		{**SOUND, "code": "first", "stop_event": "First Response"},
		{**SOUND, "code": "law", "on_breach": "Deemed Granted", "breach_action": "Grant", **LAW},
	)
	assert found(*rows, steps=({"at_percent": 150, "milestone": "law"}, {"at_percent": 50})) == []


def test_rows_that_no_case_gets_to_are_found():
	assert found(SOUND, {**SOUND, "priority": "High"}) == [(2, "hidden")]


def test_two_promises_are_found_but_not_two_rows_of_one():
	promise = {**SOUND, "is_promise": 1}
	assert found({**promise, "priority": "High"}, promise) == []
	assert found(promise, {**promise, "code": "other"}) == [(2, "promises")]


def test_steps_of_unknown_milestones_and_odd_percentages_are_found():
	steps = ({"at_percent": 0}, {"at_percent": 100, "milestone": "other"}, {"at_percent": 1001})
	assert found(SOUND, steps=steps) == [(1, "at_percent"), (2, "unknown_milestone"), (3, "at_percent")]


def test_every_text_is_used():
	tried = {code for code, _values in BROKEN} | {"hidden", "promises", "at_percent", "unknown_milestone"}
	assert tried == set(TEXTS)


def test_a_unit_there_is_not_is_left_to_its_field():
	for unit in (None, "", "Weeks"):
		assert list(problems([{**SOUND, "unit": unit}], [])) == []
