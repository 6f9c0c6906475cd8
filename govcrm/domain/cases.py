"""When a case may move on: its tasks, its parts in other departments, and the rule that joins them.

A *part* is a sub-case that another department works on. The parent's join rule says how many of the parts must be
closed before the parent can be: all, any one, or N of them.

A part that nobody will ever finish must not hold up its parent. So a part *counts* only while

- the parent waits for it (it was not released by the parent's supervisor, nor detached when the parent closed),
- it was not cancelled, and
- it is closed, or its department is active and can still close it.

N is capped by the number of parts that count: three of two parts asks for two. With no part that counts,
nothing is waited for. From this follows that every parent can be closed once the parts that count are closed.

Tasks: one with `required_for_state` keeps the case out of that state until it is done; one that is `required` keeps
the case from closing. A completed or cancelled task is done; what is open when the case ends is cancelled. Cancelling a case is never refused for either reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from govcrm.domain.workflow import CANCELLED, CLOSED, OPEN, WAITING

RUNNING = frozenset({OPEN, WAITING})

ALL, ANY, N_OF_M = "All", "Any", "N of M"

TASK_DONE = frozenset({"Completed", "Cancelled"})

# A case may have parts, which may have parts: deeper than this is a circle or a mistake.
MAX_DEPTH = 5

HOLD_DAYS = (1, 120)


@dataclass(frozen=True)
class Part:
	name: str
	category: str
	holds_parent: bool = True
	department_active: bool = True


@dataclass(frozen=True)
class Task:
	name: str
	title: str
	status: str
	required: bool = False
	required_for_state: str | None = None


@dataclass(frozen=True)
class Obstacles:
	"""What keeps a case from its next state. Empty (false) when nothing does."""

	tasks: tuple[Task, ...] = ()
	parts: tuple[Part, ...] = ()
	parts_to_close: int = 0

	def __bool__(self) -> bool:
		return bool(self.tasks or self.parts)


def counts(part: Part) -> bool:
	"""Does the parent's join rule look at this part at all?"""
	if not part.holds_parent or part.category == CANCELLED:
		return False
	return part.category == CLOSED or part.department_active


def needed(rule: str, n: int, countable: int) -> int:
	"""How many of the parts that count must be closed."""
	if rule == ALL:
		return countable
	wanted = 1 if rule == ANY else max(n, 1)
	return min(wanted, countable)


def missing(parts: Iterable[Part], rule: str, n: int = 1) -> tuple[int, tuple[Part, ...]]:
	"""How many more parts must close, and which open ones could. (0, ()) when the parent need not wait."""
	countable = [part for part in parts if counts(part)]
	still_open = tuple(part for part in countable if part.category != CLOSED)
	lacking = needed(rule, n, len(countable)) - (len(countable) - len(still_open))
	return (lacking, still_open) if lacking > 0 else (0, ())


def gates(task: Task, state: str, category: str) -> bool:
	"""Must this task be done before the case enters the state?"""
	if task.status in TASK_DONE or category == CANCELLED:
		return False
	return task.required_for_state == state or (task.required and category == CLOSED)


def obstacles(
	tasks: Iterable[Task], parts: Iterable[Part], *, rule: str, n: int, state: str, category: str
) -> Obstacles:
	"""Everything that keeps a case from entering `state` of `category`."""
	gating = tuple(task for task in tasks if gates(task, state, category))
	lacking, still_open = missing(parts, rule, n) if category == CLOSED else (0, ())
	return Obstacles(gating, still_open, lacking)


def referral_refusal(department: str, line: Iterable[tuple[str, str]]) -> str | None:
	"""Why a case must not be referred to `department`: "self", "circle", "depth", or None when it may.

	`line` is the case and those above it, nearest first, as (name, department). A department that already works on
	a case above would wait for itself.
	"""
	departments = [row[1] for row in line]
	if departments and department == departments[0]:
		return "self"
	if department in departments:
		return "circle"
	return "depth" if len(departments) >= MAX_DEPTH else None


def valid_hold(days: int) -> bool:
	"""A hold ends by itself after 1 to 120 days."""
	return HOLD_DAYS[0] <= days <= HOLD_DAYS[1]
