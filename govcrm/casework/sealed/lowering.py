"""A sealed case becomes readable again: its words and files go back where they stood."""

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.accountability import trail
from govcrm.casework.evidence import moving as files
from govcrm.casework.sealed import matter, moving
from govcrm.casework.verbs.authority import require_supervisor
from govcrm.casework.verbs.guarded import by_verb
from govcrm.casework.verbs.transferable import required
from govcrm.domain.access import LEVELS

OPEN_LEVELS = LEVELS[: LEVELS.index("Sealed")]


def open_up(case: Document, level: str, reason: str) -> None:
	"""`begin` must have been called. The level it goes to is one below Sealed."""
	require_supervisor(case)
	reason = required(reason)
	if case.confidentiality != "Sealed":
		frappe.throw(_("{0} is not sealed.").format(case.name))
	if level not in OPEN_LEVELS:
		names = ", ".join(_(name) for name in OPEN_LEVELS)
		frappe.throw(_("Say to which level: {0}.").format(names))
	moving.gather(case.name)
	_lower(case, level, reason, matter.take(case.name))


def _lower(case: Document, level: str, reason: str, said: matter.Said) -> None:
	own = said.pop("Case", {}).get(case.name, {})
	case.flags.lowered_because = reason
	with trail.act("lower", reason, on=case), by_verb(case):
		case.update({**own, "confidentiality": level})
		case.save()
		moving.give_back(said)
		files.give_back(case.name)
