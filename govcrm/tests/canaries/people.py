"""Who asks, and what they must not be told: as the rule reads in words, not as the code answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import frappe

from govcrm.setup.roles import ROLES
from govcrm.tests.canaries.words import (
	ASKED,
	ELSEWHERE,
	MATTER,
	PERSON,
	RESTRICTED,
	ROOMS,
	SAID,
	SEALED,
	Canary,
)
from govcrm.tests.factories import make_user, make_worker

ALL = frozenset(ROOMS)
OWN, OTHER = "Public Works", "Water"
# Frappe's own that reach furthest.
OTHERS = (
	"System Manager",
	"Workspace Manager",
	"Report Manager",
	"Website Manager",
	"Inbox User",
	"Script Manager",
)
# Rooms whose rows link to what bears this name: who may read a request knows which case answers it and who asked. Names are given by
# lot and say nothing of what they name, and who follows the link is asked for the right.
LINKED = {
	"name of Case": (ASKED, SAID),
	"name of Citizen": (ASKED, SAID),
	"name of Service Request": (SAID,),
}


@dataclass(frozen=True)
class Person:
	"""`opened` is what the rule gives them, by kind of matter; all else is closed."""

	user: str
	roles: tuple[str, ...] = ()
	opened: Mapping[str, frozenset[str]] = field(default_factory=dict)
	department: str = ""
	website: bool = False

	@property
	def reads_trail(self) -> bool:
		return not {"Agency Auditor", "Agency Administrator"}.isdisjoint(self.roles)

	def may_not_see(self, canary: Canary) -> bool:
		return {canary.room, *LINKED.get(canary.place, ())}.isdisjoint(self.opened.get(canary.kind, ()))


def _mail(name: str) -> str:
	return f"asks-{name}@example.org"


def _only(*rooms: str) -> frozenset[str]:
	return frozenset(rooms)


# Citizens are found by all who take calls or work; nobody who is recused from one finds them. No role leads to what is sealed.
_FOUND = {RESTRICTED: _only(PERSON), SEALED: _only(PERSON)}
_OF_OTHERS = {**_FOUND, ELSEWHERE: _only(PERSON)}
_METADATA = {RESTRICTED: _only(MATTER), ELSEWHERE: _only(MATTER)}
_WORKS = ("Caseworker",)
PEOPLE = (
	# Holds every role there is, supervises, and is recused: what reaches furthest must still not reach this.
	Person(_mail("everything"), (*sorted(ROLES), *OTHERS), {**_FOUND, RESTRICTED: ALL, ELSEWHERE: ALL}, OWN),
	Person(_mail("caseworker"), _WORKS, _OF_OTHERS, OTHER),
	Person(_mail("website"), website=True),
	Person(_mail("colleague"), _WORKS, {**_FOUND, ELSEWHERE: ALL}, OWN),
	Person(_mail("supervisor"), (*_WORKS, "Case Supervisor"), _OF_OTHERS, OTHER),
	Person(_mail("intake"), ("Intake Agent",), {**_FOUND, ELSEWHERE: _only(ASKED, PERSON)}),
	Person(_mail("administrator"), ("Agency Administrator",), {ELSEWHERE: ALL - {PERSON}}),
	Person(_mail("manager"), OTHERS),
	Person(_mail("designer"), ("Program Designer",)),
	Person(_mail("records"), ("Records Officer",), {**_FOUND, ELSEWHERE: ALL}),
	Person(_mail("privacy"), ("Privacy Officer",), {**_FOUND, RESTRICTED: ALL, ELSEWHERE: ALL}),
	Person(_mail("auditor"), ("Agency Auditor",), _METADATA),
	Person(_mail("official"), ("Elected Official",)),
	Person(_mail("desk"), ("Desk User",)),
	Person(_mail("constituent"), ("Constituent",), website=True),
	Person("Guest"),
)
FEW = PEOPLE[:3]


def make(people: Iterable[Person] = PEOPLE, roles: Iterable[str] = ()) -> list[Person]:
	"""The people as users of this site; the first of them holds `roles` too, such as those of another app."""
	made = list(people)
	for person in made:
		if person.user != "Guest":
			_make(person, [*person.roles, *(roles if person is made[0] else ())])
	return made


def _make(person: Person, roles: list[str]) -> None:
	kind = "Website User" if person.website else "System User"
	there = [role for role in roles if frappe.db.exists("Role", role)]
	make_user(person.user, *there, user_type=kind)
	if person.department:
		make_worker(person.user, person.department, supervisor="Case Supervisor" in person.roles)


def roles_of_others() -> list[str]:
	"""Every role of the site that is given by hand."""
	automatic = ("Administrator", "Guest", "All", "Desk User")
	return frappe.get_all("Role", {"disabled": 0, "name": ("not in", automatic)}, pluck="name")


def by_user(people: Iterable[Person]) -> dict[str, Person]:
	return {person.user: person for person in people}
