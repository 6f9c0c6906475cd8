"""The rule itself, as data: who is granted what, how a record reaches the one that a grant looks at, and what bars the way.

A grant names who holds it (roles), whose record it looks at (`on`), what that opens (`shows`: the file of a case is the
case, its tasks, its requests and its interactions), how the record must be tied to the user (`scope`), up to which
confidentiality, and for which rights.
"""

from dataclasses import dataclass

from govcrm.domain.access.facts import INTERNAL, RESTRICTED, SEALED, Kind, Right, Subject


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
PERMITTED = WORKERS | REVIEWERS | PRIVACY  # whom a case can be opened to in person

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
MAY_READ, MAY_WORK = Scope("name", "may_read"), Scope("name", "may_work")
EMERGENCY = Scope("name", "emergencies")

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
	# Whom a case was opened to by name reads it, or works it, whatever it is; an emergency opens what is Restricted.
	Grant(PERMITTED, Kind.CASE, CASE_FILE, READ, SEALED, MAY_READ),
	Grant(WORKERS, Kind.CASE, CASE_FILE, ALL, SEALED, MAY_WORK),
	Grant(WORKERS, Kind.CASE, CASE_FILE, READ, RESTRICTED, EMERGENCY),
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

# From what nobody who is recused may come to a record: where it leads, and the set of the subject that is kept out.
BARS = {
	Kind.CASE: (((), "recused"),),
	Kind.TASK: ((("case",), "recused"),),
	Kind.REQUEST: (
		(("case",), "recused"),
		(("citizen",), "recused_citizens"),
		(("representative",), "recused_citizens"),
	),
	Kind.INTERACTION: (
		(("case",), "recused"),
		(("citizen",), "recused_citizens"),
		(("service_request", "case"), "recused"),
		(("service_request", "citizen"), "recused_citizens"),
		(("service_request", "representative"), "recused_citizens"),
	),
	Kind.CITIZEN: (((), "recused_citizens"),),
}

# Where the level of a record stands: in itself, or in the record one step on.
LEVEL_AT = {Kind.CASE: "", Kind.REQUEST: "", Kind.TASK: "case"}


def grants(subject: Subject, shows: Kind, on: Kind, right: Right) -> list[Grant]:
	"""The grants that the roles of the subject hold, before looking at any record."""
	return [
		grant
		for grant in RULE
		if grant.on is on and shows in grant.shows and right in grant.rights and grant.roles & subject.roles
	]
