"""Is a workflow sound? A checker for the state machines that admins draw.

A workflow is a directed graph of states and transitions. The first state is where every case starts. Behaviour
keys on the category of a state, never on its label:

- Open: somebody has to work on the case.
- Waiting: nobody can go on until something arrives; the clock may stand still.
- Closed: decided or done.
- Cancelled: ended without a result.

Conditions of transitions are code that only a running case can decide, so the checker takes every condition as
one that may hold. It proves what must be true of any workflow; it does not prove that a condition ever holds.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import combinations

from govcrm.domain.texts import _

OPEN, WAITING, CLOSED, CANCELLED = "Open", "Waiting", "Closed", "Cancelled"
CATEGORIES = (OPEN, WAITING, CLOSED, CANCELLED)
ENDS = frozenset((CLOSED, CANCELLED))

# Held by every user without anybody giving it: Frappe's automatic roles.
EVERYBODY = frozenset(("All", "Guest", "Desk User"))

# Kinds of program whose outcome gives or takes a right, hence never decided by the requester alone.
DECIDED_KINDS = frozenset(("Permit", "Benefit"))


# code: (what is wrong, what to do). {0}, {1}, … stand for the finding's values.
TEXTS = {
	"no_states": (
		_("The workflow has no states."),
		_("Draw at least one Open and one Closed state."),
	),
	"category_missing": (
		_("State {0} has no category."),
		_("Choose Open, Waiting, Closed or Cancelled as the category of this state."),
	),
	"category_unknown": (
		_("State {0} has the category {1}, which does not exist."),
		_("Choose Open, Waiting, Closed or Cancelled as the category of this state."),
	),
	"state_repeated": (
		_("State {0} is listed more than once with different categories."),
		_("Keep one row for this state, or give all its rows the same category."),
	),
	"initial_not_open": (
		_("The first state, {0}, is {1}; every new case would start there."),
		_("Move a state of category Open to the top of the list of states."),
	),
	"no_closed": (
		_("No state is of category Closed, so no case could ever be closed."),
		_("Add a state of category Closed, or give an existing one this category."),
	),
	"state_unknown": (
		_("Transition {0} names the state {1}, which is not in the list of states."),
		_("Add the state to the list, or let the transition start and end at listed states."),
	),
	"unreachable": (
		_("State {0} can never be reached from the first state."),
		_("Add a transition that leads to this state, or remove the state."),
	),
	"dead_end": (
		_("A case in state {0} could never be closed: no way leads from it to a Closed state."),
		_("Add a transition from this state towards a Closed one."),
	),
	"waiting_stuck": (
		_("A case waiting in state {0} could never be resumed."),
		_("Add a transition from this state to a state of category Open."),
	),
	"cancelled_continues": (
		_("Transition {0} leads from a Cancelled state to one that is {1}."),
		_("A cancelled case may only be reopened: let the transition lead to an Open state."),
	),
	"closed_cancelled": (
		_("Transition {0} turns a closed case into a cancelled one, so its decision would be lost."),
		_("Let the case be reopened to an Open state first, and cancelled from there."),
	),
	"action_missing": (
		_("Transition {0} has no action."),
		_("Name the action that the button for this transition shall show."),
	),
	"role_unknown": (
		_("Transition {0} is for the role {1}, which does not exist."),
		_("Choose an existing role, or create this one."),
	),
	"role_not_held": (
		_("Transition {0} is for the role {1}, which no enabled user holds."),
		_("Give the role to somebody, or choose another role for the transition."),
	),
	"condition_broken": (
		_("The condition of transition {0} cannot be read: {1}"),
		_('Correct the condition. It is one Python expression, such as: doc.priority == "High"'),
	),
	"indistinguishable": (
		_(
			"Transitions {0} and {1} cannot be told apart: same state, same action, and one user may take either."
		),
		_(
			"Rename one of the actions, remove one transition, or give both conditions that exclude each other."
		),
	),
	"approval_bypassed": (
		_(
			"Transition {0} refuses self-approval, but {1} leads from the same state to the same state and allows it."
		),
		_("Unset self-approval on both, or remove the second one."),
	),
	"self_approval": (
		_("Whoever filed a request could decide on it alone, by this way: {0}."),
		_('Unset "Allow Self Approval" on the transition that decides.'),
	),
}


@dataclass(frozen=True)
class State:
	"""A state by name; `category` is one of `CATEGORIES` where the workflow is sound."""

	name: str
	category: str


@dataclass(frozen=True)
class Transition:
	"""One way from `state` to `next_state`, shown as the button `action` to holders of `role`.

	`condition` is a Python expression or empty. With `allow_self_approval` unset, who filed the request may
	not take it.
	"""

	state: str
	action: str
	next_state: str
	role: str
	condition: str = ""
	allow_self_approval: bool = True

	@property
	def title(self) -> str:
		return f"{self.state} → {self.action} → {self.next_state}"


@dataclass(frozen=True)
class WorkflowModel:
	"""A workflow as the rules see it. The first state is the initial one."""

	name: str
	states: tuple[State, ...]
	transitions: tuple[Transition, ...]

	@property
	def initial(self) -> State:
		return self.states[0]

	@property
	def categories(self) -> dict[str, str]:
		"""Category by state; of a repeated state the first row counts."""
		return {state.name: state.category for state in reversed(self.states)}

	def names(self, *categories: str) -> set[str]:
		return {name for name, category in self.categories.items() if category in categories}

	def leaving(self, state: str) -> list[Transition]:
		return [edge for edge in self.transitions if edge.state == state]


@dataclass(frozen=True)
class Finding:
	"""One thing that is wrong: `code` for programs, `place` (a state or a transition) and words for people."""

	code: str
	place: str
	values: tuple[str, ...] = field(default=())

	def words(self, translate: Callable[[str], str] = str) -> tuple[str, str]:
		"""(what is wrong, what to do), each through `translate` before the values are filled in."""
		message, hint = TEXTS[self.code]
		return translate(message).format(*self.values), translate(hint).format(*self.values)

	@property
	def message(self) -> str:
		return self.words()[0]

	@property
	def hint(self) -> str:
		return self.words()[1]


def check(
	model: WorkflowModel,
	*,
	known_roles: Collection[str] | None = None,
	held_roles: Mapping[str, Collection[str]] | None = None,
	decides: bool = False,
) -> list[Finding]:
	"""Everything that is wrong with a workflow; an empty list proves it sound.

	`known_roles`: the roles that exist. `held_roles`: users by role, of the enabled users. Where either is None
	its rules are left out (a workflow may be drawn before anybody is appointed).

	`decides`: the workflow is for a program that grants or denies (`DECIDED_KINDS`). Then the requester must not
	be able to approve: from the initial state, and again from where an ended case is reopened, no way may lead
	to a Closed state over transitions alone that all allow self-approval. Ways into Cancelled states are free:
	a requester may withdraw.
	"""
	if not model.states:
		return [_finding("no_states", model.name)]
	rules = (_check_categories, _check_ends, _check_flow, _check_text, _check_bypass)
	findings = [finding for rule in rules for finding in rule(model)]
	findings += _check_roles(model, known_roles, held_roles)
	findings += _check_ambiguity(model, held_roles or {})
	if decides:
		findings += _check_self_approval(model)
	return findings


def reachable(starts: Iterable[str], edges: Iterable[tuple[str, str]]) -> set[str]:
	"""All nodes that can be reached over directed `edges` from `starts`, these included."""
	following = defaultdict(list)
	for tail, head in edges:
		following[tail].append(head)
	seen, waiting = set(starts), list(starts)
	while waiting:
		fresh = [node for node in following[waiting.pop()] if node not in seen]
		seen.update(fresh)
		waiting += fresh
	return seen


def to_dict(model: WorkflowModel) -> dict:
	"""Plain data in the form that is pinned to a program version (the field names of Frappe's Workflow)."""
	return {
		"name": model.name,
		"states": [{"state": state.name, "state_category": state.category} for state in model.states],
		"transitions": [_edge_to_dict(edge) for edge in model.transitions],
	}


def from_dict(data: Mapping) -> WorkflowModel:
	"""The model of pinned data or of a shipped definition; what is missing becomes empty, what is more is ignored."""
	return WorkflowModel(
		name=_text(data.get("name")),
		states=tuple(
			State(_text(row.get("state")), _text(row.get("state_category")))
			for row in data.get("states") or ()
		),
		transitions=tuple(_edge_from_dict(row) for row in data.get("transitions") or ()),
	)


def _edge_to_dict(edge: Transition) -> dict:
	data = asdict(edge)
	data["allowed"] = data.pop("role")
	data["allow_self_approval"] = int(edge.allow_self_approval)
	return data


def _edge_from_dict(row: Mapping) -> Transition:
	return Transition(
		state=_text(row.get("state")),
		action=_text(row.get("action")),
		next_state=_text(row.get("next_state")),
		role=_text(row.get("allowed")),
		condition=_text(row.get("condition")).strip(),
		allow_self_approval=str(row.get("allow_self_approval", 1)) not in ("0", "False", "None", ""),
	)


def _text(value: object) -> str:
	return "" if value is None else str(value)


def _finding(code: str, place: str, *values: str) -> Finding:
	return Finding(code, place, values or (place,))


def _check_categories(model: WorkflowModel) -> Iterator[Finding]:
	given = defaultdict(set)
	for state in model.states:
		given[state.name].add(state.category)
	for name, categories in given.items():
		if len(categories) > 1:
			yield _finding("state_repeated", name)
		yield from _check_category(name, model.categories[name])


def _check_category(name: str, category: str) -> Iterator[Finding]:
	if not category:
		yield _finding("category_missing", name)
	elif category not in CATEGORIES:
		yield _finding("category_unknown", name, name, category)


def _check_ends(model: WorkflowModel) -> Iterator[Finding]:
	initial = model.initial
	if initial.category in CATEGORIES and initial.category != OPEN:
		yield _finding("initial_not_open", initial.name, initial.name, initial.category)
	if not model.names(CLOSED):
		yield _finding("no_closed", model.name)
	for edge in model.transitions:
		for state in dict.fromkeys((edge.state, edge.next_state)):
			if state not in model.categories:
				yield _finding("state_unknown", edge.title, edge.title, state)


def _check_flow(model: WorkflowModel) -> Iterator[Finding]:
	yield from _check_reach(model)
	yield from _check_resuming(model)
	for edge in model.transitions:
		yield from _check_leaving_end(edge, model.categories)


def _check_reach(model: WorkflowModel) -> Iterator[Finding]:
	edges = [(edge.state, edge.next_state) for edge in model.transitions]
	reached = reachable([model.initial.name], edges)
	closing = reachable(model.names(CLOSED), [(head, tail) for tail, head in edges])
	for name, category in sorted(model.categories.items()):
		if name not in reached:
			yield _finding("unreachable", name)
		# Without any Closed state every state is a dead end; "no_closed" says so once.
		if category not in ENDS and closing and name not in closing:
			yield _finding("dead_end", name)


def _check_resuming(model: WorkflowModel) -> Iterator[Finding]:
	"""A waiting case resumes in one step, so that whoever gets the answer can go on at once."""
	for name in sorted(model.names(WAITING)):
		if not any(model.categories.get(edge.next_state) == OPEN for edge in model.leaving(name)):
			yield _finding("waiting_stuck", name)


def _check_leaving_end(edge: Transition, categories: Mapping[str, str]) -> Iterator[Finding]:
	before, after = categories.get(edge.state), categories.get(edge.next_state)
	if before == CANCELLED and after in (WAITING, CLOSED):
		yield _finding("cancelled_continues", edge.title, edge.title, after)
	if before == CLOSED and after == CANCELLED:
		yield _finding("closed_cancelled", edge.title)


def _check_text(model: WorkflowModel) -> Iterator[Finding]:
	for edge in model.transitions:
		if not edge.action:
			yield _finding("action_missing", edge.title)
		problem = _syntax_problem(edge.condition)
		if problem:
			yield _finding("condition_broken", edge.title, edge.title, problem)


def _syntax_problem(condition: str) -> str:
	if not condition.strip():
		return ""
	try:
		ast.parse(condition.strip(), mode="eval")
	except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
		return getattr(problem, "msg", None) or str(problem) or type(problem).__name__
	return ""


def _check_roles(
	model: WorkflowModel,
	known_roles: Collection[str] | None,
	held_roles: Mapping[str, Collection[str]] | None,
) -> Iterator[Finding]:
	for edge in model.transitions:
		if known_roles is not None and edge.role not in known_roles:
			yield _finding("role_unknown", edge.title, edge.title, edge.role)
		elif held_roles is not None and edge.role not in EVERYBODY and not held_roles.get(edge.role):
			yield _finding("role_not_held", edge.title, edge.title, edge.role)


def _check_ambiguity(model: WorkflowModel, held_roles: Mapping[str, Collection[str]]) -> Iterator[Finding]:
	alike = defaultdict(list)
	for edge in model.transitions:
		alike[edge.state, edge.action].append(edge)
	for edges in alike.values():
		for one, other in combinations(edges, 2):
			if _same_condition(one, other) and _one_user_may_both(one, other, held_roles):
				yield _finding("indistinguishable", one.title, one.title, other.title)


def _same_condition(one: Transition, other: Transition) -> bool:
	"""True unless both have conditions and these differ; no condition at all overlaps with every other."""
	conditions = {one.condition.strip(), other.condition.strip()}
	return len(conditions) == 1 or "" in conditions


def _one_user_may_both(one: Transition, other: Transition, held_roles: Mapping[str, Collection[str]]) -> bool:
	"""Whether some user would be offered both.

	Two roles for one and the same step are no conflict: that is how Frappe gives a transition to several roles.
	"""
	if one.role == other.role:
		return True
	if one.next_state == other.next_state:
		return False
	shared = set(held_roles.get(one.role, ())) & set(held_roles.get(other.role, ()))
	return bool(shared) or not EVERYBODY.isdisjoint((one.role, other.role))


def _check_bypass(model: WorkflowModel) -> Iterator[Finding]:
	open_ways = {
		(edge.state, edge.next_state): edge for edge in model.transitions if edge.allow_self_approval
	}
	for edge in model.transitions:
		bypass = open_ways.get((edge.state, edge.next_state))
		if bypass and not edge.allow_self_approval:
			yield _finding("approval_bypassed", edge.title, edge.title, bypass.title)


def _check_self_approval(model: WorkflowModel) -> Iterator[Finding]:
	closed, ends = model.names(CLOSED), model.names(*ENDS)
	reopened = [edge.next_state for edge in model.transitions if edge.state in ends]
	starts = dict.fromkeys([model.initial.name, *(state for state in reopened if state not in ends)])
	for start in starts:
		way = _way_alone(model, start, closed)
		if way:
			yield _finding("self_approval", way[-1].title, ", ".join(edge.title for edge in way))


def _way_alone(model: WorkflowModel, start: str, goals: Collection[str]) -> tuple[Transition, ...]:
	"""Shortest way from `start` into one of `goals` over transitions that allow self-approval; else empty."""
	ways, seen = [(start, ())], {start}
	for state, way in ways:
		for edge in model.leaving(state):
			if not edge.allow_self_approval or edge.next_state in seen:
				continue
			if edge.next_state in goals:
				return (*way, edge)
			seen.add(edge.next_state)
			ways.append((edge.next_state, (*way, edge)))
	return ()
