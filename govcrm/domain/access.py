"""Who may see and work what: one rule, kept as data, read in two ways.

`RULE` lists the grants; whatever no grant gives is denied. `may` reads it as a predicate over the facts of one
record, `condition` as a tree that `govcrm.permissions` writes as SQL. That both say the same is a test.

A grant names who holds it (roles), whose record it looks at (`on`), what that opens (`shows`: the file of a case
is the case, its tasks, its requests and its interactions), how the record must be tied to the user (`scope`), up
to which confidentiality, and for which rights. `ROUTES` says how a record reaches the one that a grant looks at.

Levels follow the confidentiality levels of the ZGW case standard, reduced to four. No grant reaches Sealed, and a
level not known here is denied, so a mistake in the data closes and never opens.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from govcrm.domain.criteria import Among, Condition, Empty, Everything, Nothing, all_of, any_of, through

LEVELS = ("Public", "Internal", "Restricted", "Sealed")
PUBLIC, INTERNAL, RESTRICTED, SEALED = LEVELS


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


# Facts ---------------------------------------------------------------------------------------------------


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
	kind = Kind.REQUEST


@dataclass(frozen=True)
class InteractionFacts:
	case: CaseFacts | None = None
	service_request: RequestFacts | None = None
	kind = Kind.INTERACTION


@dataclass(frozen=True)
class CitizenFacts:
	user: str | None = None
	kind = Kind.CITIZEN


@dataclass(frozen=True)
class Subject:
	"""A user as the rule sees them: `departments` and `supervised` include everything below in the tree.

	Who may see nothing (Guest, a disabled user) is a subject without roles.
	"""

	user: str
	roles: frozenset[str] = frozenset()
	departments: frozenset[str] = frozenset()
	supervised: frozenset[str] = frozenset()

	@property
	def users(self) -> frozenset[str]:
		return frozenset({self.user})


# The rule ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scope:
	"""The `field` of the record, or of what is reached from it through `through`, is among a set of the subject."""

	field: str
	among: str
	through: str = ""


@dataclass(frozen=True)
class Grant:
	roles: frozenset[str]
	on: Kind
	shows: frozenset[Kind]
	rights: frozenset[Right]
	up_to: str | None
	scope: Scope | None = None
	status: str | None = None


WORKERS = frozenset({"Caseworker", "Case Supervisor"})
SUPERVISORS = frozenset({"Case Supervisor"})
INTAKE = frozenset({"Intake Agent"})
REVIEWERS = frozenset({"Agency Administrator", "Records Officer"})
PRIVACY = frozenset({"Privacy Officer"})
AUDITORS = frozenset({"Agency Auditor"})
CONSTITUENTS = frozenset({"Constituent"})

CASE_FILE = frozenset({Kind.CASE, Kind.TASK, Kind.REQUEST, Kind.INTERACTION})
METADATA = frozenset({Kind.CASE, Kind.TASK})
CONTACT = frozenset({Kind.REQUEST, Kind.INTERACTION})
TASK, REQUEST = frozenset({Kind.TASK}), frozenset({Kind.REQUEST})
INTERACTION, CITIZEN = frozenset({Kind.INTERACTION}), frozenset({Kind.CITIZEN})

ALL = frozenset(Right)
READ, WORK, CREATE = (frozenset({right}) for right in Right)

OWN = Scope("department", "departments")
SUPERVISED = Scope("department", "supervised")
NAMED = Scope("user", "users", through="participants")
TAKING_PART = Scope("department", "departments", through="participants")
SUPERVISED_TAKING_PART = Scope("department", "supervised", through="participants")
TASK_OF_OWN = Scope("assigned_department", "departments")
TASK_OF_SUPERVISED = Scope("assigned_department", "supervised")
TAKEN = Scope("owner", "users")
ASKED = Scope("user", "users", through="citizen")
SELF = Scope("user", "users")

RULE = (
	# A department works its own cases and requests; what is Restricted takes a supervisor of it.
	Grant(WORKERS, Kind.CASE, CASE_FILE, ALL, INTERNAL, OWN),
	Grant(SUPERVISORS, Kind.CASE, CASE_FILE, ALL, RESTRICTED, SUPERVISED),
	Grant(WORKERS, Kind.REQUEST, CONTACT, ALL, INTERNAL, OWN),
	Grant(SUPERVISORS, Kind.REQUEST, CONTACT, ALL, RESTRICTED, SUPERVISED),
	# Who is named on a case works it; a department that takes part in it reads it, and works the tasks it was given.
	Grant(WORKERS, Kind.CASE, CASE_FILE, ALL, RESTRICTED, NAMED),
	Grant(WORKERS, Kind.CASE, CASE_FILE, READ, INTERNAL, TAKING_PART),
	Grant(SUPERVISORS, Kind.CASE, CASE_FILE, READ, RESTRICTED, SUPERVISED_TAKING_PART),
	Grant(WORKERS, Kind.TASK, TASK, READ | WORK, INTERNAL, TASK_OF_OWN),
	Grant(SUPERVISORS, Kind.TASK, TASK, READ | WORK, RESTRICTED, TASK_OF_SUPERVISED),
	# Intake takes requests for every department and tells callers how theirs stand, but sees no case.
	Grant(INTAKE | WORKERS, Kind.REQUEST, REQUEST, CREATE, RESTRICTED),
	Grant(INTAKE, Kind.REQUEST, CONTACT, READ, INTERNAL),
	Grant(INTAKE, Kind.REQUEST, CONTACT, WORK, INTERNAL, status="Open"),
	Grant(INTAKE, Kind.REQUEST, CONTACT, READ, RESTRICTED, TAKEN),
	Grant(INTAKE, Kind.REQUEST, CONTACT, WORK, RESTRICTED, TAKEN, status="Open"),
	Grant(INTAKE, Kind.REQUEST, INTERACTION, CREATE, INTERNAL),
	Grant(INTAKE, Kind.REQUEST, INTERACTION, CREATE, RESTRICTED, TAKEN),
	# Oversight reads and never works. The auditor sees how cases went, nothing a citizen said.
	Grant(REVIEWERS, Kind.CASE, CASE_FILE, READ, INTERNAL),
	Grant(REVIEWERS, Kind.REQUEST, CONTACT, READ, INTERNAL),
	Grant(PRIVACY, Kind.CASE, CASE_FILE, READ, RESTRICTED),
	Grant(PRIVACY, Kind.REQUEST, CONTACT, READ, RESTRICTED),
	Grant(AUDITORS, Kind.CASE, METADATA, READ, RESTRICTED),
	# Citizens, and contacts that belong to no request and no case.
	Grant(INTAKE | WORKERS, Kind.CITIZEN, CITIZEN, ALL, None),
	Grant(INTAKE | WORKERS, Kind.INTERACTION, INTERACTION, ALL, None),
	Grant(PRIVACY, Kind.CITIZEN, CITIZEN, READ | WORK, None),
	Grant(PRIVACY, Kind.INTERACTION, INTERACTION, READ, None),
	Grant(frozenset({"Records Officer"}), Kind.CITIZEN, CITIZEN, READ, None),
	Grant(frozenset({"Records Officer"}), Kind.INTERACTION, INTERACTION, READ, None),
	# A constituent sees what they asked for themselves, and their own record.
	Grant(CONSTITUENTS, Kind.REQUEST, REQUEST, READ, RESTRICTED, ASKED),
	Grant(CONSTITUENTS, Kind.CITIZEN, CITIZEN, READ, None, SELF),
)

ROLES = frozenset().union(*(grant.roles for grant in RULE))


@dataclass(frozen=True)
class Route:
	"""The `steps` from a record to the one that a grant looks at, open while the fields in `unless` are empty."""

	on: Kind
	steps: tuple[str, ...] = ()
	unless: tuple[str, ...] = ()


ROUTES = {
	Kind.CASE: (Route(Kind.CASE),),
	Kind.TASK: (Route(Kind.TASK), Route(Kind.CASE, ("case",))),
	Kind.REQUEST: (Route(Kind.REQUEST), Route(Kind.CASE, ("case",))),
	Kind.INTERACTION: (
		Route(Kind.CASE, ("case",)),
		Route(Kind.REQUEST, ("service_request",), unless=("case",)),
		Route(Kind.CASE, ("service_request", "case"), unless=("case",)),
		Route(Kind.INTERACTION, unless=("case", "service_request")),
	),
	Kind.CITIZEN: (Route(Kind.CITIZEN),),
}
STEPS = {"case": Kind.CASE, "service_request": Kind.REQUEST}

# Where the level of a record stands: in itself, or in the record one step on.
LEVEL_AT = {Kind.CASE: "", Kind.REQUEST: "", Kind.TASK: "case"}


def levels_up_to(level: str) -> frozenset[str]:
	return frozenset(LEVELS[: LEVELS.index(level) + 1])


def grants(subject: Subject, shows: Kind, on: Kind, right: Right) -> list[Grant]:
	"""The grants that the roles of the subject hold, before looking at any record."""
	return [
		grant
		for grant in RULE
		if grant.on is on and shows in grant.shows and right in grant.rights and grant.roles & subject.roles
	]


# First reading: a predicate ------------------------------------------------------------------------------


def may(subject: Subject, facts, right: Right) -> bool:
	"""Whether the subject has the right to the record that the facts describe."""
	return any(
		_leads(grant, subject, facts, route)
		for route in ROUTES[facts.kind]
		if not any(getattr(facts, name) for name in route.unless)
		for grant in grants(subject, facts.kind, route.on, right)
	)


def _leads(grant: Grant, subject: Subject, facts, route: Route) -> bool:
	for step in route.steps:
		if not _within(grant, facts, on_the_way=True):
			return False
		facts = getattr(facts, step)
		if facts is None:
			return False
	return _within(grant, facts) and _has_status(grant, facts) and _in_scope(grant.scope, subject, facts)


def _within(grant: Grant, facts, on_the_way: bool = False) -> bool:
	at = LEVEL_AT.get(facts.kind)
	if grant.up_to is None or at is None or (at and on_the_way):
		return True
	holder = getattr(facts, at) if at else facts
	return holder is not None and holder.confidentiality in levels_up_to(grant.up_to)


def _has_status(grant: Grant, facts) -> bool:
	return grant.status is None or facts.status == grant.status


def _in_scope(scope: Scope | None, subject: Subject, facts) -> bool:
	if scope is None:
		return True
	reached = getattr(facts, scope.through) if scope.through else facts
	reached = reached if isinstance(reached, tuple) else (reached,)
	return any(getattr(each, scope.field, None) in getattr(subject, scope.among) for each in reached)


# Second reading: a condition -----------------------------------------------------------------------------


@lru_cache(maxsize=512)
def condition(subject: Subject, kind: Kind, right: Right = Right.READ) -> Condition:
	"""What a record of this kind must meet for the subject to have the right to it."""
	return any_of(_route_condition(subject, kind, route, right) for route in ROUTES[kind])


def _route_condition(subject: Subject, kind: Kind, route: Route, right: Right) -> Condition:
	held = grants(subject, kind, route.on, right)
	levels = dict.fromkeys(grant.up_to for grant in held)
	reached = any_of(
		_up_to(level, subject, kind, route, [grant for grant in held if grant.up_to == level])
		for level in levels
	)
	return all_of([*map(Empty, route.unless), reached])


def _up_to(level: str | None, subject: Subject, kind: Kind, route: Route, held: list[Grant]) -> Condition:
	own = any_of(all_of([_status(grant), _scope(grant.scope, subject)]) for grant in held)
	reached = all_of([_level(level, route.on), own])
	passed = (kind, *(STEPS[step] for step in route.steps))
	for step, record in zip(reversed(route.steps), reversed(passed[:-1]), strict=True):
		reached = through(step, reached)
		if not LEVEL_AT.get(record):
			reached = all_of([_level(level, record), reached])
	return reached


def _level(level: str | None, kind: Kind) -> Condition:
	at = LEVEL_AT.get(kind)
	if level is None or at is None:
		return Everything()
	low_enough = Among("confidentiality", levels_up_to(level))
	return through(at, low_enough) if at else low_enough


def _status(grant: Grant) -> Condition:
	return Everything() if grant.status is None else Among("status", frozenset({grant.status}))


def _scope(scope: Scope | None, subject: Subject) -> Condition:
	if scope is None:
		return Everything()
	values = getattr(subject, scope.among)
	tied = Among(scope.field, values) if values else Nothing()
	return through(scope.through, tied) if scope.through else tied
