"""How much open work people have.

Open work is what they can do something about: a case that waits weighs nothing until it goes on.
"""

from collections.abc import Iterable
from typing import NamedTuple

import frappe
from frappe.query_builder.functions import Count

from govcrm.domain.cases import OPEN


class Load(NamedTuple):
	"""Number of open cases, and the sum of the handling weights of their program versions."""

	cases: int = 0
	weight: float = 0.0


def loads_of(users: Iterable[str]) -> dict[str, Load]:
	"""Load by user; who has no open case is left out."""
	case = frappe.qb.DocType("Case")
	query = frappe.qb.from_(case).select(case.assignee, case.program_version, Count("*"))
	query = query.where(case.assignee.isin(sorted(users)) & (case.state_category == OPEN))
	query = query.groupby(case.assignee, case.program_version)
	loads: dict[str, Load] = {}
	for user, version, cases in query.run():
		before = loads.get(user, Load())
		loads[user] = Load(before.cases + cases, before.weight + cases * weight_of(version))
	return loads


def count_held(user: str) -> int:
	"""How many open cases the user has. What is counted stays so in this transaction.

	Rows are read and counted here: PostgreSQL locks none that are grouped or counted.
	"""
	case = frappe.qb.DocType("Case")
	query = frappe.qb.from_(case).select(case.name)
	return len(query.where((case.assignee == user) & (case.state_category == OPEN)).for_update().run())


def weight_of(version: str | None) -> float:
	"""How much a case of this version counts; 1 where nobody has said."""
	weight = version and frappe.get_cached_value("Program Version", version, "handling_weight")
	return float(weight or 1)
