"""The workflow checker on random workflows: sound ones pass, each way of breaking one is caught."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.workflow import (
	CANCELLED,
	CATEGORIES,
	CLOSED,
	OPEN,
	TEXTS,
	WAITING,
	State,
	Transition,
	WorkflowModel,
	check,
	from_dict,
	to_dict,
)

ROLES = {"Worker": {"alice"}, "Boss": {"bob"}, "Clerk": {"alice", "carol"}}


def named(category: str, number: int) -> list[str]:
	return [f"{category} {index}" for index in range(number)]


@st.composite
def sound_workflows(draw) -> WorkflowModel:
	"""A chain of Open states to a Closed one; everything else hangs on it, and some extra ways go about.

	Only transitions into Closed states refuse self-approval, all of them.
	"""
	opened, waiting, closed, cancelled = (
		named(category, draw(st.integers(1, 4))) for category in (OPEN, WAITING, CLOSED, CANCELLED)
	)
	ways = [*pairwise(opened), (opened[-1], closed[0])]
	ways += [(draw(st.sampled_from(opened)), state) for state in (*waiting, *closed, *cancelled)]
	ways += [(state, draw(st.sampled_from(opened))) for state in waiting]
	ways += draw(
		st.lists(st.tuples(st.sampled_from(opened + closed + cancelled), st.sampled_from(opened)), max_size=6)
	)
	ways += draw(st.lists(st.tuples(st.sampled_from(waiting), st.sampled_from(closed + waiting)), max_size=3))
	names = [*opened[1:], *draw(st.permutations([*waiting, *closed, *cancelled]))]
	states = [State(name, name.split()[0]) for name in [opened[0], *names]]
	return WorkflowModel(
		"Random", tuple(states), tuple(edge(draw, *way, index) for index, way in enumerate(ways))
	)


def edge(draw, state: str, next_state: str, index: int) -> Transition:
	return Transition(
		state,
		f"Action {index}",
		next_state,
		draw(st.sampled_from(sorted(ROLES))),
		draw(st.sampled_from(["", 'doc.priority == "High"'])),
		not next_state.startswith(CLOSED),
	)


def findings_of(model: WorkflowModel) -> list:
	return check(model, known_roles=ROLES, held_roles=ROLES, decides=True)


def with_edges(model: WorkflowModel, *edges: Transition) -> WorkflowModel:
	return replace(model, transitions=tuple(edges))


def with_more(model: WorkflowModel, *edges: Transition) -> WorkflowModel:
	return with_edges(model, *model.transitions, *edges)


def with_one_changed(draw, model: WorkflowModel, **changes) -> tuple[WorkflowModel, str]:
	index = draw(st.integers(0, len(model.transitions) - 1))
	edges = list(model.transitions)
	edges[index] = replace(edges[index], **changes)
	return with_edges(model, *edges), edges[index].title


def with_category(model: WorkflowModel, name: str, category: str) -> WorkflowModel:
	states = (replace(state, category=category) if state.name == name else state for state in model.states)
	return replace(model, states=tuple(states))


def any_state(draw, model: WorkflowModel, *categories: str) -> str:
	return draw(st.sampled_from(sorted(model.names(*categories or CATEGORIES))))


# Each mutation breaks a sound workflow in one way and returns it with the place where that must be found.


def drop_every_way_in(draw, model):
	name = any_state(draw, model, WAITING, CLOSED, CANCELLED)
	return with_edges(model, *(edge for edge in model.transitions if edge.next_state != name)), name


def add_an_orphan(draw, model):
	category = draw(st.sampled_from(CATEGORIES))
	return replace(model, states=(*model.states, State("Orphan", category))), "Orphan"


def lead_into_a_dead_end(draw, model):
	more = replace(model, states=(*model.states, State("Limbo", OPEN)))
	return with_more(more, Transition(any_state(draw, model, OPEN), "Lose", "Limbo", "Worker")), "Limbo"


def let_waiting_never_resume(draw, model):
	name = any_state(draw, model, WAITING)
	kept = [edge for edge in model.transitions if edge.state != name]
	closing = Transition(name, "Give Up", any_state(draw, model, CLOSED), "Boss", "", False)
	return with_edges(model, *kept, closing), name


def name_an_unknown_role(draw, model):
	return with_one_changed(draw, model, role="Ghost")


def strip_the_category(draw, model):
	name = any_state(draw, model)
	return with_category(model, name, ""), name


def invent_a_category(draw, model):
	name = any_state(draw, model)
	return with_category(
		model, name, draw(st.text(min_size=1).filter(lambda text: text not in CATEGORIES))
	), name


def start_elsewhere(draw, model):
	category = draw(st.sampled_from([WAITING, CLOSED, CANCELLED]))
	return with_category(model, model.initial.name, category), model.initial.name


def open_every_closed_state(draw, model):
	for name in model.names(CLOSED):
		model = with_category(model, name, CANCELLED)
	return model, model.name


def list_a_state_twice(draw, model):
	name = any_state(draw, model)
	other = draw(st.sampled_from([category for category in CATEGORIES if not name.startswith(category)]))
	return replace(model, states=(*model.states, State(name, other))), name


def lead_nowhere(draw, model):
	return with_one_changed(draw, model, next_state="Nowhere")


def come_from_nowhere(draw, model):
	return with_one_changed(draw, model, state="Nowhere")


def blank_the_action(draw, model):
	return with_one_changed(draw, model, action="")


def break_the_condition(draw, model):
	return with_one_changed(
		draw, model, condition=draw(st.sampled_from(["doc.", "if x", "a = 1", ")", "\0"]))
	)


def repeat_a_transition(draw, model):
	edge = draw(st.sampled_from(model.transitions))
	return with_more(model, edge), edge.title


def repeat_an_action_elsewhere(draw, model):
	edge = draw(st.sampled_from(model.transitions))
	others = [state.name for state in model.states if state.name != edge.next_state]
	return with_more(model, replace(edge, next_state=draw(st.sampled_from(others)), condition="")), edge.title


def close_a_cancelled_case(draw, model):
	edge = Transition(
		any_state(draw, model, CANCELLED), "Close", any_state(draw, model, CLOSED), "Boss", "", False
	)
	return with_more(model, edge), edge.title


def cancel_a_closed_case(draw, model):
	edge = Transition(any_state(draw, model, CLOSED), "Cancel", any_state(draw, model, CANCELLED), "Boss")
	return with_more(model, edge), edge.title


def go_round_the_approval(draw, model):
	edge = draw(st.sampled_from([edge for edge in model.transitions if not edge.allow_self_approval]))
	return with_more(model, replace(edge, action="Short Cut", allow_self_approval=True)), edge.title


def approve_alone(draw, model):
	edge = draw(st.sampled_from([edge for edge in model.transitions if not edge.allow_self_approval]))
	alone = replace(edge, allow_self_approval=True)
	kept = [one for one in model.transitions if (one.state, one.next_state) != (edge.state, edge.next_state)]
	return with_edges(model, *kept, alone), None


MUTATIONS = {
	drop_every_way_in: "unreachable",
	add_an_orphan: "unreachable",
	lead_into_a_dead_end: "dead_end",
	let_waiting_never_resume: "waiting_stuck",
	name_an_unknown_role: "role_unknown",
	strip_the_category: "category_missing",
	invent_a_category: "category_unknown",
	start_elsewhere: "initial_not_open",
	open_every_closed_state: "no_closed",
	list_a_state_twice: "state_repeated",
	lead_nowhere: "state_unknown",
	come_from_nowhere: "state_unknown",
	blank_the_action: "action_missing",
	break_the_condition: "condition_broken",
	repeat_a_transition: "indistinguishable",
	repeat_an_action_elsewhere: "indistinguishable",
	close_a_cancelled_case: "cancelled_continues",
	cancel_a_closed_case: "closed_cancelled",
	go_round_the_approval: "approval_bypassed",
	approve_alone: "self_approval",
}


@given(sound_workflows())
def test_a_random_sound_workflow_passes(model):
	assert findings_of(model) == []


@given(sound_workflows())
def test_a_sound_workflow_survives_pinning(model):
	assert from_dict(to_dict(model)) == model


@pytest.mark.parametrize(
	("mutate", "code"), MUTATIONS.items(), ids=lambda value: getattr(value, "__name__", value)
)
@given(data=st.data(), model=sound_workflows())
def test_each_mutation_is_caught_in_its_place(mutate, code, data, model):
	broken, place = mutate(data.draw, model)
	places = {finding.place for finding in findings_of(broken) if finding.code == code}
	assert place in places if place else places


@given(sound_workflows(), st.sampled_from(sorted(ROLES)))
def test_a_role_that_nobody_holds_is_caught_wherever_it_is_used(model, role):
	held = {**ROLES, role: set()}
	found = check(model, known_roles=ROLES, held_roles=held)
	used = {edge.title for edge in model.transitions if edge.role == role}
	assert {finding.place for finding in found if finding.code == "role_not_held"} == used


def test_every_rule_has_a_mutation_or_a_test_of_its_own():
	assert set(TEXTS) - set(MUTATIONS.values()) == {"no_states", "role_not_held"}


words = st.one_of(st.sampled_from(["A", "B", *CATEGORIES]), st.text(max_size=5))
garbage = st.builds(
	WorkflowModel,
	words,
	st.lists(st.builds(State, words, words), max_size=6).map(tuple),
	st.lists(st.builds(Transition, words, words, words, words, words, st.booleans()), max_size=8).map(tuple),
)


@given(garbage, st.sets(words), st.dictionaries(words, st.sets(words)), st.booleans())
def test_garbage_is_told_in_words_and_never_crashes(model, known, held, decides):
	for finding in check(model, known_roles=known, held_roles=held, decides=decides):
		assert finding.message and finding.hint


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
rows = st.lists(
	st.dictionaries(
		st.sampled_from(["state", "state_category", "action", "next_state", "allowed", "condition"]), scalars
	)
)


@given(st.fixed_dictionaries({}, optional={"name": scalars, "states": rows, "transitions": rows}))
def test_garbage_from_outside_becomes_a_model(data):
	assert all(finding.message for finding in check(from_dict(data)))
