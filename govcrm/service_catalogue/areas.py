"""The map of service areas: built once in each process, forgotten by all when an area changes."""

import frappe
from frappe.utils.caching import site_cache

from govcrm.domain.areas import Area, AreaMap
from govcrm.domain.boundaries import restore

EDITION = "govcrm_service_area_edition"
# A process that began to read before a change was committed may build the map of before under the edition of after.
# It is put right when what is kept ends.
LIFETIME = 3600  # seconds


def area_map() -> AreaMap:
	"""All areas, for looking up. Shared by all requests of the process: nobody may change it."""
	return _build(edition())


def locate(latitude: float | None, longitude: float | None) -> str | None:
	"""Name of the Service Area in which a place lies. None without a place; 0, 0 is none, as in forms."""
	if not (latitude or longitude):
		return None
	return area_map().find(float(latitude or 0), float(longitude or 0))


def forget(*event: object) -> None:
	"""Let every process build the map anew: now, and again when the transaction ends.

	Also a doc event of what is named in maps and rules, when it is renamed.

	Now, so that the transaction sees its own change. At its end, since meanwhile others may have built what was there
	before the commit, and we ourselves what a rollback takes back.
	"""
	_drop_edition()
	frappe.db.after_commit.add(_drop_edition)
	frappe.db.after_rollback.add(_drop_edition)


def _drop_edition() -> None:
	frappe.cache.delete_value(EDITION)


def edition() -> str:
	"""Changes with the areas and with the names of departments and programs. Asked of Redis once a request or job."""
	return frappe.cache.get_value(EDITION, generator=lambda: frappe.generate_hash(length=12))


@site_cache(ttl=LIFETIME, maxsize=2)
def _build(_of_edition: str) -> AreaMap:
	departments = _departments()
	return AreaMap(
		Area(
			name=row.name,
			parent=row.parent_service_area,
			boundary=restore(row.boundary) if row.boundary else None,
			departments=departments.get(row.name, {}),
			active=bool(row.active),
		)
		for row in frappe.get_all(
			"Service Area", fields=["name", "parent_service_area", "boundary", "active"], order_by="name"
		)
	)


def _departments() -> dict[str, dict[str, str]]:
	rows = frappe.get_all(
		"Service Area Department",
		filters={"parenttype": "Service Area"},
		fields=["parent", "program_group", "department"],
		order_by="parent, idx desc",  # of two rows for a group the first stays
	)
	found: dict[str, dict[str, str]] = {}
	for row in rows:
		found.setdefault(row.parent, {})[row.program_group or ""] = row.department
	return found
