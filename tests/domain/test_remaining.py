from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain import remaining
from govcrm.domain.calendar import weekly
from govcrm.domain.remaining import distance

UTC = timezone.utc
OFFICE = weekly(
	"America/New_York", {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
)

instants = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(0), timedelta(days=60))


def at(day: int, hour: int, minute: int = 0) -> datetime:
	"""A time in November 2026 in New York, which then is five hours behind UTC. The 23rd is a Monday."""
	return datetime(2026, 11, day, hour + 5, minute, tzinfo=UTC)


@pytest.mark.parametrize(
	("earlier", "later", "working", "expected"),
	[
		(at(23, 10), at(26, 17), True, (3, "working days")),
		(at(20, 16), at(23, 10), True, (1, "working days")),
		(at(20, 16), at(23, 10), False, (3, "days")),
		(at(23, 10), at(23, 17), True, (7, "working hours")),
		(at(23, 16, 15), at(23, 17), True, (45, "working minutes")),
		(at(23, 16, 15), at(23, 18), False, (1, "hours")),
		# The office is closed from Friday evening on; nothing can be done before Saturday noon.
		(at(20, 18), at(21, 12), True, (0, "working minutes")),
		(at(23, 10), at(23, 10), False, (0, "minutes")),
	],
)
def test_it_is_said_as_people_say_it(earlier, later, working, expected):
	assert distance(OFFICE, earlier, later, working=working) == expected


@given(instants, spans)
def test_hours_and_minutes_never_promise_more_than_there_is(earlier, span):
	found = distance(OFFICE, earlier, earlier + span, working=True)
	units = {remaining.WORKING_HOURS: 3600, remaining.WORKING_MINUTES: 60}
	if found.unit in units:
		left = OFFICE.between(earlier, earlier + span)
		assert 0 <= left - found.amount * units[found.unit] < units[found.unit]


@given(instants, spans, st.booleans())
def test_days_are_said_as_soon_as_there_are_any(earlier, span, working):
	found = distance(OFFICE, earlier, earlier + span, working=working)
	days = (OFFICE.local_date(earlier + span) - OFFICE.local_date(earlier)).days
	if found.unit in (remaining.DAYS, remaining.WORKING_DAYS):
		assert 1 <= found.amount <= days
	elif not working:
		assert days == 0
