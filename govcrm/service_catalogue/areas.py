"""The map of service areas: built once in each process, forgotten by all when an area changes."""

import frappe
from frappe.model.document import Document
from frappe.utils.caching import site_cache

from govcrm.domain.areas import Area, AreaMap
from govcrm.domain.boundaries import restore

EDITION = "govcrm_service_area_edition"
# A process that began to read before a change was committed may build the map of before under the edition of after.
# It is put right when the edition ends.
LIFETIME = 3600  # seconds


def area_map() -> AreaMap:
	"""All areas, for looking up. Shared by all requests of the process: nobody may change it."""
	return _build(_edition())


def locate(latitude: float | None, longitude: float | None) -> str | None:
	"""Name of the Service Area in which a place lies. None without a place; 0, 0 is none, as in forms."""
	if not (latitude or longitude):
		return None
	return area_map().find(float(latitude or 0), float(longitude or 0))


def forget(doc: Document | None = None, method: str | None = None, *args: object) -> None:
	"""Let every process build the map anew: now, and again when the transaction ends.

	Now, so that the transaction sees its own change. At its end, since meanwhile others may have built what was there
	before the commit, and we ourselves what a rollback takes back.
	"""
	_drop_edition()
	frappe.db.after_commit.add(_drop_edition)
	frappe.db.after_rollback.add(_drop_edition)


def _drop_edition() -> None:
	frappe.cache.delete_value(EDITION)


def _edition() -> str:
	edition = frappe.cache.get_value(EDITION, expires=True)
	if not edition:
		edition = frappe.generate_hash(length=12)
		frappe.cache.set_value(EDITION, edition, expires_in_sec=LIFETIME)
	return edition


@site_cache(maxsize=2)
def _build(edition: str) -> AreaMap:
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
