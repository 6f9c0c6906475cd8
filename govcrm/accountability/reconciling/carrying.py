"""What old events said is said again by new first events, if it still holds: before they go, and when a DocType has got
other fields since."""

from collections.abc import Callable
from dataclasses import replace

import frappe
from frappe import _

from govcrm import compat
from govcrm.accountability.reconciling import baseline, live
from govcrm.accountability.reconciling.absorbing import last_absorbed
from govcrm.accountability.reconciling.checking import Checker
from govcrm.accountability.reconciling.live import Page
from govcrm.accountability.reconciling.log import EVENT
from govcrm.accountability.reconciling.newer import Newer


class Differs(frappe.ValidationError):
	"""A record is not as the events say that should go: they are evidence, and stay."""


def carry(upto: int, commit: Callable[[], None]) -> None:
	"""Give each record whose newest event has a number up to `upto` a new first event, a page a transaction.

	Raises Differs. Done again, it says the same again.
	"""
	checker = Checker(Newer(last_absorbed()), baseline.completed, lambda: None)
	for doctype in live.doctypes():
		for page in live.pages(doctype):
			commit()
			_carry_page(_resting(page, upto), checker, commit)
	_close(upto)
	commit()


def renew(checker: Checker, fresh: Callable[[], None]) -> None:
	"""Give records whose DocType has other fields than when they were hashed a new first event.

	One that was changed in this moment is left to the next reconciliation.
	"""
	pages, checker.result.outdated = checker.result.outdated, []
	for page in pages:
		fresh()
		baseline.hold(page)
		again = Checker(checker.newer, checker.complete, lambda: None)
		again.look_again(page, [page.name_in_log(name) for name in page.names])
		if not again.result.found:
			baseline.cover(page, lambda: None, baseline.AGAIN)


def _resting(page: Page, upto: int) -> Page:
	"""The records of a page of which no event later than `upto` was absorbed."""
	old = {name for name, one in page.said().items() if one.row_hash and one.seq <= upto}
	names = [name for name in page.names if page.name_in_log(name) in old]
	return replace(page, names=names)


def _carry_page(page: Page, checker: Checker, commit: Callable[[], None]) -> None:
	if page.names:
		compat.start_writing()
		baseline.hold(page)
		_require_equal(page, checker)
		baseline.cover(page, commit, baseline.AGAIN)


def _require_equal(page: Page, checker: Checker) -> None:
	checker.look_again(page, [page.name_in_log(name) for name in page.names])
	if found := checker.result.found:
		message = _(
			"{0} {1} is not as the log says. Reconcile and explain that first: no events were removed."
		)
		frappe.throw(message.format(_(found[0].doctype), found[0].name), Differs)


def _close(upto: int) -> None:
	"""That every row of a DocType has an event must be said by an event that stays."""
	for doctype in sorted(baseline.completed() - _closed_after(upto)):
		baseline.close(doctype, 0)


def _closed_after(upto: int) -> set[str]:
	table = frappe.qb.DocType(EVENT)
	query = frappe.qb.from_(table).select(table.reference_name)
	query = query.where((table.verb == baseline.BASELINE) & (table.action == baseline.COMPLETE))
	return set(query.where((table.seq == 0) | (table.seq > upto)).run(pluck=True))
