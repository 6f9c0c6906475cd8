"""Mail is asked about once more when it leaves the queue: who was to be told may have lost access since it was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import frappe
from frappe import _
from frappe.email.doctype.email_queue.email_queue import EmailQueue
from frappe.model.document import Document
from frappe.utils import split_emails

from govcrm.access.satellites.reading import is_closed
from govcrm.access.satellites.references import references_of
from govcrm.access.telling.readers import STAFF, may_be_told, names, people_at, plain
from govcrm.accountability import trail
from govcrm.casework.sealed import keeping

Host = tuple[str, str]
ABOUT = "govcrm_mail_about"
WRITTEN_TO = ("recipients", "cc", "bcc")


class About(NamedTuple):
	"""What the next mail to one address is about."""

	host: Host
	address: str

	def is_for(self, mail: Document) -> bool:
		"""Whoever an Email Account sends copies of all it sends to (`always_bcc`) is among the recipients too."""
		copied = {plain(address) for address in split_emails(mail.get("show_as_bcc") or "")}
		addresses, mine = {plain(row.recipient) for row in mail.recipients}, {plain(self.address)}
		return mine <= addresses and addresses - copied <= mine


class GovernedMail(EmailQueue):
	"""Hook `override_doctype_class`. A mail that hangs on no record the rule knows is sent as Frappe sends it."""

	def before_insert(self) -> None:
		about = frappe.flags.get(ABOUT)
		if about and not self.reference_doctype and about.is_for(self):
			self.reference_doctype, self.reference_name = about.host
			frappe.flags[ABOUT] = None

	def send(self, *args, **kwargs) -> None:
		is_due = kwargs.get("force_send") or self.can_send_now()
		if is_due and (hosts := hosts_of(self)) and not self.leave_out(hosts):
			return
		super().send(*args, **kwargs)

	def leave_out(self, hosts: list[Host]) -> bool:
		"""Pass over whom the mail is no longer for; gives whether anybody is left."""
		waiting = [row for row in self.recipients if not row.is_mail_sent()]
		for_whom = told_by_mail(self, hosts, [row.recipient for row in waiting])
		passed = [row for row in waiting if row.recipient not in for_whom]
		for row in passed:
			self.pass_over(row, hosts)
		# The mail of the others does not name them either.
		self.recipients = [row for row in self.recipients if row not in passed]
		if passed:
			self.update_db(error=_not_for_them())
		if passed and len(passed) == len(waiting):
			self.update_status("Sent" if self.recipients else "Error")
			return False
		return True

	def pass_over(self, row: Document, hosts: list[Host]) -> None:
		"""Once in the audit log, however often the rest of the mail is tried again."""
		if not row.error:
			doctype, name = hosts[0]
			trail.record("email", doctype, name, outcome="Denied", detail={"recipient": row.recipient})
			row.update_db(error=_not_for_them())


@contextmanager
def about(doctype: str | None, name: str | None, address: str | None) -> Iterator[None]:
	"""The mail that Frappe queues meanwhile for this address, without saying what it is about, is about this record.

	It is one, and it alone: others that are queued meanwhile are not. Nor is that of a sealed record: it says nothing but that
	there is news, and none may hang on such a case.
	"""
	before = frappe.flags.get(ABOUT)
	frappe.flags[ABOUT] = (
		About((doctype, str(name)), address) if address and _is_to_say(doctype, name) else None
	)
	try:
		yield
	finally:
		frappe.flags[ABOUT] = before


def hosts_of(mail: Document) -> list[Host]:
	"""What it hangs on, where the rule has a say."""
	places = (
		(reference.type_in(mail), mail.get(reference.name_field)) for reference in references_of(mail.doctype)
	)
	return [(doctype, str(name)) for doctype, name in places if name and is_closed(doctype, name)]


def told_by_mail(mail: Document, hosts: list[Host], addresses: list[str]) -> set[str]:
	"""Those of the addresses that the mail is still for.

	One of nobody with an account was put there by the agency, or is the citizen's; a citizen's own mail is theirs, account or
	not. A website user keeps what was written to them by hand, or is about a record that names them. All others must be able
	to read what the mail hangs on.
	"""
	if keeping.is_of_sealed(mail):
		return set()
	people, citizens = people_at(addresses), set(_addresses_of_citizens(hosts))

	def is_for(address: str, person: frappe._dict) -> bool:
		return (
			plain(address) in citizens
			or (person.user_type != STAFF and _is_written_to(mail, hosts, address))
			or all(may_be_told(person.name, *host) for host in hosts)
		)

	return {
		address
		for address in addresses
		if all(is_for(address, one) for one in people.get(plain(address), ()))
	}


def _addresses_of_citizens(hosts: list[Host]) -> Iterator[str]:
	"""Of those who asked, or joined in asking, for what the mail hangs on."""
	requests = [name for doctype, name in hosts if doctype == "Service Request"]
	cases = [name for doctype, name in hosts if doctype == "Case"]
	requests += frappe.get_all("Service Request", {"case": ("in", cases)}, pluck="name") if cases else []
	if not requests:
		return
	asked = frappe.get_all("Service Request", {"name": ("in", requests)}, ["citizen", "representative"])
	joined = frappe.get_all("Request Follower", {"parent": ("in", requests)}, pluck="citizen")
	citizens = {*joined, *(row.citizen for row in asked), *(row.representative for row in asked)} - {None}
	points = {"parent": ("in", list(citizens) or [""]), "channel": "E-mail"}
	yield from map(plain, frappe.get_all("Citizen Contact Point", points, pluck="value"))


def _is_written_to(mail: Document, hosts: list[Host], address: str) -> bool:
	"""By a person, who addressed them; or since the record has their address."""
	found = mail.communication and frappe.db.get_value("Communication", mail.communication, WRITTEN_TO)
	by_hand = {plain(one) for text in found or () for one in split_emails(text or "")}
	there = [
		frappe.get_doc(*host) for host in hosts if frappe.db.exists(*host)
	]  # else all mail would wait for this one
	return plain(address) in by_hand or any(names(doc, address) for doc in there)


def _is_to_say(doctype: str | None, name: str | None) -> bool:
	return bool(name) and is_closed(doctype, name) and not is_about_sealed(doctype, name)


def is_about_sealed(doctype: str, name: str) -> bool:
	"""Whether no mail may hang on this record."""
	row = frappe._dict(doctype="Email Queue", reference_doctype=doctype, reference_name=name)
	return keeping.is_of_sealed(row)


def _not_for_them() -> str:
	return _("Not sent: what this is about is not for its recipient now.")
