"""Words and files that came to a sealed case past its documents, or in the moment in which it was sealed, are taken away again."""

import frappe

from govcrm.accountability import trail
from govcrm.casework.attempts import attempt
from govcrm.casework.evidence import moving as files
from govcrm.casework.sealed import copies, matter, moving


def look_at(case: str) -> int:
	"""Gives how many records said something, or were Files."""
	if not matter.is_sealed(case):
		return 0
	with trail.act("seal"):
		found = files.take_in(case) + moving.gather(case)
		copies.remove(case)  # a log or a mail may have come in that moment, and have changed no record
	return found


def look_at_all() -> None:
	"""Each day. One that fails keeps none of the others."""
	for case in frappe.get_all("Case", {"confidentiality": "Sealed"}, pluck="name"):
		if why := attempt(lambda case=case: look_at(case), f"Words of sealed case {case}"):
			frappe.log_error(title="Words of a sealed case that stay", message=f"{case}: {why}")
