"""What the access rule knows of a record and of who asks. Levels follow those of the ZGW case standard, reduced to four."""

from collections.abc import Set
from dataclasses import dataclass
from enum import Enum

LEVELS = ("Public", "Internal", "Restricted", "Sealed")
PUBLIC, INTERNAL, RESTRICTED, SEALED = LEVELS


def levels_up_to(level: str) -> frozenset[str]:
	return frozenset(LEVELS[: LEVELS.index(level) + 1])


class Right(Enum):
	READ = "read"
	WORK = "work"
	CREATE = "create"


class Kind(Enum):
	"""What a record is to the rule. Events and participants of a case are metadata of it: the same kind."""

	CASE = "case"
	TASK = "task"
	REQUEST = "request"
	INTERACTION = "interaction"
	CITIZEN = "citizen"


@dataclass(frozen=True)
class ParticipantFacts:
	user: str | None = None
	department: str | None = None


@dataclass(frozen=True)
class CaseFacts:
	"""`CaseFacts()` stands for a case that is named but cannot be found: its level is unknown, so it is denied."""

	department: str | None = None
	confidentiality: str | None = None
	participants: tuple[ParticipantFacts, ...] = ()
	name: str | None = None
	kind = Kind.CASE


@dataclass(frozen=True)
class TaskFacts:
	case: CaseFacts | None = None
	assigned_department: str | None = None
	kind = Kind.TASK


@dataclass(frozen=True)
class RequestFacts:
	department: str | None = None
	confidentiality: str | None = None
	status: str | None = None
	owner: str | None = None
	citizen: "CitizenFacts | None" = None
	case: CaseFacts | None = None
	representative: "CitizenFacts | None" = None
	kind = Kind.REQUEST


@dataclass(frozen=True)
class InteractionFacts:
	case: CaseFacts | None = None
	service_request: RequestFacts | None = None
	citizen: "CitizenFacts | None" = None
	kind = Kind.INTERACTION


@dataclass(frozen=True)
class CitizenFacts:
	user: str | None = None
	name: str | None = None
	kind = Kind.CITIZEN


@dataclass(frozen=True)
class Subject:
	"""A user as the rule sees them: `departments` and `supervised` include everything below in the tree.

	`may_read`, `may_work` and `emergencies` name cases that were opened to them in person, for a time that has not
	ended. `recused` names cases with their parts, `recused_citizens` people, that they must have nothing to do with. Sets
	of cases need not be in memory: the rule asks whether they are empty and whether they have a name, and compares them.
	Who may see nothing (Guest, a disabled user) is a subject without roles.
	"""

	user: str
	roles: frozenset[str] = frozenset()
	departments: frozenset[str] = frozenset()
	supervised: frozenset[str] = frozenset()
	may_read: Set[str] = frozenset()
	may_work: Set[str] = frozenset()
	emergencies: Set[str] = frozenset()
	recused: Set[str] = frozenset()
	recused_citizens: frozenset[str] = frozenset()

	@property
	def users(self) -> frozenset[str]:
		return frozenset({self.user})
