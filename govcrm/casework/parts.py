"""Parts in other departments that the routing of a request orders, opened with its case."""

from frappe import _
from frappe.model.document import Document

from govcrm.casework import events
from govcrm.casework.attempts import attempt
from govcrm.casework.routing import Routed
from govcrm.casework.verbs.referable import open_part, refuse_referral
from govcrm.domain.routing import Part


def open_ordered_parts(case: Document, routed: Routed | None) -> None:
	"""Open each as a referral would. One that cannot be opened is told on the case and keeps nothing else back."""
	for part in routed.parts if routed else ():
		if why := attempt(lambda part=part: _open(case, part), f"Part of {case.name}"):
			events.write(case, "part_refused", reason=why, detail=part.department)


def _open(case: Document, ordered: Part) -> None:
	refuse_referral(case, ordered.department)
	part = open_part(
		case, ordered.department, instructions_of(case, ordered), ordered.program, holds=ordered.holds_parent
	)
	events.write(case, "refer", reason=ordered.instructions, detail=f"{part.name} → {part.department}")


def instructions_of(case: Document, ordered: Part) -> str:
	"""The other department does not see the case: it gets to know what it is about."""
	return ordered.instructions or _("Your part of: {0}").format(case.subject)
