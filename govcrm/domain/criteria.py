"""Conditions on records as plain data: built by the access rule, written as SQL by whoever knows the database.

The builders simplify as they go, so that a user who may see nothing gets `Nothing` and never an odd query.
"""

from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Everything:
	pass


@dataclass(frozen=True)
class Nothing:
	pass


@dataclass(frozen=True)
class Among:
	field: str
	values: Set[str]


@dataclass(frozen=True)
class Empty:
	field: str


@dataclass(frozen=True)
class Through:
	"""Something reached by `step` meets the condition."""

	step: str
	condition: "Condition"


@dataclass(frozen=True)
class AllOf:
	parts: tuple["Condition", ...]


@dataclass(frozen=True)
class AnyOf:
	parts: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
	"""What is empty does not meet a condition, and so meets this: other than NOT in SQL."""

	condition: "Condition"


Condition = Everything | Nothing | Among | Empty | Through | AllOf | AnyOf | Not


def among(field: str, values: Set[str]) -> Condition:
	return Among(field, values) if values else Nothing()


def through(step: str, reached: Condition) -> Condition:
	return reached if isinstance(reached, Nothing) else Through(step, reached)


def all_of(parts) -> Condition:
	parts = _flat(parts, AllOf, neutral=Everything)
	if any(isinstance(part, Nothing) for part in parts):
		return Nothing()
	return _only(parts) or (AllOf(parts) if parts else Everything())


def any_of(parts) -> Condition:
	parts = _merged(_flat(parts, AnyOf, neutral=Nothing))
	if any(isinstance(part, Everything) for part in parts):
		return Everything()
	return _only(parts) or (AnyOf(parts) if parts else Nothing())


def none_of(parts) -> Condition:
	parts = _flat(parts, AnyOf, neutral=Nothing)
	return Nothing() if Everything() in parts else all_of(map(Not, parts))


def _only(parts: tuple) -> Condition | None:
	return parts[0] if len(parts) == 1 else None


def _flat(parts, joined: type, neutral: type) -> tuple:
	flat = []
	for part in parts:
		flat.extend(part.parts if isinstance(part, joined) else (part,))
	return tuple(dict.fromkeys(part for part in flat if not isinstance(part, neutral)))


def _merged(parts: tuple) -> tuple:
	"""One look through a step instead of several: "some a or some b" is "some (a or b)"."""
	by_step: dict[str, list[Condition]] = {}
	rest = []
	for part in parts:
		if isinstance(part, Through):
			by_step.setdefault(part.step, []).append(part.condition)
		else:
			rest.append(part)
	return (*rest, *(Through(step, any_of(inner)) for step, inner in by_step.items()))


def holds(tree: Condition, facts) -> bool:
	"""Whether the facts meet the condition: what a database does with it, for tests and for single records."""
	return _HOLDS[type(tree)](tree, facts)


def _holds_through(tree: Through, facts) -> bool:
	reached = getattr(facts, tree.step)
	reached = reached if isinstance(reached, tuple) else (reached,)
	return any(each is not None and holds(tree.condition, each) for each in reached)


_HOLDS = {
	Everything: lambda tree, facts: True,
	Nothing: lambda tree, facts: False,
	Among: lambda tree, facts: getattr(facts, tree.field) in tree.values,
	Empty: lambda tree, facts: not getattr(facts, tree.field),
	Through: _holds_through,
	AllOf: lambda tree, facts: all(holds(part, facts) for part in tree.parts),
	AnyOf: lambda tree, facts: any(holds(part, facts) for part in tree.parts),
	Not: lambda tree, facts: not holds(tree.condition, facts),
}
