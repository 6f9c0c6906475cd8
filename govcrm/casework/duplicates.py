"""Open requests that may be of the same thing as one being taken."""

from datetime import datetime
from typing import NamedTuple

import frappe
from frappe.utils import add_to_date, now_datetime

from govcrm.domain.matching import Box, Candidate, Place, bounding_box, is_place, rank

LIMIT = 10
CANDIDATES = 200  # in a busy place the nearest of the latest so many
SHOWN = ["name", "requested_datetime", "address_string", "latitude", "longitude"]


class Reach(NamedTuple):
	"""How far the duplicates of a program are looked for: metres and days."""

	radius: float
	days: int


def find_duplicates(
	program: str, latitude: float | None, longitude: float | None, moment: datetime | None = None
) -> list[frappe._dict]:
	"""Return the likeliest open requests of the program, best first, with `distance` in metres and `score`.

	Radius and days are those of the program. Only requests the user may read, and nothing about who asked.
	"""
	reach = reach_of(program)
	if not is_place(latitude, longitude) or reach.radius <= 0 or reach.days <= 0:
		return []
	place, moment = Place(latitude, longitude), moment or now_datetime()
	rows = {
		row.name: row
		for row in _open_requests(program, bounding_box(place, reach.radius), moment, reach.days)
	}
	candidates = (
		Candidate(row.name, Place(row.latitude, row.longitude), row.requested_datetime)
		for row in rows.values()
	)
	matches = rank(candidates, place, moment, radius=reach.radius, days=reach.days)
	return [_shown(rows[match.name], match) for match in matches[:LIMIT]]


def reach_of(program: str) -> Reach:
	return Reach(*frappe.get_cached_value("Agency Program", program, ["duplicate_radius", "duplicate_days"]))


def _shown(row: frappe._dict, match) -> frappe._dict:
	return frappe._dict(row, distance=round(match.distance, 1), score=round(match.score, 3))


def _open_requests(program: str, box: Box, moment: datetime, days: int) -> list[frappe._dict]:
	longitudes = [["longitude", ">=", box.west], ["longitude", "<=", box.east]]
	return frappe.get_list(
		"Service Request",
		filters=[
			["program", "=", program],
			["status", "=", "Open"],
			["latitude", ">=", box.south],
			["latitude", "<=", box.north],
			["requested_datetime", ">=", add_to_date(moment, days=-days)],
			["requested_datetime", "<=", add_to_date(moment, days=days)],
			*([] if box.crosses_date_line else longitudes),
		],
		or_filters=longitudes if box.crosses_date_line else None,
		fields=SHOWN,
		order_by="requested_datetime desc",
		limit=CANDIDATES,
	)
