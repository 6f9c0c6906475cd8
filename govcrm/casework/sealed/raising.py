"""A case becomes sealed: its words leave every table, all within the transaction of the save that raised it.

Who raised it and who has it keep it by name, for else nobody could open it: to what is sealed no role leads.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, now_datetime

from govcrm.casework.evidence import moving as files
from govcrm.casework.grants import records
from govcrm.casework.queues.recusals import recused_on
from govcrm.casework.sealed import copies, moving
from govcrm.domain.access import WORKERS

KEPT_DAYS = 365


def seal(case: Document) -> None:
	"""Take the words and files of the case away, with every copy. Its row says already that it is sealed."""
	keep_open(case)
	files.take_in(case.name)
	moving.gather(case.name)
	copies.remove(case.name)
	frappe.db.after_commit.add(lambda: _look_again(case.name))


def keep_open(case: Document) -> None:
	"""To who seals it and who has it."""
	bound = recused_on(case.name)
	for user in dict.fromkeys((frappe.session.user, case.assignee)):
		if user and user not in bound and not WORKERS.isdisjoint(frappe.get_roles(user)):
			_keep_open_to(case, user)


def _keep_open_to(case: Document, user: str) -> None:
	if user == "Administrator" or _works_by_name(case.name, user):
		return
	now = now_datetime()
	records.make(
		case.name,
		user,
		kind="Permission",
		opens=records.WORK,
		status="Granted",
		reason=_("Worked on the case when it was sealed."),
		authority=_("Sealed by {0}.").format(frappe.utils.get_fullname(frappe.session.user)),
		valid_from=now,
		valid_to=add_days(now, KEPT_DAYS),
		decided_by=frappe.session.user,
		decided_at=now,
	)


def _works_by_name(case: str, user: str) -> bool:
	standing = {"case": case, "user": user, "kind": "Permission", "opens": records.WORK, "status": "Granted"}
	return bool(frappe.db.exists("Case Access Grant", {**standing, "valid_to": (">", now_datetime())}))


def _look_again(case: str) -> None:
	"""Who had a form of it open when it was sealed may have saved words meanwhile."""
	frappe.enqueue("govcrm.casework.sealed.sweeping.look_at", case=case, queue="short")
