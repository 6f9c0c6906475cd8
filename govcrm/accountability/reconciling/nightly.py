"""What the scheduler does with the reconciliation: without anybody who looks on."""

import frappe
from frappe import _
from frappe.utils import strip_html

from govcrm.accountability import retention, trail
from govcrm.accountability.reconciling import baseline, findings, running
from govcrm.casework.sweep import telling


def run() -> None:
	"""First what still owes its first event, then the comparison. Another one under way will do as well."""
	if not trail.ready():
		return
	baseline.run()
	try:
		running.reconcile()
	except running.AlreadyRunning:
		frappe.clear_last_message()


def remove_old() -> None:
	"""Remove old events. What keeps them here is told to those who are told of findings."""
	if not trail.ready():
		return
	try:
		retention.remove()
	except running.AlreadyRunning:
		frappe.clear_last_message()
	except retention.NotYet as refusal:
		frappe.clear_last_message()
		_tell(strip_html(str(refusal)))


def _tell(words: str) -> None:
	message = _("Old events of the audit log were not removed. {0}").format(words)
	telling.tell(frappe.get_doc("Audit Settings"), findings.recipients(), message)
	frappe.db.commit()  # the task has ended, and somebody must hear of it
