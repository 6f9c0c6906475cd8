"""What a form brings along of other records: mails that are linked to this one, titles of records that this one links to."""

from collections.abc import Callable, Iterator
from itertools import islice

import frappe
from frappe.desk.form import load
from frappe.model.document import Document
from frappe.www import printview

from govcrm.access.satellites.conditions import shown_among
from govcrm.access.telling.readers import may_be_told
from govcrm.wrapping import wrap

ADMINISTRATOR = "Administrator"
PAGE = 20
TITLES = "__link_titles"


def install() -> None:
	wrap(load, "_get_communications", shown_mails)
	wrap(load, "get_title_values_for_link_and_dynamic_link_fields", readable_titles)
	wrap(printview, "set_link_titles", printable_titles)


def shown_mails(mails: Callable) -> Callable:
	"""The timeline of a contact shows mails that are about other records. Pages are as long as if the others were not there."""

	def communications(doctype: str, name: str, start: int = 0, limit: int = PAGE) -> list:
		user = frappe.session.user
		if user == ADMINISTRATOR:
			return mails(doctype, name, start, limit)
		return list(islice(_shown(mails, doctype, name, limit or PAGE, user), start, start + limit))

	return communications


def _shown(mails: Callable, doctype: str, name: str, page: int, user: str) -> Iterator:
	start = 0
	while found := mails(doctype, name, start, page):
		shown = shown_among("Communication", [mail.name for mail in found], user)
		yield from (mail for mail in found if mail.name in shown)
		if len(found) < page:
			return
		start += page


def readable_titles(titles_of: Callable) -> Callable:
	"""For a form: {"DocType::name": title}."""

	def titles(doc: Document, link_fields: list | None = None) -> dict[str, str]:
		return _readable(titles_of(doc, link_fields))

	return titles


def printable_titles(set_titles: Callable) -> Callable:
	"""For a print: the same, kept on the document."""

	def set_readable(doc: Document) -> None:
		set_titles(doc)
		if titles := doc.get(TITLES):
			setattr(doc, TITLES, _readable(titles))

	return set_readable


def _readable(titles: dict[str, str]) -> dict[str, str]:
	user = frappe.session.user
	return {key: title for key, title in titles.items() if may_be_told(user, *key.split("::", 1))}
