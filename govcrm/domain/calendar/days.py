"""When a period ends: amount, unit, and the rules of counting in days.

Each rule is an option because laws differ. Two that agree on most, and that the defaults follow:

- Regulation (EEC, Euratom) No 1182/71, Article 3 (periods in acts of the European Union), and sections 187, 188 and 193
  of the German Civil Code (BGB), to which section 31(1) of the Administrative Procedure Act (VwVfG) refers;
- Rule 6(a) of the Federal Rules of Civil Procedure of the United States (FRCP).

What the rules do not touch: periods in working minutes and hours, which run from the instant of their start on.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from govcrm.domain.calendar.working import Calendar

WORKING_MINUTES = "Working Minutes"
WORKING_HOURS = "Working Hours"
WORKING_DAYS = "Working Days"
CALENDAR_DAYS = "Calendar Days"
CALENDAR_MONTHS = "Calendar Months"
UNITS = (WORKING_MINUTES, WORKING_HOURS, WORKING_DAYS, CALENDAR_DAYS, CALENDAR_MONTHS)

# Working time of one; the other units are counted in days of the calendar.
SECONDS = {WORKING_MINUTES: 60, WORKING_HOURS: 3600}

# DayRules.count_from
NEXT_DAY, SAME_DAY = "Next Day", "Same Day"
# DayRules.end_rule
NEXT_WORKING_DAY, PRECEDING_WORKING_DAY, KEEP = "Next Working Day", "Preceding Working Day", "Keep"
# DayRules.due_at
CLOSE_OF_BUSINESS, END_OF_DAY, SAME_TIME = "Close Of Business", "End Of Day", "Same Time"
# DayRules.after_hours
DAY_OF_RECEIPT = "Day Of Receipt"
NEXT_WORKING_DAY_SAME_TIME = "Next Working Day, Same Time"


@dataclass(frozen=True)
class DayRules:
	"""How days and months are counted. The values are the options of Deadline Milestone.

	count_from: whether the day of the start is counted.
		*Next Day*: it is not. Art. 3(1) of Reg. 1182/71 ("the day during which that event occurs … shall not be considered
		as falling within the period"); FRCP 6(a)(1)(A) ("exclude the day of the event that triggers the period");
		BGB § 187(1). A period in months ends on the day of the same number.
		*Same Day*: it is the first day of the period. BGB § 187(2). A period in months ends on the day before the one
		of the same number, § 188(2).
		In both a month without that day ends the period with its last: § 188(3); Art. 3(2)(c) of Reg. 1182/71.

	end_rule: when the last day is no working day.
		*Next Working Day*: the period runs on to the end of the next. Art. 3(4) of Reg. 1182/71; FRCP 6(a)(1)(C);
		BGB § 193.
		*Preceding Working Day*: it ends with the one before. For payments that must not come late:
		42 U.S.C. § 909(a), benefit checks.
		*Keep*: it ends that day all the same, as benefits for a period and appointments of an authority do:
		section 31(4) and (5) of the German Administrative Procedure Act (VwVfG).

	due_at: at what time of the last day.
		*Close Of Business*: when its work ends; if it is no working day, its end. FRCP 6(a)(4)(B) ("when the clerk's
		office is scheduled to close").
		*End Of Day*: its last second, 23:59:59, so that the date is that of the last day. BGB § 188(1); Art. 3(2)(b) of
		Reg. 1182/71 ("the expiry of the last hour of the last day"); FRCP 6(a)(4)(A) (midnight).
		*Same Time*: at the time of the start; one that the clock leaps over that day is the instant of the leap.

	after_hours: when the start is on no working day, or after the closing of one.
		*Day Of Receipt*: the day is what it is; what arrives at 23:00 has arrived that day. The rule of all texts above,
		which know an event by its day alone.
		*Next Working Day*: it counts as received on the next working day, at its opening. 17 CFR § 232.13(a)(2)
		(filings after 5:30 p.m. are of the next business day). At the very closing is still that day.
		*Next Working Day, Same Time*: what comes on no working day counts as received on the next one at the same time of
		day; what comes after closing, then too, at the opening of the working day after. No statute: the service
		levels of the City of Boston, found in its records (`benchmarks/boston_policies.py`).
	"""

	count_from: str = NEXT_DAY
	end_rule: str = NEXT_WORKING_DAY
	due_at: str = CLOSE_OF_BUSINESS
	after_hours: str = DAY_OF_RECEIPT

	@classmethod
	def of(cls, values: Mapping[str, object]) -> "DayRules":
		"""From the field values of a milestone; what is missing or empty is the default."""
		return cls(**{field.name: str(values[field.name]) for field in fields(cls) if values.get(field.name)})


DEFAULT_RULES = DayRules()


def due(
	calendar: Calendar, start: datetime, amount: float, unit: str, rules: DayRules = DEFAULT_RULES
) -> datetime:
	"""The instant, in UTC, at which a period ends; being ready at exactly that instant is in time.

	`start` is aware; `amount` is not negative, and whole for days and months. It is never before `start`: of nothing, or
	when a rule ends the period before it began, the answer is `start`.

	Raises NoWorkingTime when the calendar never gets there, ValueError for an amount or unit that makes no sense.
	"""
	if amount < 0:
		raise ValueError(f"A period cannot be negative: {amount} {unit}")
	if unit in SECONDS:
		return calendar.add(start, round(amount * SECONDS[unit]))
	if amount != int(amount):
		raise ValueError(f"A period in days or months is a whole number, not {amount}")
	received = _received(calendar, start, rules)
	last = _kept(
		calendar, _last_day(calendar, calendar.local_date(received), int(amount), unit, rules), rules
	)
	return max(calendar.add(start, 0), _time(calendar, received, last, rules))


def day_of_receipt(calendar: Calendar, start: datetime, rules: DayRules = DEFAULT_RULES) -> date:
	"""The day as which the start of a period counts."""
	return calendar.local_date(_received(calendar, start, rules))


def _received(calendar: Calendar, start: datetime, rules: DayRules) -> datetime:
	day = calendar.local_date(start)
	closing = calendar.closing(day)
	if rules.after_hours == DAY_OF_RECEIPT or (closing and start <= closing):
		return start
	if rules.after_hours == NEXT_WORKING_DAY_SAME_TIME and not closing:
		return _received(calendar, _same_time(calendar, start, calendar.working_day(day, 1)), rules)
	return calendar.next_opening(start)


def _same_time(calendar: Calendar, start: datetime, day: date) -> datetime:
	wall = start.astimezone(calendar.zone)
	return calendar.at(day, wall.hour * 3600 + wall.minute * 60 + wall.second)


def _last_day(calendar: Calendar, first: date, amount: int, unit: str, rules: DayRules) -> date:
	counted = rules.count_from == SAME_DAY and amount > 0
	if unit == WORKING_DAYS:
		return _working_days(calendar, first, amount, counted)
	if unit == CALENDAR_DAYS:
		return first + timedelta(days=amount - counted)
	if unit == CALENDAR_MONTHS:
		return months_later(first, amount, counted)
	raise ValueError(f"A period is counted in one of {', '.join(UNITS)}, not in {unit}")


def _working_days(calendar: Calendar, first: date, amount: int, counted: bool) -> date:
	if not amount:
		return first
	return calendar.working_day(first if counted else first + timedelta(days=1), amount)


def months_later(first: date, months: int, counted: bool = False) -> date:
	"""The last day of a period of months from `first`, which is `counted` as its first day or not."""
	number = first.day - counted
	ahead = first.month - 1 + months - (number == 0)
	year, month = first.year + ahead // 12, ahead % 12 + 1
	length = monthrange(year, month)[1]
	return date(year, month, min(number or length, length))


def _kept(calendar: Calendar, last: date, rules: DayRules) -> date:
	if rules.end_rule == KEEP or calendar.is_working_day(last):
		return last
	return calendar.working_day(last, 0 if rules.end_rule == PRECEDING_WORKING_DAY else 1)


def _time(calendar: Calendar, received: datetime, last: date, rules: DayRules) -> datetime:
	if rules.due_at == SAME_TIME:
		return _same_time(calendar, received, last)
	closing = calendar.closing(last) if rules.due_at == CLOSE_OF_BUSINESS else None
	return calendar.end_of(last) if closing is None else _dated(calendar, closing, last)


def _dated(calendar: Calendar, closing: datetime, last: date) -> datetime:
	"""The closing; but work around the clock closes at 24:00, which has the date of the next day."""
	if calendar.local_date(closing) == last:
		return closing
	end = calendar.end_of(last)
	return end if closing - end == timedelta(seconds=1) else closing
