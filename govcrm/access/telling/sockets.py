"""What goes out to open pages.

The news of a list goes to everybody who may read some record of the DocType; news of a record, with the comment or mail it is
about, to whoever was let into its room once. Here the first goes to those who have the record open and to who acts, the
second to who acts and who is assigned, if they may read it now.
"""

from collections.abc import Callable, Iterator
from typing import Any

import frappe
from frappe import realtime

from govcrm.access.satellites.reading import is_closed
from govcrm.access.satellites.references import guarded_name
from govcrm.access.telling.readers import may_be_told
from govcrm.wrapping import wrap

LIST, ABOUT_RECORD, PRINTED = "list_update", "docinfo_update", "task_complete:"


def install() -> None:
	wrap(realtime, "emit_via_redis", narrowed)


def narrowed(emit: Callable) -> Callable:
	def emit_narrowed(event: str, message: Any, room: str) -> None:
		try:
			rooms = list(rooms_for(event, message, room))
		except Exception:
			frappe.logger("govcrm.access").error("%s is not sent", event, exc_info=True)
			return
		for narrower in rooms:
			emit(event, message, narrower)

	return emit_narrowed


def rooms_for(event: str, message: Any, room: str) -> Iterator[str]:
	"""Where it goes instead of `room`, or that."""
	if event == LIST and isinstance(message, dict) and is_closed(message.get("doctype"), message.get("name")):
		yield realtime.get_doc_room(message["doctype"], message["name"])
		yield realtime.get_user_room(frappe.session.user)
	elif event == ABOUT_RECORD and (record := _record_of(message)):
		yield from map(realtime.get_user_room, _people_at(*record))
	elif str(event).startswith(PRINTED) and room == realtime.get_site_room():
		yield realtime.get_user_room(frappe.session.user)
	else:
		yield room


def _record_of(message: dict) -> tuple[str, str] | None:
	"""The scoped record that a comment or a mail is about."""
	doc = message.get("doc") or {}
	doctype, name = guarded_name(doc.get("reference_doctype")), doc.get("reference_name")
	return (doctype, name) if doctype and is_closed(doctype, name) else None


def _people_at(doctype: str, name: str) -> list[str]:
	open_ones = {"reference_type": doctype, "reference_name": name, "status": "Open"}
	assigned = frappe.get_all("ToDo", open_ones, pluck="allocated_to", order_by=None)
	people = dict.fromkeys((frappe.session.user, *filter(None, assigned)))
	return [user for user in people if may_be_told(user, doctype, name)]
