"""An e-mail to people who keep it: an auditor, the clerk, a council member."""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.utils import cint, format_datetime, validate_email_address

from govcrm.accountability.anchors import receipts
from govcrm.accountability.anchors.checkpoints import Checkpoint
from govcrm.accountability.anchors.kinds import AnchorError, Kind, Receipt
from govcrm.faults import Fault

LOST = ("Error", "Expired")  # of Email Queue


class Mail(Kind):
	least_minutes = 60

	def faults(self) -> Iterator[Fault]:
		if not self.recipients():
			yield Fault("recipients", _("Enter at least one address."))
		for address in self.recipients():
			if not validate_email_address(address):
				yield Fault("recipients", _("{0} is not an e-mail address.").format(address))

	def deliver(self, checkpoint: Checkpoint) -> Receipt:
		if cint(frappe.conf.get("mute_emails")):
			frappe.throw(_("This site sends no mail: mute_emails is set in its configuration."), AnchorError)
		queued = frappe.sendmail(
			recipients=self.recipients(),
			subject=_("Audit log: {0} events").format(checkpoint.size),
			message=words(checkpoint),
			attachments=[attachment(checkpoint)],
		)
		return Receipt(queued.name, _("Queued for {0}.").format(", ".join(self.recipients())))

	def worry(self) -> str:
		"""Mail is sent later by Frappe's queue, whose failures nobody else would look for here."""
		last = receipts.last(self.anchor.name)
		if last and frappe.db.get_value("Email Queue", last.receipt, "status") in LOST:
			return _("The last mail could not be sent. Look for it in Email Queue.")
		return ""

	def recipients(self) -> list[str]:
		lines = (self.anchor.recipients or "").replace(",", "\n").splitlines()
		return [line.strip() for line in lines if line.strip()]


def words(checkpoint: Checkpoint) -> str:
	lines = [
		_("Please keep this mail. It proves what the audit log of {0} held at this moment.").format(
			frappe.utils.get_url()
		),
		_("Events: {0}").format(checkpoint.size),
		_("Sealed: {0} (UTC)").format(format_datetime(checkpoint.sealed_at_utc)),
		_("Fingerprint of the log (root): {0}").format(checkpoint.root),
		_(
			"If the log is ever changed, shortened or replaced, it will no longer agree with the attached checkpoint."
		),
	]
	return "".join(f"<p>{frappe.utils.escape_html(line)}</p>" for line in lines)


def attachment(checkpoint: Checkpoint) -> dict[str, str]:
	return {"fname": f"checkpoint-{checkpoint.name}.json", "fcontent": checkpoint.line()}
