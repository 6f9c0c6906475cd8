"""The digest of followed records: a mail with what was changed and said, to whoever began to follow them some time ago.

A mail hangs on one record at most. What a digest says of records that the rule knows is sent as one mail for each, which says what it
is about: so each is asked about once more when it leaves the queue, and goes with the words of a case that is sealed meanwhile.
"""

from collections.abc import Callable

from frappe.desk.form import document_follow

from govcrm import mails
from govcrm.access.satellites.reading import is_closed
from govcrm.access.telling.readers import may_be_told
from govcrm.wrapping import wrap


def install() -> None:
	wrap(document_follow, "get_document_followed_by_user", readable)
	wrap(document_follow, "send_email_alert", one_by_one)


def readable(followed: Callable) -> Callable:
	"""What the user follows and may read now."""

	def documents(user: str) -> list:
		return [row for row in followed(user) if may_be_told(user, row.ref_doctype, row.ref_docname)]

	return documents


def one_by_one(send: Callable) -> Callable:
	"""A mail for each record that the rule knows, none for sealed ones, and one for all others.

	Frappe's template takes from the timeline what belongs to the records that it is given.
	"""

	def alert(receiver: str, docinfo: list[dict], timeline: list[dict]) -> None:
		closed = [one for one in docinfo if is_closed(*_place(one))]
		for one in closed:
			if not mails.is_about_sealed(*_place(one)):
				with mails.about(*_place(one), receiver):
					send(receiver, [one], timeline)
		if others := [one for one in docinfo if one not in closed]:
			send(receiver, others, timeline)

	return alert


def _place(followed: dict) -> tuple[str, str]:
	return followed["reference_doctype"], followed["reference_docname"]
