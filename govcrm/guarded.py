"""Documents that take input from outside: wrong types are refused before Frappe's own code meets them."""

import math
from collections.abc import Iterator
from typing import Any

from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate

from govcrm import compat, plain
from govcrm.accountability import trail
from govcrm.domain.coercion import is_writable
from govcrm.faults import Fault, refuse

TEXT_LIMIT = 16_000  # characters: four bytes each, a MariaDB text column holds 64 KiB
INT_LIMIT = 2**31 - 1

_NUMBERS = {"Int", "Float", "Currency", "Percent", "Check", "Long Int"}
_DAYS = {"Date": getdate, "Datetime": get_datetime}
_TEXTS = {"Small Text", "Text", "Long Text", "Data", "Link", "Select", "Code"}
_UNCHECKED = {"JSON", "Table", "Table MultiSelect"}


class GuardedDocument(Document):
	"""Refuses values that no field of their type can hold: 4xx with the field, where Frappe would fail or guess.

	A mapping in a Link field, above all, would be taken for filters and find a record the sender did not name.
	"""

	def insert(self, *args, **kwargs):
		self.refuse_malformed()
		compat.start_writing()
		with trail.together():
			return super().insert(*args, **kwargs)

	def save(self, *args, **kwargs):
		self.refuse_malformed()
		compat.start_writing()
		with trail.together():
			return super().save(*args, **kwargs)

	def refuse_malformed(self) -> None:
		refuse(malformed(self))
		plain.settle(self)


def malformed(doc: Document, prefix: str = "") -> Iterator[Fault]:
	"""Yield what is malformed in a document and the rows of its tables."""
	for df in doc.meta.fields:
		value = doc.__dict__.get(df.fieldname)
		if value is None or value == "":
			continue
		if df.fieldtype == "Table":
			yield from _malformed_rows(df, value)
		elif df.fieldtype not in _UNCHECKED and (message := objection_to(df.fieldtype, value)):
			yield Fault(prefix + df.fieldname, f"{_(df.label)}: {message}")


def _malformed_rows(df: Any, rows: Any) -> Iterator[Fault]:
	if not isinstance(rows, list) or not all(isinstance(row, Document) for row in rows):
		yield Fault(df.fieldname, _("{0}: expected a list of objects.").format(_(df.label)))
		return
	for number, row in enumerate(rows, start=1):
		yield from malformed(row, f"{df.fieldname}.{number}.")


def objection_to(fieldtype: str, value: Any) -> str | None:
	"""What is wrong with a value for a field of this type, in words; None for nothing."""
	if isinstance(value, dict | list | tuple | set):
		return _("expected a single value, not a list or an object.")
	if isinstance(value, str) and not is_writable(value):
		return _("the text holds control characters.")
	if fieldtype in _NUMBERS:
		return _objection_to_number(fieldtype, value)
	if fieldtype in _DAYS:
		return _objection_to_day(fieldtype, value)
	if fieldtype in _TEXTS and len(str(value)) > TEXT_LIMIT:
		return _("at most {0} characters.").format(TEXT_LIMIT)
	return None


def _objection_to_number(fieldtype: str, value: Any) -> str | None:
	try:
		number = float(value)
	except (TypeError, ValueError, OverflowError):
		return _("expected a number.")
	if not math.isfinite(number):
		return _("expected a number.")
	if fieldtype in ("Int", "Check") and abs(number) > INT_LIMIT:
		return _("the number is too large.")
	return None


def _objection_to_day(fieldtype: str, value: Any) -> str | None:
	try:
		day = _DAYS[fieldtype](value)
		if getattr(day, "tzinfo", None):
			return _("give the time without an offset, in the time zone of this site.")
		return None if day and 1000 <= day.year <= 9999 else _("expected a date.")
	except Exception:  # Frappe's parsers raise whatever dateutil does
		return _("expected a date.")
