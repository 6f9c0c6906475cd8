"""The workflow checker, rule by rule, on small workflows drawn by hand."""

import pytest

from govcrm.domain.workflow import (
	TEXTS,
	State,
	Transition,
	WorkflowModel,
	check,
	from_dict,
	reachable,
	to_dict,
)

STATES = (
	State("New", "Open"),
	State("On Hold", "Waiting"),
	State("Done", "Closed"),
	State("Void", "Cancelled"),
)
EDGES = (
	Transition("New", "Hold", "On Hold", "Worker"),
	Transition("On Hold", "Resume", "New", "Worker"),
	Transition("New", "Finish", "Done", "Boss", allow_self_approval=False),
	Transition("New", "Cancel", "Void", "Worker"),
	Transition("Done", "Reopen", "New", "Boss"),
)
HELD = {"Worker": ["alice"], "Boss": ["bob"]}


def drawn(*more: Transition, states=STATES, edges=EDGES) -> WorkflowModel:
	return WorkflowModel("Test", tuple(states), (*edges, *more))


def codes(model: WorkflowModel, **options) -> set[str]:
	options = {"known_roles": HELD, "held_roles": HELD, **options}
	return {finding.code for finding in check(model, **options)}


def only(model: WorkflowModel, **options):
	findings = check(model, known_roles=HELD, held_roles=options.pop("held_roles", HELD), **options)
	assert len(findings) == 1, findings
	return findings[0]


def test_a_sound_workflow_has_no_findings():
	assert check(drawn(), known_roles=HELD, held_roles=HELD, decides=True) == []


def test_a_workflow_without_states_is_told_once():
	assert codes(WorkflowModel("Empty", (), ())) == {"no_states"}


def test_a_dead_end_is_named_and_says_what_to_do():
	model = drawn(Transition("New", "Lose", "Limbo", "Worker"), states=(*STATES, State("Limbo", "Open")))
	finding = only(model)
	assert (finding.code, finding.place) == ("dead_end", "Limbo")
	assert (
		finding.message
		== "A case in state Limbo could never be closed: no way leads from it to a Closed state."
	)
	assert finding.hint == "Add a transition from this state towards a Closed one."


def test_a_cancelled_state_may_be_the_end():
	assert "dead_end" not in codes(drawn())


def test_a_state_that_only_cancelled_cases_leave_is_a_dead_end():
	model = drawn(
		Transition("New", "Lose", "Limbo", "Worker"),
		Transition("Limbo", "Cancel", "Void", "Worker"),
		states=(*STATES, State("Limbo", "Open")),
	)
	assert only(model).code == "dead_end"


def test_waiting_that_ends_in_closing_alone_is_stuck():
	edges = [edge for edge in EDGES if edge.action != "Resume"]
	model = drawn(Transition("On Hold", "Give Up", "Done", "Worker"), edges=edges)
	assert (only(model).code, only(model).place) == ("waiting_stuck", "On Hold")


def test_without_a_closed_state_only_that_is_told():
	model = WorkflowModel("Test", (State("New", "Open"),), ())
	assert codes(model) == {"no_closed"}


def test_the_first_state_must_be_open():
	assert "initial_not_open" in codes(drawn(states=(STATES[2], STATES[0], STATES[1], STATES[3])))


def test_a_role_nobody_holds_is_found_only_when_asked():
	nobody = {"Worker": ["alice"], "Boss": []}
	assert codes(drawn(), held_roles=nobody) == {"role_not_held"}
	assert codes(drawn(), held_roles=None) == set()


def test_a_role_that_everybody_has_needs_no_holder():
	model = drawn(Transition("New", "Ping", "New", "All"))
	assert codes(model, known_roles=[*HELD, "All"]) == set()


def test_an_unknown_role_is_not_also_told_as_unheld():
	assert codes(drawn(Transition("New", "Ping", "New", "Ghost"))) == {"role_unknown"}


@pytest.mark.parametrize(
	("first", "second", "told_apart"),
	[
		("", "", False),
		("doc.priority == 'High'", "", False),
		("doc.priority == 'High'", " doc.priority == 'High' ", False),
		("doc.priority == 'High'", "doc.priority != 'High'", True),
	],
)
def test_one_action_to_two_places_needs_two_conditions(first, second, told_apart):
	model = drawn(
		Transition("New", "Decide", "Done", "Worker", first),
		Transition("New", "Decide", "Void", "Worker", second),
	)
	assert ("indistinguishable" not in codes(model)) == told_apart


def test_one_step_may_be_given_to_two_roles():
	model = drawn(Transition("New", "Hold", "On Hold", "Boss"))
	assert codes(model) == set()


def test_one_action_of_two_roles_to_two_places_clashes_for_who_holds_both():
	model = drawn(Transition("New", "Hold", "Void", "Boss"))
	assert codes(model) == set()
	assert codes(model, held_roles={"Worker": ["alice"], "Boss": ["alice", "bob"]}) == {"indistinguishable"}


def test_everybody_holds_the_role_all():
	model = drawn(Transition("New", "Hold", "Void", "All"))
	assert codes(model, known_roles=[*HELD, "All"]) == {"indistinguishable"}


def test_a_second_way_past_a_refused_self_approval_is_found():
	model = drawn(Transition("New", "Finish Quickly", "Done", "Worker"))
	assert only(model).code == "approval_bypassed"


def test_the_requester_may_not_decide_alone():
	model = drawn(
		Transition("New", "Examine", "Examined", "Worker"),
		Transition("Examined", "Grant", "Done", "Boss"),
		states=(*STATES, State("Examined", "Open")),
	)
	finding = only(model, decides=True)
	assert finding.code == "self_approval"
	assert "New → Examine → Examined, Examined → Grant → Done" in finding.message
	assert codes(model, decides=False) == set()


def test_one_second_person_on_the_way_is_enough():
	model = drawn(
		Transition("New", "Examine", "Examined", "Worker", allow_self_approval=False),
		Transition("Examined", "Grant", "Done", "Boss"),
		states=(*STATES, State("Examined", "Open")),
	)
	assert codes(model, decides=True) == set()


def test_reopening_behind_the_second_person_is_found():
	model = drawn(
		Transition("New", "Examine", "Examined", "Worker", allow_self_approval=False),
		Transition("Examined", "Grant", "Done", "Boss"),
		Transition("Done", "Correct", "Examined", "Boss"),
		states=(*STATES, State("Examined", "Open")),
	)
	assert codes(model, decides=True) == {"self_approval"}


def test_the_requester_may_withdraw_alone():
	assert codes(drawn(), decides=True) == set()


def test_a_cancelled_case_may_only_be_reopened():
	assert codes(drawn(Transition("Void", "Reopen", "New", "Boss"))) == set()
	assert codes(drawn(Transition("Void", "Close", "Done", "Boss"))) == {"cancelled_continues"}


def test_a_decision_is_not_cancelled_away():
	assert codes(drawn(Transition("Done", "Cancel", "Void", "Boss"))) == {"closed_cancelled"}


@pytest.mark.parametrize("condition", ["doc.priority =", "import os", "a b", "x = 1", "(" * 500, "\0"])
def test_a_condition_that_cannot_be_read_is_found(condition):
	assert codes(drawn(Transition("New", "Ping", "New", "Worker", condition))) == {"condition_broken"}


def test_a_state_may_be_listed_once_for_each_editing_role():
	assert codes(drawn(states=(*STATES, State("New", "Open")))) == set()
	assert codes(drawn(states=(*STATES, State("New", "Waiting")))) == {"state_repeated"}


def test_every_text_takes_the_values_of_its_finding():
	for code, (message, hint) in TEXTS.items():
		assert message.endswith((".", "{1}")), code
		assert hint, code


def test_words_are_translated_before_the_values_are_filled_in():
	model = drawn(states=(*STATES, State("Lost", "Closed")))
	message, _hint = only(model).words(lambda text: text.replace("State", "Zustand"))
	assert message.startswith("Zustand Lost")


def test_pinned_data_become_the_same_model_again():
	assert from_dict(to_dict(drawn())) == drawn()


def test_missing_data_become_empty():
	model = from_dict({"states": [{"state": "New"}], "transitions": [{"state": "New"}]})
	assert model.states == (State("New", ""),)
	assert model.transitions == (Transition("New", "", "", ""),)


@pytest.mark.parametrize(
	("raw", "allowed"), [(0, False), ("0", False), (False, False), (1, True), ("1", True)]
)
def test_self_approval_is_read_as_frappe_writes_it(raw, allowed):
	model = from_dict({"transitions": [{"allow_self_approval": raw}]})
	assert model.transitions[0].allow_self_approval is allowed


def test_reachable_goes_round_circles_and_stops():
	assert reachable(["a"], [("a", "b"), ("b", "a"), ("c", "d")]) == {"a", "b"}
