"""What is wrong with the routing rules of a version, before it is published.

A rule that can never fit, for a name misspelt or a value that does not exist, would fail silently for years: so every
comparison is held against what the thing compared can be.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from govcrm.domain.access import LEVELS
from govcrm.domain.conditions import ConditionError, Tree
from govcrm.domain.questions import LISTS, Problem, Question
from govcrm.domain.routing import BOOLEAN, FACTS, NUMBER, TEXT, Part, Rule
from govcrm.domain.texts import _

_KINDS = {"number": NUMBER, "boolean": BOOLEAN}


class Range(NamedTuple):
	"""What a name in a condition can be: of a kind, and one of `values` where these are known."""

	kind: str
	values: frozenset[str] | None = None


def vocabulary(questions: Iterable[Question], values: Mapping[str, Iterable[str]]) -> dict[str, Range]:
	"""All names that conditions may use. `values` are those that a fact can have, where they are known."""
	facts = {
		name: Range(fact.kind, frozenset(values[name]) if name in values else None)
		for name, fact in FACTS.items()
	}
	return {**facts, **{question.code: _range_of(question) for question in questions}}


def _range_of(question: Question) -> Range:
	keys = frozenset(option.key for option in question.options) if question.datatype in LISTS else None
	return Range(_KINDS.get(question.datatype, TEXT), keys)


def check_rules(
	rows: Sequence[Mapping[str, Any]], parts: Sequence[Part], words: Mapping[str, Range], confidentiality: str
) -> list[Problem]:
	"""Everything wrong with rules (as arguments of `Rule`) and parts, in their order.

	`confidentiality` is the default of the version. Fields are `routing_rules.<number>` and `routing_parts.<number>`.
	"""
	found: list[Problem] = []
	for row in rows:
		found.extend(
			Problem(f"routing_rules.{row['number']}", message, (row["number"], *values))
			for message, *values in _findings(row, words, confidentiality)
		)
	return [*found, *_order_problems(rows), *_part_problems(parts, rows)]


def _findings(row: Mapping[str, Any], words: Mapping[str, Range], confidentiality: str) -> Iterator[tuple]:
	try:
		rule = Rule(**row)
	except ConditionError as error:
		yield _("Rule {0}, when: {1}"), str(error)
		return
	for name in sorted(rule.uses - set(words)):
		yield _("Rule {0} looks at {1}, which is neither a question nor a known name."), name
	for name, value in compared(rule.tree or {}):
		if name in words and not _possible(value, words[name]):
			yield _("Rule {0} can never fit: {1} is never {2}."), name, _written(value)
	if rule.confidentiality and LEVELS.index(rule.confidentiality) < LEVELS.index(confidentiality):
		yield (
			_("Rule {0} makes cases {1}, but the version makes them {2}. A rule can only be stricter."),
			*(rule.confidentiality, confidentiality),
		)


def compared(tree: Tree) -> Iterator[tuple[str, Any]]:
	"""(name, value) of each comparison of a name with a value, in either order; lists value by value."""
	args = tree.get("args", ())
	if len(args) == 2:
		for one, other in (args, args[::-1]):
			if "answer" in one and "value" in other:
				value = other["value"]
				yield from ((one["answer"], each) for each in (value if isinstance(value, list) else [value]))
	for part in args:
		yield from compared(part)


def _possible(value: Any, known: Range) -> bool:
	return _kind(value) == known.kind and (known.values is None or value in known.values)


def _kind(value: Any) -> str:
	if isinstance(value, bool):
		return BOOLEAN
	return TEXT if isinstance(value, str) else NUMBER


def _written(value: Any) -> str:
	if isinstance(value, bool):
		return str(value).lower()
	return f'"{value}"' if isinstance(value, str) else str(value)


def _order_problems(rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
	labels = [row["label"] for row in rows]
	for label in sorted({label for label in labels if labels.count(label) > 1}):
		yield Problem(
			"routing_rules", _("Two rules are called {0}: nobody could tell which one fitted."), (label,)
		)
	always = [row["number"] for row in rows[:-1] if not row["condition"].strip()]
	if always:
		yield Problem(
			f"routing_rules.{always[0]}",
			_("Rule {0} fits every request, so those after it are never asked. Move it to the end."),
			(always[0],),
		)


def _part_problems(parts: Sequence[Part], rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
	departments = {row["label"]: row["department"] for row in rows}
	for number, part in enumerate(parts, 1):
		for message, *values in _part_findings(part, departments):
			yield Problem(f"routing_parts.{number}", message, (number, *values))


def _part_findings(part: Part, departments: Mapping[str, str | None]) -> Iterator[tuple]:
	if part.rule and part.rule not in departments:
		yield _("Part {0} belongs to the rule {1}, which is not there."), part.rule
	if part.rule and departments.get(part.rule) == part.department:
		yield _("Part {0} goes to {1}, as the case itself does by its rule."), part.department
	if not part.instructions.strip():
		yield (
			_(
				"Part {0} has no instructions. Its department does not see the case: say all that it needs to know."
			),
		)
