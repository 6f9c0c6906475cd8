"""What a record is, for its hash: the same from a document in memory and from any database.

Databases hand back other types than they were given (a decimal for a float, a span for a time of day), and tell nothing
apart from an empty value. So each kind of field has one text, and what is empty is left out.
"""

import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from govcrm.domain.ledger import canonical
from govcrm.domain.ledger.secret import Secret

STANDARD = {"owner": "Data", "creation": "Datetime", "docstatus": "Int"}
INTEGERS = frozenset(["Int", "Check", "Long Int"])
DECIMALS = frozenset(["Float", "Currency", "Percent", "Rating", "Duration"])
WRITTEN = INTEGERS | DECIMALS | {"Date", "Datetime", "Time"}  # in a form of their own; all else is its text
NINE_PLACES = Decimal(1).scaleb(-9)  # decimal(21,9) in Frappe's databases
_wide = Context(prec=400, rounding=ROUND_HALF_UP)
_day = re.compile(r"(\d{1,4})-(\d{1,2})-(\d{1,2})(?:[T ]|$)")
_instant = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}", re.ASCII)
_clock = re.compile(r"(?:^|[T ])(-?\d{1,3}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?")

Kinds = Mapping[str, str]
Values = Mapping[str, object]


def canonical_row(
	doctype: str,
	name: object,
	kinds: Kinds,
	values: Values,
	tables: Mapping[str, tuple[Kinds, Iterable[Values]]] | None = None,
) -> dict:
	"""The record as the ledger hashes it.

	`kinds` gives the fieldtype of each field that counts; `values` may hold more. Owner, creation and docstatus always
	count. `tables` gives, for each table field, the kinds and the rows in their order, each with its `name`.
	"""
	return {
		"doctype": doctype,
		"name": str(name),
		"fields": _fields({**STANDARD, **kinds}, values),
		"tables": {
			field: rows for field, (of, found) in (tables or {}).items() if (rows := _rows(of, found))
		},
	}


def row_hash(salt: bytes, row: dict) -> bytes:
	"""The keyed hash of a canonical row under the salt of its matter. 32 bytes."""
	return hash_written(row_key(salt), written(row))


def written(row: Mapping) -> bytes:
	"""The bytes of a canonical row. Made of texts and whole numbers under the names of fields, it is within the subset."""
	return canonical.dumps_known(row)


def row_key(salt: bytes) -> Secret:
	"""What row hashes of a matter are keyed with: for who hashes many. 32 bytes."""
	return Secret(hmac.digest(salt, b"rows", "sha256"))


def hash_written(key: bytes, row: bytes) -> bytes:
	"""`row_hash` of a row that is written already (`bulk.RowWriter`), under the key of its matter's rows. 32 bytes."""
	return hmac.digest(key, row, "sha256")


def text(kind: str, value: object) -> str | int | None:
	"""The one form of a value of a fieldtype; None where it is empty."""
	if value is None or value == "":
		return None
	if type(value) is str and kind not in WRITTEN:
		return value
	if kind in INTEGERS:
		return _integer(value)
	if kind in DECIMALS:
		return _decimal(value)
	write = {"Date": _date, "Datetime": _datetime, "Time": _time}.get(kind, str)
	return write(value if not isinstance(value, bool) else int(value))


def _fields(kinds: Kinds, values: Values) -> dict:
	found = {}
	for field, kind in kinds.items():
		given = values.get(field)
		if given is not None and given != "" and (value := text(kind, given)) is not None:  # most are empty
			found[field] = value
	return found


def _rows(kinds: Kinds, rows: Iterable[Values]) -> list[dict]:
	return [{"name": str(row["name"]), **_fields(kinds, row)} for row in rows]


def _integer(value: object) -> int | str | None:
	if type(value) is int and abs(value) <= canonical.LARGEST:
		return value or None
	found = number(value)
	if found is None:
		return str(value)
	whole = int(found)
	return (whole if abs(whole) <= canonical.LARGEST else str(whole)) or None


def _decimal(value: object) -> str | None:
	if not value and isinstance(value, int | float | Decimal):  # not compared: that may raise
		return None
	found = number(value)
	if found is None:
		return str(value)
	written = format(found.quantize(NINE_PLACES, context=_wide), "f").rstrip("0").rstrip(".")
	return None if written in ("0", "-0") else written


def number(value: object) -> Decimal | None:
	"""None for what is no number, which no database keeps in such a column."""
	try:
		found = Decimal(str(int(value) if isinstance(value, bool) else value).strip())
	except InvalidOperation:
		return None
	return found if found.is_finite() and found.adjusted() < 380 else None


def _date(value: object) -> str:
	if isinstance(value, date):
		return value.isoformat()[:10]
	match = _day.match(str(value))
	return "{:04d}-{:02d}-{:02d}".format(*map(int, match.groups())) if match else str(value)


def _datetime(value: object) -> str:
	if isinstance(value, datetime):
		return value.isoformat(" ", "microseconds")[:26]  # without the offset, should it have one
	if isinstance(value, date):
		return f"{_date(value)} 00:00:00.000000"
	given = str(value)
	if _instant.fullmatch(given):
		return given
	if not _day.match(given):
		return given
	clock = _clock.search(given)
	return f"{_date(given)} {_digits(*clock.groups()) if clock else '00:00:00.000000'}"


def _time(value: object) -> str:
	if isinstance(value, time):
		return value.isoformat("microseconds")
	if isinstance(value, timedelta):
		return _span(value)
	clock = _clock.search(str(value))
	return _digits(*clock.groups()) if clock else str(value)


def _span(value: timedelta) -> str:
	"""MariaDB hands a time of day back as the span since midnight."""
	sign = "-" if value < timedelta() else ""
	seconds = abs(value) // timedelta(seconds=1)
	return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{abs(value).microseconds:06d}"


def _digits(hours: str, minutes: str, seconds: str | None, fraction: str | None) -> str:
	sign = "-" if hours.startswith("-") else ""
	return (
		f"{sign}{abs(int(hours)):02d}:{int(minutes):02d}:{int(seconds or 0):02d}.{(fraction or '')[:6]:0<6}"
	)
