"""What happens to a clock, and what it then shows: plain data."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

# States of a clock
RUNNING, PAUSED, STOPPED, CANCELLED = "Running", "Paused", "Stopped", "Cancelled"
OPEN_STATES = frozenset({RUNNING, PAUSED})

# Kinds of events
START, PAUSE, RESUME, EXTEND, STOP, RESTART, CANCEL = (
	"Start",
	"Pause",
	"Resume",
	"Extend",
	"Stop",
	"Restart",
	"Cancel",
)
WARN, BREACH, STEP, RECOMPUTE = "Warn", "Breach", "Step", "Recompute"


class Event(NamedTuple):
	"""What happened to a clock.

	`amount` of an extension is in the unit of the rule. `cap` of a restart: the date it may not go beyond. `percent` of
	a warning or step. The rest is told, not counted.
	"""

	kind: str
	at: datetime
	amount: float = 0
	percent: int = 0
	cap: datetime | None = None
	reason: str = ""
	actor: str = ""
	detail: str = ""
	due_before: datetime | None = None
	due_after: datetime | None = None


class Move(NamedTuple):
	"""What an event did to the date. `since` is when the pause began that a Resume ends; `by` is in `unit`."""

	event: Event
	before: datetime | None
	after: datetime
	since: datetime | None = None
	by: float = 0
	unit: str = ""


@dataclass(frozen=True)
class Reading:
	"""What a clock shows.

	`due` of a clock that stands still: where it stood when that began. `elapsed`, `remaining` and `allowed` in seconds
	of the time in which percent are counted; `paused_seconds` by the clock on the wall. `breached_at` is the due time
	missed; `marked` says that this has been recorded. `added` by extensions in the unit of the rule, `paused` as
	`govcrm.domain.deadlines.pause` gives it. All but `extensions` and `moves` is of the present run.
	"""

	state: str
	due: datetime
	allowed: int
	elapsed: int
	started_at: datetime
	paused_at: datetime | None = None
	stopped_at: datetime | None = None
	breached_at: datetime | None = None
	marked: bool = False
	paused_seconds: int = 0
	extensions: int = 0
	warned: int = 0
	steps_done: frozenset[int] = frozenset()
	moves: tuple[Move, ...] = ()
	added: float = 0
	paused: int = 0

	@property
	def remaining(self) -> int:
		return self.allowed - self.elapsed


class Next(NamedTuple):
	"""What is to be done about a clock next: `kind` is Warn, Breach or Step."""

	at: datetime
	kind: str
	percent: int
