"""From what a form, an integrator or a file sends to a typed answer, one function per datatype.

Each takes the value, which is neither empty nor missing, and the keys of the question's options; it returns the
answer as JSON can hold it or raises `Refused`.
"""

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from govcrm.domain.texts import _

MAX_STRING = 255
MAX_TEXT = 20_000
MAX_NUMBER = 10**15  # whole numbers up to here survive every JSON parser (RFC 8259, section 6)

_NUMBER = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,2})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DATETIME = re.compile(
	r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d{1,6})?(Z|[+-]\d\d:\d\d)?", re.ASCII | re.IGNORECASE
)
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BOOLEANS = {
	"true": True,
	"yes": True,
	"on": True,
	"1": True,
	"false": False,
	"no": False,
	"off": False,
	"0": False,
}


NO_SUCH_MOMENT = _("There is no such day or time.")
NO_SUCH_FIELD = _("There is no such field.")
NOT_AN_OBJECT = _("Expected an object.")


class Refused(ValueError):
	"""A value is no answer; `message` has numbered placeholders for `values`."""

	def __init__(self, message: str, *values: Any) -> None:
		super().__init__(message.format(*values))
		self.message, self.values = message, values


def is_writable(text: str) -> bool:
	"""Tell whether a text holds only characters that every database and JSON parser takes."""
	return not _UNWRITABLE.search(text)


def to_text(value: Any, keys: Sequence[str] = (), limit: int = MAX_TEXT) -> str:
	if isinstance(value, bool) or not isinstance(value, str | int | float):
		raise Refused(_("Expected a text."))
	text = value.strip() if isinstance(value, str) else str(to_number(value))
	if len(text) > limit:
		raise Refused(_("At most {0} characters."), limit)
	if not is_writable(text):
		raise Refused(_("The text holds control characters."))
	return text


def to_string(value: Any, keys: Sequence[str] = ()) -> str:
	return " ".join(to_text(value, keys, MAX_STRING).split())


def to_number(value: Any, keys: Sequence[str] = ()) -> int | float:
	if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
		value = float(value) if re.search(r"[.eE]", value) else int(value)
	if isinstance(value, bool) or not isinstance(value, int | float):
		raise Refused(_("Expected a number such as 12 or 3.5."))
	if abs(value) > MAX_NUMBER or math.isnan(value):
		raise Refused(_("A number must lie between -{0} and {0}."), MAX_NUMBER)
	return int(value) if value == int(value) else value


def to_boolean(value: Any, keys: Sequence[str] = ()) -> bool:
	if value in (0, 1):
		return bool(value)
	word = value.strip().lower() if isinstance(value, str) else None
	if word not in _BOOLEANS:
		raise Refused(_("Expected true or false."))
	return _BOOLEANS[word]


def to_date(value: Any, keys: Sequence[str] = ()) -> str:
	text = value.isoformat() if isinstance(value, date) and not isinstance(value, datetime) else value
	if not isinstance(text, str) or not _DATE.fullmatch(text.strip()):
		raise Refused(_("Expected a date such as 2026-03-31."))
	try:
		return date.fromisoformat(text.strip()).isoformat()
	except ValueError:
		raise Refused(_("There is no such day.")) from None


def to_datetime(value: Any, keys: Sequence[str] = ()) -> str:
	"""ISO 8601 date and time, to the second; an offset is kept as it was given."""
	text = value.isoformat() if isinstance(value, datetime) else value
	found = _DATETIME.fullmatch(text.strip()) if isinstance(text, str) else None
	if not found:
		raise Refused(_("Expected a date and time such as 2026-03-31T14:30."))
	day, minute, second, _fraction, offset = found.groups()
	offset = "+00:00" if (offset or "").upper() == "Z" else offset or ""
	try:
		return datetime.fromisoformat(f"{day}T{minute}{second or ':00'}{offset}").isoformat()
	except ValueError:
		raise Refused(NO_SUCH_MOMENT) from None


def to_option(value: Any, keys: Sequence[str]) -> str:
	text = to_text(value, limit=MAX_STRING)
	if text not in keys:
		raise Refused(_("Expected one of: {0}"), ", ".join(keys[:20]) + (", …" if len(keys) > 20 else ""))
	return text


def to_options(value: Any, keys: Sequence[str]) -> list[str]:
	"""One key or a list of keys, returned each once and in the order of the options."""
	values = value if isinstance(value, list | tuple) else [value]
	if len(values) > len(keys):
		raise Refused(_("At most {0} options."), len(keys))
	chosen = {to_option(one, keys) for one in values}
	return [key for key in keys if key in chosen]


COERCIONS: dict[str, Callable[[Any, Sequence[str]], Any]] = {
	"string": to_string,
	"number": to_number,
	"date": to_date,
	"datetime": to_datetime,
	"text": to_text,
	"singlevaluelist": to_option,
	"multivaluelist": to_options,
	"boolean": to_boolean,
}
