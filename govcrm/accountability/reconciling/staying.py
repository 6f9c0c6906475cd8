"""Records that stay when the key of their matter is destroyed: they get a new first event under the next key.

Their row hashes stood under the key that goes, and nothing could be compared with them any more: whoever writes past the
application would not be found out before the next lawful save. What is as the log says is told of anew. What is not is
evidence that would go with the key, so then nothing is destroyed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping

import frappe
from frappe import _

from govcrm import compat
from govcrm.accountability.reconciling import baseline, live, said
from govcrm.accountability.reconciling.absorbing import last_absorbed
from govcrm.accountability.reconciling.checking import Checker
from govcrm.accountability.reconciling.live import Page
from govcrm.accountability.reconciling.newer import Newer
from govcrm.accountability.reconciling.said import Key
from govcrm.domain.ledger.compare import CHANGED, Said


class Differs(frappe.ValidationError):
	"""A record of the matter is not as the log says. Its key proves that, and stays until it is explained."""


def held(subject: str, told: Mapping[Key, Said]) -> list[Page]:
	"""The records of a matter that are there, held until the transaction ends. Raises Differs."""
	compat.start_writing()
	checker = Checker(Newer(max(last_absorbed(), 0)), baseline.completed, lambda: None)
	pages = _pages(told)
	for page in pages:
		baseline.hold(page)
		_require_current(page)
		_require_as_told(subject, page, told, checker)
	return pages


def watch(pages: list[Page]) -> None:
	"""Give them a new first event, under the keys that their matters have now."""
	for page in pages:
		baseline.cover(page, lambda: None, baseline.AGAIN)


def _pages(told: Mapping[Key, Said]) -> list[Page]:
	names: dict[str, list[str]] = defaultdict(list)
	for (doctype, name), words in told.items():
		if words.row_hash:
			names[doctype].append(name)
	_require_whole(names.keys())
	readable = sorted(names.keys() & set(live.doctypes()))
	pages = (_page(doctype, names[doctype]) for doctype in readable)
	return [page for page in pages if page.names]


def _require_whole(doctypes: Collection[str]) -> None:
	"""What cannot be read for want of a column cannot be as the log says."""
	for column, within in live.missing_columns().items():
		if not set(within).isdisjoint(doctypes):
			message = _(
				"The table of {0} has no column {1} any more. Make it again first: nothing was destroyed."
			)
			frappe.throw(message.format(_(column.doctype), column.name), Differs)


def _page(doctype: str, names: list[str]) -> Page:
	"""Those of them that are there."""
	shown = live.shown(doctype)
	users = {own: user for user, own in (shown or {}).items()}
	page = Page(doctype, [users.get(name, name) for name in names], shown=shown)
	there = {name for name, _row in page.live()}
	page.names = [name for name in page.names if page.name_in_log(name) in there]
	return page


def _require_current(page: Page) -> None:
	"""What was saved since this transaction began is not what it sees, and would be told of wrongly."""
	if frappe.get_meta(page.doctype).issingle:
		return
	table = frappe.qb.DocType(page.doctype)
	for names in said.batches(page.names):
		query = frappe.qb.from_(table).select(table.name, table.modified).where(table.name.isin(names))
		if set(query.run()) != set(compat.up_to_date(query).run()):
			message = _("Records of {0} were saved in this moment. Nothing was destroyed; try again.")
			frappe.throw(message.format(_(page.doctype)), Differs)


def _require_as_told(subject: str, page: Page, told: Mapping[Key, Said], checker: Checker) -> None:
	"""A record of which another matter told since belongs to that one now, and is left to it."""
	words = {page.name_in_log(name): told[page.doctype, page.name_in_log(name)] for name in page.names}
	compared = checker.compare(words, page).differences
	changed = {one.name: one.said for one in compared if one.kind == CHANGED}
	for name in changed.keys() - checker.as_before(page, changed):
		if _last_told(checker.newer, page.doctype, name, changed[name]).subject == subject:
			message = _(
				"{0} {1} is not as the log says. Reconcile and explain that first: nothing was destroyed."
			)
			frappe.throw(message.format(_(page.doctype), name), Differs)
		page.names = [one for one in page.names if page.name_in_log(one) != name]


def _last_told(newer: Newer, doctype: str, name: str, words: Said) -> Said:
	absorbed = said.of(doctype, [name]).get(name, words)
	return newer.said().get((doctype, name), absorbed)
