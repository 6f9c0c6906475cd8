"""Which reports may be of the same thing: near by and recent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, degrees, inf, radians, sin, sqrt

EARTH_RADIUS = 6_371_008.8  # metres: mean radius, IUGG 1980

_MARGIN = 1e-7  # degrees, about a centimetre: rounding never leaves out what lies on the edge
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Place:
	"""WGS 84, in degrees."""

	latitude: float
	longitude: float


@dataclass(frozen=True)
class Box:
	"""Degrees. `west` is greater than `east` when the box crosses the 180th meridian."""

	south: float
	north: float
	west: float
	east: float

	@property
	def crosses_date_line(self) -> bool:
		return self.west > self.east

	def contains(self, place: Place) -> bool:
		if not self.south <= place.latitude <= self.north:
			return False
		if self.crosses_date_line:
			return place.longitude >= self.west or place.longitude <= self.east
		return self.west <= place.longitude <= self.east


@dataclass(frozen=True)
class Candidate:
	name: str
	place: Place
	requested: datetime


@dataclass(frozen=True)
class Match:
	"""`distance` in metres; `score` from 1 (here and now) to 0 (at the edge of both radius and days)."""

	name: str
	distance: float
	score: float


def is_place(latitude: float | None, longitude: float | None) -> bool:
	"""Tell whether the numbers are a place on earth. NaN is none; 0, 0 is taken for "unknown", as in most files."""
	if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
		return False
	return -90 <= latitude <= 90 and -180 <= longitude <= 180


def distance(one: Place, other: Place) -> float:
	"""Return the great-circle distance in metres (haversine: exact for small distances; Sinnott 1984)."""
	phi, phi_other = radians(one.latitude), radians(other.latitude)
	half_phi = (phi_other - phi) / 2
	half_lambda = radians(other.longitude - one.longitude) / 2
	haversine = sin(half_phi) ** 2 + cos(phi) * cos(phi_other) * sin(half_lambda) ** 2
	return 2 * EARTH_RADIUS * asin(sqrt(min(1.0, haversine)))


def bounding_box(centre: Place, radius: float) -> Box:
	"""Return the smallest box that holds everything within `radius` metres, so that an index can do most work."""
	reach = radius / EARTH_RADIUS
	height = degrees(reach) + _MARGIN
	south, north = centre.latitude - height, centre.latitude + height
	if south <= -90 or north >= 90:
		return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
	width = degrees(asin(min(1.0, sin(reach) / cos(radians(centre.latitude))))) + _MARGIN
	return Box(south, north, _wrapped(centre.longitude - width), _wrapped(centre.longitude + width))


def _wrapped(longitude: float) -> float:
	if longitude < -180:
		return longitude + 360
	return longitude - 360 if longitude > 180 else longitude


def rank(
	candidates: Iterable[Candidate], place: Place, moment: datetime, *, radius: float, days: int
) -> list[Match]:
	"""Return the candidates within `radius` metres and `days` days before or after `moment`, likeliest first.

	Nearness counts twice as much as recency: people mark the place better than they remember the day.
	"""
	found = (_match(candidate, place, moment, radius, days) for candidate in candidates)
	return sorted(
		(match for match in found if match.score >= 0),
		key=lambda match: (-match.score, match.distance, match.name),
	)


def _match(candidate: Candidate, place: Place, moment: datetime, radius: float, days: int) -> Match:
	away = distance(candidate.place, place)
	age = abs((moment - candidate.requested).total_seconds()) / _SECONDS_A_DAY
	nearness, recency = _closeness(away, radius), _closeness(age, days)
	score = -inf if min(nearness, recency) < 0 else (2 * nearness + recency) / 3
	return Match(candidate.name, away, score)


def _closeness(value: float, limit: float) -> float:
	return 1 - value / limit if limit > 0 else -1.0
