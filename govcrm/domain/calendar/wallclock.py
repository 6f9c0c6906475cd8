"""Between the clock on the wall of a time zone and instants, which are whole seconds since 1970 (UTC).

A local time means *the first instant at which the clock on the wall shows it, or a later time of its day*. So

- a time that a clock put forward leaps over (02:30 on the second Sunday of March in New York) is the instant of the
  leap: hours from 02:30 to 05:00 begin that day at 03:00, and hours wholly inside the leap are no hours that day;
- a time that a clock put back shows twice is the first of the two, as in RFC 5545, section 3.3.5. Hours that begin
  before or in the repeated stretch and end after it last that much longer, as they do for those who work them.

The order of local times is never turned round by this, whatever the zone does.
"""

from datetime import datetime, timedelta, timezone
from math import floor
from zoneinfo import ZoneInfo

UTC = timezone.utc
DAY = 86400


def instant(zone: ZoneInfo, day: int, seconds: int) -> int:
	"""The instant of a local time: `seconds` of the clock after midnight of `day`, an ordinal; may exceed a day."""
	wall = datetime.fromordinal(day).replace(tzinfo=zone) + timedelta(seconds=seconds)
	before, after = wall.utcoffset(), wall.replace(fold=1).utcoffset()
	if before < after:
		return _leap(zone, round(wall.timestamp()), after - before, after)
	return round(wall.timestamp())


def _leap(zone: ZoneInfo, late: int, width: timedelta, offset: timedelta) -> int:
	"""The first instant of the new offset, which is at most `width` before `late`."""
	early = late - round(width.total_seconds())
	while late - early > 1:
		middle = (early + late) // 2
		if datetime.fromtimestamp(middle, zone).utcoffset() == offset:
			late = middle
		else:
			early = middle
	return late


def seconds_since_1970(at: datetime) -> int:
	"""Of an aware datetime; a fraction of a second is dropped."""
	if at.tzinfo is None:
		raise ValueError("An instant needs a time zone")
	return floor(at.timestamp())


def from_seconds(seconds: int) -> datetime:
	"""The instant, aware and in UTC."""
	return datetime.fromtimestamp(seconds, UTC)
