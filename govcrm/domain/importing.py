"""Reading legacy requests: from one row of a file to the fields of one service request, or to what is wrong.

Nothing here knows a file format or a database. A row is a dict of strings by column title; what comes out is
typed values by field name and a list of faults that name the column at fault. Faults carry a code and the
figures for its text, so that the caller words and translates them.

Rules for history, where other systems leave room:

- A blank target stays blank; a target long ago or far in the future (Boston's file has 2059) is kept as it is.
- A closing years after the opening is kept. A closing *before* the opening is refused: one of the two times
  is wrong, and no rule can say which.
- Closed without a closing time takes the time of the last update (all that Open311 GeoReport v2 gives), and is
  refused without one. Open with a closing time is refused.
- Latitude and longitude both zero mean "no place": no city lies there.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from govcrm.domain.spreadsheets import neutral

TRANSFORMS = ("text", "collapse", "datetime", "float", "lookup", "constant")
STATUSES = ("Open", "Closed")
NEEDED = ("source_id", "requested_datetime")
PROGRAM_TARGETS = ("program", "service_code")
TIMES = ("requested_datetime", "updated_datetime", "expected_datetime", "closed_datetime")
FIELDS = (
	*NEEDED,
	*PROGRAM_TARGETS,
	"program_group",
	"department",
	"status",
	"status_notes",
	"channel",
	"description",
	"address_string",
	"area",
	"postal_code",
	"latitude",
	"longitude",
	"updated_datetime",
	"expected_datetime",
	"closed_datetime",
)
ANSWER, CITIZEN = "answer:", "citizen."
EARLIEST_YEAR = 1900

_NUL = "\x00"


@dataclass(frozen=True)
class Fault:
	"""What is wrong with one value: the column of the file (or the target where it has none) and why."""

	column: str
	code: str
	value: str = ""
	detail: str = ""


@dataclass(frozen=True)
class Column:
	"""How one target is filled: from which column, by which transform, with which value (table, format)."""

	target: str
	column: str = ""
	transform: str = "text"
	value: str = ""
	optional: bool = False

	@property
	def title(self) -> str:
		return self.column or self.target


@dataclass(frozen=True)
class Mapped:
	"""One row, read: fields of the request, answers and particulars of the caller, or faults."""

	values: dict[str, Any]
	answers: dict[str, Any] = field(default_factory=dict)
	citizen: dict[str, Any] = field(default_factory=dict)
	faults: list[Fault] = field(default_factory=list)


class BadValue(ValueError):
	"""A transform could not read a value."""

	def __init__(self, code: str, detail: str = ""):
		super().__init__(code)
		self.code, self.detail = code, detail


def text(value: str) -> str | None:
	"""The value without white space around it; None when nothing is left."""
	return value.replace(_NUL, "").strip() or None


def collapse(value: str) -> str | None:
	"""As `text`, and each run of white space inside becomes one space."""
	return " ".join(value.replace(_NUL, "").split()) or None


def number(value: str) -> float | None:
	"""A finite number with a decimal point."""
	if not (plain := value.strip()):
		return None
	try:
		result = float(plain)
	except ValueError:
		raise BadValue("not_a_number")
	if not math.isfinite(result):
		raise BadValue("not_a_number")
	return result


def moment(value: str, formats: Sequence[str] = (), zone: tzinfo | None = None) -> datetime | None:
	"""A naive time in `zone`: by `formats` (strptime), else ISO 8601 with a blank or T between date and time.

	A time that names an offset is converted to `zone`; one that names none is taken to be in it.
	"""
	if not (plain := value.strip()):
		return None
	try:
		result = _parse(plain, formats)
		if result.tzinfo:
			result = result.astimezone(zone).replace(tzinfo=None)
	except OverflowError:
		raise BadValue("not_a_time")
	if result.year < EARLIEST_YEAR:
		raise BadValue("too_early", str(EARLIEST_YEAR))
	return result


def _parse(value: str, formats: Sequence[str]) -> datetime:
	for pattern in formats:
		try:
			return datetime.strptime(value, pattern)
		except ValueError:
			continue
	if formats:
		raise BadValue("not_in_format", ", ".join(formats))
	try:
		return datetime.fromisoformat(value[:-1] + "+00:00" if value[-1] in "Zz" else value)
	except ValueError:
		raise BadValue("not_a_time")


def parse_table(value: str) -> dict[str, str]:
	"""`key=value` lines as a dict; keys without regard to case. Raises BadValue on a line without `=`."""
	table = {}
	for line in filter(None, map(str.strip, value.splitlines())):
		key, equals, result = line.partition("=")
		if not equals:
			raise BadValue("bad_table", line)
		table[" ".join(key.split()).casefold()] = result.strip()
	return table


def look_up(value: str, table: Mapping[str, str]) -> str | None:
	"""What `table` says for `value`, else what it says for `*`; a blank value stays blank unless listed."""
	key = collapse(value) or ""
	if key.casefold() in table:
		return table[key.casefold()] or None
	if not key:
		return None
	if "*" not in table:
		raise BadValue("not_in_table")
	return table["*"] or None


@dataclass(frozen=True)
class Step:
	"""A column, made ready: where its value comes from, how it is read, and where it goes."""

	column: Column
	source: str
	transform: Callable[[str], Any]
	part: str
	key: str


def step_of(column: Column, zone: tzinfo | None) -> Step:
	part, key = "values", column.target
	for prefix, name in ((ANSWER, "answers"), (CITIZEN, "citizen")):
		if column.target.startswith(prefix):
			part, key = name, column.target[len(prefix) :]
	return Step(column, column.column, transform_of(column, zone), part, key)


class Reader:
	"""A mapping, made ready: `read(row)` turns one row into `Mapped`.

	`zone` is the site's time zone, `now` the naive time there; nothing of the past can lie after it.
	"""

	def __init__(self, columns: Iterable[Column], *, now: datetime, zone: tzinfo | None = None):
		self.columns = tuple(columns)
		self.now = now
		self._steps = [step_of(column, zone) for column in self.columns]
		self._title = {column.target: column.title for column in self.columns}

	def read(self, row: Mapping[str, str]) -> Mapped:
		mapped = Mapped({})
		for step in self._steps:
			raw = row.get(step.source) or ""
			try:
				value = step.transform(raw)
			except BadValue as bad:
				mapped.faults.append(Fault(step.column.title, bad.code, raw, bad.detail))
				continue
			if value is not None:
				getattr(mapped, step.part)[step.key] = value
		if not mapped.faults:
			mapped.faults.extend(self.by_column(complete(mapped.values, self.now)))
		return mapped

	def by_column(self, faults: Iterable[Fault]) -> list[Fault]:
		"""Faults found by target, told by the column that fills it."""
		return [Fault(self._title.get(f.column, f.column), f.code, f.value, f.detail) for f in faults]


def transform_of(column: Column, zone: tzinfo | None = None) -> Callable[[str], Any]:
	"""The function that reads this column's values. Raises BadValue when the column is not set up right."""
	if column.transform == "datetime":
		formats = tuple(filter(None, map(str.strip, column.value.splitlines())))
		return lambda raw: moment(raw, formats, zone)
	if column.transform == "lookup":
		table = parse_table(column.value)
		# Few values recur in most rows.
		return lru_cache(maxsize=1024)(lambda raw: look_up(raw, table))
	if column.transform == "constant":
		return lambda raw: column.value or None
	plain = {"text": text, "collapse": collapse, "float": number}
	if column.transform not in plain:
		raise BadValue("unknown_transform", column.transform)
	return plain[column.transform]


def complete(values: dict[str, Any], now: datetime) -> list[Fault]:
	"""Fills in what follows from other values (status, time of update) and tells what contradicts."""
	if faults := missing(values):
		return faults
	settle_status(values)
	if values["status"] not in STATUSES:
		return [Fault("status", "not_an_option", values["status"], ", ".join(STATUSES))]
	if faults := [*check_times(values, now), *check_place(values)]:
		return faults
	if not values.get("updated_datetime"):
		values["updated_datetime"] = values.get("closed_datetime") or values["requested_datetime"]
	return []


def missing(values: Mapping[str, Any]) -> list[Fault]:
	faults = [Fault(target, "missing") for target in NEEDED if not values.get(target)]
	if not any(values.get(target) for target in PROGRAM_TARGETS):
		faults.append(Fault("program", "missing"))
	return faults


def settle_status(values: dict[str, Any]) -> None:
	closed = values.get("closed_datetime")
	values.setdefault("status", "Closed" if closed else "Open")
	if values["status"] == "Closed" and not closed and values.get("updated_datetime"):
		values["closed_datetime"] = values["updated_datetime"]


def check_times(values: Mapping[str, Any], now: datetime) -> list[Fault]:
	requested, closed = values["requested_datetime"], values.get("closed_datetime")
	if values["status"] == "Closed" and not closed:
		return [Fault("closed_datetime", "closed_without_time")]
	if values["status"] == "Open" and closed:
		return [Fault("closed_datetime", "open_with_closing", str(closed))]
	if closed and closed < requested:
		return [Fault("closed_datetime", "closed_before_opened", str(closed), str(requested))]
	past = ("requested_datetime", "updated_datetime", "closed_datetime")
	return [Fault(t, "in_future", str(values[t])) for t in past if values.get(t) and values[t] > now]


def check_place(values: dict[str, Any]) -> list[Fault]:
	if not values.get("latitude") and not values.get("longitude"):
		values.pop("latitude", None)
		values.pop("longitude", None)
		return []
	faults = []
	for target, most in (("latitude", 90), ("longitude", 180)):
		if values.get(target) is None:
			faults.append(Fault(target, "half_a_place"))
		elif abs(values[target]) > most:
			faults.append(Fault(target, "out_of_range", str(values[target]), str(most)))
	return faults


def check_columns(columns: Sequence[Column]) -> list[Fault]:
	"""What is wrong with a mapping itself: unknown or doubled targets, bad transforms, needed ones absent."""
	targets = [column.target for column in columns]
	faults = [Fault(target, "doubled") for target in sorted({t for t in targets if targets.count(t) > 1})]
	faults += [Fault(target, "unknown_target") for target in targets if not is_target(target)]
	faults += [fault for column in columns for fault in _check_column(column)]
	return faults + missing(dict.fromkeys(targets, True))


def _check_column(column: Column) -> list[Fault]:
	try:
		transform_of(column)
	except BadValue as bad:
		return [Fault(column.title, bad.code, column.value, bad.detail)]
	if not column.column and column.transform != "constant":
		return [Fault(column.target, "no_column")]
	if column.target in TIMES and column.transform != "datetime":
		return [Fault(column.target, "needs_transform", column.transform, "datetime")]
	if column.target in ("latitude", "longitude") and column.transform != "float":
		return [Fault(column.target, "needs_transform", column.transform, "float")]
	return []


def is_target(target: str) -> bool:
	return target in FIELDS or any(target.startswith(p) and len(target) > len(p) for p in (ANSWER, CITIZEN))


def missing_columns(columns: Iterable[Column], header: Iterable[str]) -> list[str]:
	"""Titles the mapping needs and the file has not, each once, in the mapping's order."""
	present = set(header)
	needed = [c.column for c in columns if c.column and not c.optional and c.transform != "constant"]
	return list(dict.fromkeys(title for title in needed if title not in present))


def slug(name: str) -> str:
	"""A stable service code for a program known only by its name: capitals, digits and underscores."""
	return re.sub(r"\W+", "_", name.upper()).strip("_")[:100] or "PROGRAM"


def safe_cell(value: Any) -> str:
	"""A cell no spreadsheet takes for a formula (`govcrm.domain.spreadsheets`); nothing is an empty one."""
	return "" if value is None else neutral(str(value))
