"""Reports that leave by mail, by the clock or by a button.

No request asks for them, so that they are recorded where they are sent. Frappe runs them with the rows of whatever user is
written in them, and those that are programs as Administrator.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _
from frappe.email.doctype.auto_email_report.auto_email_report import AutoEmailReport
from frappe.model.document import Document

from govcrm.accountability import trail
from govcrm.exports import askers
from govcrm.gate import governed, reports
from govcrm.wrapping import wrap

ADMINISTRATOR = "Administrator"
HAS_CONTENT = "govcrm_has_content"


def install() -> None:
	wrap(AutoEmailReport, "get_report_content", _noted)
	wrap(AutoEmailReport, "send", _recorded)


def keep_reader(doc: Document, method: str | None = None) -> None:
	"""Doc event of Auto Email Report: whoever writes one, or where it goes, would have the rows of anybody sent there."""
	if doc.user != frappe.session.user and frappe.session.user != ADMINISTRATOR and _tells_of_records(doc):
		frappe.throw(
			_("This report is mailed with what you may see yourself. Choose yourself as its user."),
			frappe.PermissionError,
		)


def _tells_of_records(mail: Document) -> bool:
	about = frappe.get_cached_value("Report", mail.report, "ref_doctype")
	return mail.report in askers.OF_USERS or governed.tells_of_records(about)


def _noted(find):
	def get_report_content(self):
		with _as_reader(self):
			content = find(self)
		self.flags[HAS_CONTENT] = bool(content)
		return content

	return get_report_content


@contextmanager
def _as_reader(mail: Document) -> Iterator[None]:
	asker, by_clock = frappe.session.user, not getattr(frappe.local, "request", None)
	if asker not in (ADMINISTRATOR, mail.user) and _tells_of_records(mail):
		frappe.throw(_("This report is mailed for somebody else."), frappe.PermissionError)
	if by_clock and mail.user and asker != mail.user:
		frappe.set_user(mail.user)
	try:
		if frappe.session.user != ADMINISTRATOR and (why := reports.why_not(mail.report)):
			frappe.throw(why, frappe.PermissionError)
		yield
	finally:
		if frappe.session.user != asker:
			frappe.set_user(asker)


def _recorded(send):
	"""In the transaction that puts the mail in the queue. Where there was nothing to report nothing is sent."""

	def recorded(self):
		self.flags[HAS_CONTENT] = False
		send(self)
		if self.flags[HAS_CONTENT]:
			to = ", ".join((self.email_to or "").split())
			detail = {"report": self.report, "format": self.format, "to": to, "by": "mail"}
			trail.record("export", self.doctype, self.name, detail=detail)

	return recorded
