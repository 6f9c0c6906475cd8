"""Which rule decides where a request goes, and why: ordered, the first that fits is taken.

A condition is written in the language of `govcrm.domain.conditions`. Answers go by their codes; what is known besides
goes by the names in `FACTS`, which have a dot, so that no question can ever take one of them. What is not known (the
language of somebody anonymous, the area of a request without a place) is null: it equals nothing.

Some of these tell of a person what not everybody may read: answers to sensitive questions, and facts marked
`protected`. They may decide, for a matter of that kind must reach the right desk; but that such a rule fitted already
tells what was answered. So whoever records the reason must keep it from those who may not read the answers
(`Rule.is_protected`).

Confidentiality is only ever raised by a rule. What a version calls Restricted no rule can open.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from govcrm.domain.access import LEVELS
from govcrm.domain.conditions import Tree, answers_used, evaluate, parse_condition
from govcrm.domain.texts import _

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


# What a condition can use ---------------------------------------------------------------------------------


TEXT, NUMBER, BOOLEAN = "text", "number", "boolean"


class Fact(NamedTuple):
	"""A thing known about a request besides its answers. `meaning` is for the admin who writes the rules."""

	meaning: str
	kind: str = TEXT
	protected: bool = False


FACTS = {
	"request.channel": Fact(_("How it came in, such as Phone or Web")),
	"request.anonymous": Fact(_("Nobody said who asks"), BOOLEAN),
	"request.represented": Fact(_("Somebody acts for the citizen"), BOOLEAN),
	"request.has_place": Fact(_("The place is marked on the map"), BOOLEAN),
	"request.area": Fact(_("Name of the service area in which the place lies")),
	"request.areas": Fact(_('Names of that area and of all above it: "North" in request.areas')),
	"request.postal_code": Fact(_("Postal code")),
	"request.date": Fact(_("Day on which it was made, such as 2026-03-31")),
	"request.time": Fact(_('Time at which it was made, from "00:00" to "23:59"')),
	"request.hour": Fact(_("Hour in which it was made, from 0 to 23"), NUMBER),
	"request.weekday": Fact(_("Day of the week, from Monday to Sunday, in English")),
	"request.working_time": Fact(_("Made while the calendar of the program is open"), BOOLEAN),
	"citizen.organisation": Fact(_("An organisation asks"), BOOLEAN),
	"citizen.language": Fact(_("Code of the preferred language, such as en or es")),
	"citizen.minor": Fact(_("Under 18 on that day"), BOOLEAN, protected=True),
	"citizen.deceased": Fact(_("Known to be deceased"), BOOLEAN, protected=True),
	"citizen.accessibility_needs": Fact(_("Accessibility needs are noted"), BOOLEAN, protected=True),
}
PROTECTED = frozenset(name for name, fact in FACTS.items() if fact.protected)


class Known(Mapping):
	"""Answers, and facts about a thing that are looked up when a condition first asks for them."""

	def __init__(
		self, answers: Mapping[str, Any], about: Any, facts: Mapping[str, Callable[[Any], Any]]
	) -> None:
		self._values, self._about, self._facts = dict(answers), about, facts

	def __getitem__(self, name: str) -> Any:
		if name not in self._values and name in self._facts:
			self._values[name] = self._facts[name](self._about)
		return self._values[name]

	def __iter__(self) -> Iterator[str]:
		return iter({**self._values, **self._facts})

	def __len__(self) -> int:
		return len({**self._values, **self._facts})


# Rules ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
	"""Work that another department gets with the case, as a case of its own. `rule` is empty: always."""

	department: str
	instructions: str
	program: str | None = None
	rule: str = ""
	holds_parent: bool = True


@dataclass(frozen=True)
class Rule:
	"""A row of the version. What it leaves empty stays as it would have been without it."""

	number: int
	label: str
	condition: str = ""
	department: str | None = None
	priority: str | None = None
	confidentiality: str | None = None
	explanation: str = ""
	tree: Tree | None = field(default=None, init=False, compare=False)

	def __post_init__(self) -> None:
		"""Raises ConditionError if the condition cannot be read."""
		if self.condition.strip():
			object.__setattr__(self, "tree", parse_condition(self.condition))

	def fits(self, known: Mapping[str, Any]) -> bool:
		return self.tree is None or evaluate(self.tree, known)

	@property
	def uses(self) -> frozenset[str]:
		return frozenset(answers_used(self.tree)) if self.tree else frozenset()

	def is_protected(self, sensitive: Collection[str]) -> bool:
		"""Does it look at what not everybody may read? `sensitive` are the codes of sensitive questions."""
		return not self.uses.isdisjoint(PROTECTED.union(sensitive))


@dataclass(frozen=True)
class Rules:
	"""All rules of a version, the parts they order, and the codes of its sensitive questions."""

	ordered: tuple[Rule, ...] = ()
	parts: tuple[Part, ...] = ()
	sensitive: frozenset[str] = frozenset()

	def first(self, known: Mapping[str, Any]) -> Rule | None:
		return next((rule for rule in self.ordered if rule.fits(known)), None)

	def parts_for(self, rule: Rule | None, department: str | None) -> tuple[Part, ...]:
		"""Those ordered always, and those of the rule, in their order; none for the department of the case itself."""
		labels = ("", rule.label) if rule else ("",)
		return tuple(part for part in self.parts if part.rule in labels and part.department != department)

	def is_protected(self, rule: Rule | None) -> bool:
		return bool(rule and rule.is_protected(self.sensitive))


def more_confidential(one: str, other: str | None) -> str:
	"""The stricter of two levels; what is not known as a level gives way."""
	return max((level for level in (one, other) if level in LEVELS), key=LEVELS.index, default=one)


# Departments ----------------------------------------------------------------------------------------------


class Candidate(NamedTuple):
	"""A department that may be responsible. `why` has a placeholder for the department, then those for `values`."""

	department: str | None
	why: str
	values: tuple[str, ...] = ()


NAMED_BY_RULE = _("{0}: named by the rule.")
NAMED_BY_AREA = _("{0}: works in {1} for programs of this kind.")
OF_VERSION = _("{0}: default of the program version.")
OF_PROGRAM = _("{0}: department of the program.")
OF_AGENCY = _("{0}: default of the agency.")
PASSED_OVER = _("{0} was passed over: it is not active.")


def candidates(
	rule: Rule | None,
	areas: Iterable[tuple[str, str]],
	version: str | None,
	program: str | None,
	agency: str | None,
) -> Iterator[Candidate]:
	"""Departments in the order in which they are asked. `areas` are (department, area), nearest first."""
	if rule:
		yield Candidate(rule.department, NAMED_BY_RULE)
	for department, area in areas:
		yield Candidate(department, NAMED_BY_AREA, (area,))
	yield Candidate(version, OF_VERSION)
	yield Candidate(program, OF_PROGRAM)
	yield Candidate(agency, OF_AGENCY)


def choose(
	asked: Iterable[Candidate], is_active: Callable[[str], bool]
) -> tuple[Candidate | None, Sequence[str]]:
	"""The first candidate in service, and the departments that were passed over on the way."""
	passed: dict[str, None] = {}
	for candidate in asked:
		if not candidate.department:
			continue
		if is_active(candidate.department):
			return candidate, tuple(passed)
		passed[candidate.department] = None
	return None, tuple(passed)
