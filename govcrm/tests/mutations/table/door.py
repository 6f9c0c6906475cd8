"""One door, and what several parts of the table name."""

from typing import NamedTuple

from govcrm.tests.mutations.switches import Answer, Switch, Unhooked, Without

GATE = "govcrm.gate.check."
JUDGED = "govcrm.gate.methods."
LINKS = "govcrm/gate/test_doors.py::TestSearchAndLinks::"
TABLES = "govcrm/access/test_satellite_doors.py::"
TELLING = "govcrm/access/test_telling.py::"
TERMS = "govcrm/gate/test_terms.py::TestTerms::"
TOGETHER = "govcrm/gate/test_doors.py::TestCollaboration::"
TOLD = "govcrm.access.telling."


class Door(NamedTuple):
	number: str
	name: str
	how: str
	closing: tuple[Switch, ...]
	test: str


NAMES = Answer(f"{GATE}_objection_to_names")
HAS_PERMISSION = Answer("govcrm.permissions.has_permission", True)


def overridden(method: str) -> tuple[Switch, ...]:
	"""Without our answer in place of Frappe's."""
	return (Unhooked("override_whitelisted_methods", method),)


def checked(method: str) -> tuple[Switch, ...]:
	"""Without the right that the gate asks for first."""
	return (Without(f"{JUDGED}CHECKED", method),)
