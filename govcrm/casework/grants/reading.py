"""Why somebody may read a case, and no more: said on its form."""

from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Max

from govcrm.access.exceptions import grants_in_force
from govcrm.access.subjects import subject_of
from govcrm.casework.grants.records import EMERGENCY


def read_only_by(case: Document) -> dict | None:
	"""{until, emergency} of what opens the case to the user at hand by name; until None where their department does.

	None for those who may write it, and for those whose roles let them read.
	"""
	if frappe.has_permission("Case", "write", doc=case):
		return None
	kinds = _ends(case.name, frappe.session.user)
	if not kinds and not (frappe.has_permission("Case", "write") and _takes_part(case.name)):
		return None
	until = max(kinds.values(), default=None)
	return {"until": until, "emergency": bool(until) and kinds.get(EMERGENCY) == until}


def _takes_part(case: str) -> bool:
	"""Whether a department of the user does."""
	mine = sorted(subject_of(frappe.session.user).departments)
	return bool(mine and frappe.db.exists("Case Participant", {"case": case, "department": ("in", mine)}))


def _ends(case: str, user: str) -> dict[str, datetime]:
	"""The last moment of each kind of grant that is in force."""
	grant = DocType("Case Access Grant")
	mine = (grant["case"] == case) & (grant.user == user) & grants_in_force(grant)
	query = frappe.qb.from_(grant).select(grant.kind, Max(grant.valid_to)).where(mine).groupby(grant.kind)
	return {kind: frappe.utils.get_datetime(until) for kind, until in query.run()}
