"""The files of a sealed case, for who may read it: listed by their names, and handed out one by one. Every look leaves an event."""

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_fullname
from werkzeug.wrappers import Response

from govcrm.accountability import trail
from govcrm.casework.evidence import records
from govcrm.casework.sealed import keyed, matter, showing

OPEN, DESTROYED, UNREADABLE = showing.OPEN, showing.DESTROYED, showing.UNREADABLE
SHOWN = ("file_name", "size", "note", "at")
HEADERS = {
	"Cache-Control": "no-store",
	"X-Content-Type-Options": "nosniff",
	"Content-Security-Policy": "default-src 'none'; sandbox",
}


def shown(case: str) -> dict[str, Any]:
	"""{may_write, files: [{name, number, state, message, file_name, size, note, at, by, link, on, of}]}

	Throws PermissionError for a case that the user may not read, in the same words as for one that is not there.
	"""
	doc = showing.readable(case)
	files = list(_files(case))
	trail.record("read", "Case", case, detail={"files": len(files)})
	return {"may_write": bool(frappe.has_permission("Case", "write", doc=doc)), "files": files}


def hand_out(name: str) -> Response:
	"""The content, as an attachment that no browser opens by itself. It was seen to be whole before its first byte leaves."""
	row = found(name)
	said, content = records.said_of(row), records.content_of(row)
	detail = {"evidence": name, "file_name": said["file_name"], "sha256": said.get("sha256")}
	trail.record("download", "Case", row.case, detail={key: value for key, value in detail.items() if value})
	answer = Response(content, mimetype="application/octet-stream", headers=HEADERS, direct_passthrough=True)
	answer.headers.add("Content-Disposition", "attachment", filename=said["file_name"])
	answer.headers["Content-Length"] = str(said["size"])
	return answer


def found(name: str, right: str = "read") -> frappe._dict:
	"""The row, of a case that is sealed and on which the user has the right. What is not there is refused in the same words."""
	row = records.row_of(name)
	if not row or not matter.is_sealed(row.case) or not frappe.has_permission("Case", right, doc=row.case):
		_refuse(name)
	if not _may_read(row, _told(row)):
		_refuse(name)
	return row


def _refuse(name: str) -> None:
	message = _("There is no file {0} of a sealed case that you may have.")
	frappe.throw(message.format(frappe.utils.escape_html(name)), frappe.PermissionError)


def _files(case: str) -> Iterator[dict[str, Any]]:
	for row in records.rows_of(case):
		told = _told(row)
		if _may_read(row, told):
			yield {"name": row.name, "number": row.number, **told}


def _told(row: frappe._dict) -> dict[str, Any]:
	try:
		said = records.said_of(row)
	except (keyed.Destroyed, keyed.Unreadable) as error:
		frappe.clear_last_message()
		state = DESTROYED if isinstance(error, keyed.Destroyed) else UNREADABLE
		return {"state": state, "message": str(error), "on": "Case"}
	values = {field: said.get(field) for field in SHOWN}
	place = said.get("place") or ("Case", row.case)
	link = None if said.get("sha256") else said.get("file", {}).get("file_url")
	told = {"state": OPEN, **values, "link": link, "by": get_fullname(said.get("by"))}
	return {**told, "on": place[0], "of": place[1]}


def _may_read(row: frappe._dict, told: dict[str, Any]) -> bool:
	"""One record of the case may be closed by itself: to who is recused from the citizen whose request it is."""
	place = told["on"]
	return place == "Case" or (showing.may_read(place) and showing.may_read_record(place, told["of"]))
