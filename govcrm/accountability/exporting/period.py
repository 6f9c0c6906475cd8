"""Which part of the log an export holds: whole checkpoints, so that its first and its last event are vouched for."""

from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import getdate

from govcrm.accountability.history.reading import day_begins
from govcrm.accountability.reconciling import log
from govcrm.accountability.sealing import sealer


class Period(NamedTuple):
	"""Events after `after` and up to `upto`, both sizes of checkpoints. `newest`: there is no later checkpoint."""

	after: int
	upto: int
	newest: bool


def of_days(first: date, last: date) -> Period:
	"""What was sealed on these days of the site's calendar, the last one included.

	Events that were removed from the site are not in it. Raises ValidationError when nothing is left.
	"""
	after = max(_sealed_before(day_begins(first)), log.removed_to())
	upto = _sealed_before(day_begins(last + timedelta(days=1)))
	return _checked(after, upto)


def since(after: int) -> Period:
	"""All that was sealed since the checkpoint of that size, to go on where an export ended."""
	return _checked(max(after, log.removed_to()), log.size())


def first_day() -> date:
	"""The day of the first checkpoint."""
	found = frappe.get_all(log.SEAL, pluck="creation", order_by="name", limit=1)
	return getdate(found[0]) if found else getdate()


def is_over(last: date) -> bool:
	"""Whether nothing can be sealed any more on or before this day."""
	return getdate(last) < getdate()


def seal_what_waits() -> None:
	"""In transactions of its own; does nothing while another sealer is at work, which then seals it."""
	sealer.run()


def _checked(after: int, upto: int) -> Period:
	if upto <= after:
		frappe.throw(
			_("Nothing was sealed in this period, or its events were removed from the site already.")
		)
	return Period(after, upto, upto == log.size())


def _sealed_before(moment: datetime) -> int:
	table = frappe.qb.DocType(log.SEAL)
	query = frappe.qb.from_(table).select(table.size).where(table.sealed_at_utc < moment)
	found = query.orderby(table.name, order=frappe.qb.desc).limit(1).run()
	return int(found[0][0]) if found else 0


def now() -> str:
	"""As all times of an export: UTC with microseconds."""
	return f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S.%f}Z"
