"""Numbers, days and times of our records in the one form in which every database keeps them.

A client may send "42.3" for a number and 1990-1-5 for a day. MariaDB and PostgreSQL make of it what they keep; SQLite keeps
the text, which then sorts and compares wrongly, and of a number that is none Frappe makes 0. So here, before anything is
checked, each gets its form, or is refused with words.
"""

import math
import re
from collections.abc import Callable, Iterator
from datetime import date, time

from frappe import _
from frappe.model.document import BaseDocument, Document
from frappe.utils import get_datetime

from govcrm.accountability.trail.governed import shape_of
from govcrm.faults import Fault, refuse

_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?$")
_CLOCK = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6}))?)?$")
_KEPT = {
	"Date": re.compile(r"\d{4}-\d\d-\d\d$"),
	"Datetime": re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?$"),
	"Time": re.compile(r"\d\d:\d\d:\d\d(?:\.\d{1,6})?$"),
}


def before_validate(doc: Document, method: str | None = None) -> None:
	"""Doc event: settle our records that are no `GuardedDocument`, which has done so before anything else."""
	if type(doc).__module__.startswith("govcrm.") and not hasattr(doc, "refuse_malformed"):
		settle(doc)


def settle(doc: Document) -> None:
	"""Put what came as text into its form. Raises InvalidInput with every fault."""
	refuse(fault for record in (doc, *doc.get_all_children()) for fault in _settled(record))


def _settled(record: BaseDocument) -> Iterator[Fault]:
	for field, kind in shape_of(record.doctype).kinds.items():
		value = record.__dict__.get(field)
		if kind in _FORMS and isinstance(value, str) and value and not _is_kept(kind, value):
			try:
				record.__dict__[field] = _FORMS[kind](value.strip())
			except (ValueError, OverflowError, AttributeError):
				label = _(record.meta.get_label(field))
				message = _("{0}: expected {1}, not {2}.")
				yield Fault(field, message.format(label, _expected(kind), value[:50]))


def _expected(kind: str) -> str:
	return {
		"Date": _("a day such as 2026-03-31"),
		"Datetime": _("a day and a time such as 2026-03-31 14:30:00"),
		"Time": _("a time such as 14:30"),
		"Int": _("a whole number"),
	}.get(kind) or _("a number such as 42.36")


def _is_kept(kind: str, value: str) -> bool:
	pattern = _KEPT.get(kind)
	return bool(pattern and pattern.match(value))


def _day(value: str) -> str:
	return date(*map(int, _DAY.match(value).groups())).isoformat()


def _moment(value: str) -> str:
	_day(value)
	found = get_datetime(value)
	if found.tzinfo:
		raise ValueError
	return str(found)


def _clock(value: str) -> str:
	hour, minute, second, fraction = _CLOCK.match(value).groups()
	return str(time(int(hour), int(minute), int(second or 0), int((fraction or "").ljust(6, "0"))))


def _number(value: str) -> float:
	found = float(value)
	if not math.isfinite(found):
		raise ValueError
	return found


def _whole(value: str) -> int:
	found = _number(value)
	if not found.is_integer():
		raise ValueError
	return int(found)


_FORMS: dict[str, Callable[[str], object]] = {
	"Date": _day,
	"Datetime": _moment,
	"Time": _clock,
	"Float": _number,
	"Currency": _number,
	"Percent": _number,
	"Int": _whole,
}
