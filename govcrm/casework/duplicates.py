"""Open requests that may be of the same thing as one being taken."""

from datetime import datetime
from typing import NamedTuple

import frappe
from frappe.query_builder import DocType
from frappe.utils import add_to_date, now_datetime
from pypika import Criterion, Table

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
	"""First by place alone, which an index answers; only what was found there is asked for by the user's rights."""
	names = _names_within(program, box, add_to_date(moment, days=-days), add_to_date(moment, days=days))
	if not names:
		return []
	return frappe.get_list("Service Request", filters={"name": ["in", names]}, fields=SHOWN, order_by=None)


def _names_within(program: str, box: Box, first: datetime, last: datetime) -> list[str]:
	request = DocType("Service Request")
	query = (
		frappe.qb.from_(request)
		.select(request.name)
		.where((request.program == program) & (request.status == "Open"))
		.where(request.latitude[box.south : box.north] & _between_meridians(request, box))
		.where(request.requested_datetime[first:last])
		.orderby(request.requested_datetime, order=frappe.qb.desc)
	)
	return query.limit(CANDIDATES).run(pluck=True)


def _between_meridians(request: Table, box: Box) -> Criterion:
	if box.crosses_date_line:
		return (request.longitude >= box.west) | (request.longitude <= box.east)
	return request.longitude[box.west : box.east]
