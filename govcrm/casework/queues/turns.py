"""Whose turn it is: the member to whom something was given longest ago.

The turn stands in the member's own row, so that there is no counter on which intake would queue up. Whoever takes a
turn holds that row until the end of the transaction; others who open a case meanwhile go on to the next member.
"""

import random
from collections.abc import Mapping

import frappe
from frappe.utils import now_datetime

from govcrm import compat
from govcrm.casework.queues.staff import Membership
from govcrm.domain.queues import Offer


def take(offers: list[Offer], members: Mapping[str, Membership]) -> Offer | None:
	"""The first offer whose turn nobody else is just taking, noted as given. Who knows the citizen needs no turn.

	When more cases are being opened at this moment than there are members, chance decides, and nothing is noted: a
	citizen's request is not to wait for that.
	"""
	for offer in offers:
		if _claim(members[offer.member]) or offer.known:
			return offer
	return random.choice(offers) if offers else None


def _claim(membership: Membership) -> bool:
	"""Hold the row, by its name alone: another index would hold those of the whole department.

	A turn that was taken after we looked is not there any more.
	"""
	compat.start_writing()
	member = frappe.qb.DocType("Department Member")
	rows = compat.claiming(
		frappe.qb.from_(member).select(member.last_given).where(member.name == membership.row)
	).run()
	if not rows or rows[0][0] != membership.last_given:
		return False
	given = now_datetime()
	frappe.db.set_value("Department Member", membership.row, "last_given", given, update_modified=False)
	return True
