"""Notes what a request asked for, and writes it when the response has gone out.

A read has no transaction of its own to stand in, and its answer must not wait. Nothing is written for a read that failed.
What cannot be written is lost: it is logged as an error and counted, and the answer is as it was.
"""

from contextlib import suppress
from functools import partial

import frappe
from werkzeug.wrappers import Request, Response

from govcrm.accountability import trail
from govcrm.accountability.watching import doors, judging
from govcrm.accountability.watching.asked import EXPORT, PRINT, Asked

LOST = "govcrm_watching_lost"
FORBIDDEN = 403
# Recorded whatever the settings say: they concern looks.
ALWAYS = frozenset({EXPORT, PRINT})


def note(response: Response | None = None, request: Request | None = None) -> None:
	"""Hook `after_request`. For most requests two look-ups, and no query."""
	if request is None or request.method == "OPTIONS" or not trail.ready():
		return
	asked = doors.asked(request)
	# Frappe's hook gets no response when the request ended in an HTTP error of Werkzeug's, as refused files do.
	status = response.status_code if response is not None else FORBIDDEN if asked else 404
	if status == FORBIDDEN:
		_note_refusal(request, asked)
	elif asked and status < 300:
		_later(request, partial(_given, asked))


def _note_refusal(request: Request, asked: list[Asked]) -> None:
	"""Of those who are not logged in only where they asked for a record: whose session ended is refused all day."""
	wanted = asked[0] if asked else doors.named(request)
	if wanted or frappe.session.user != "Guest":
		_later(request, partial(_refused, wanted, doors.method_of(request), request.path))


def lost() -> int:
	"""How many requests could not be told of since the cache was last emptied. The log has each."""
	return int(frappe.cache.get_value(LOST) or 0)


def _later(request: Request, find) -> None:
	request.after_response.add(partial(_write, find))


def _given(asked: list[Asked]) -> list[trail.Entry]:
	wanted = [one for one in asked if one.verb in ALWAYS or _reads_are_recorded()]
	return [entry for one in wanted for entry in judging.entries(one, frappe.local.response)]


def _refused(asked: Asked | None, method: str | None, path: str) -> list[trail.Entry]:
	return [judging.refusal(asked, method, path)]


def _write(find) -> None:
	"""In a transaction of its own: what the request left undone on its connection is taken back first."""
	try:
		frappe.db.rollback()
		if entries := find():
			trail.record_many(entries)
			frappe.db.commit()  # the request has ended; nothing else is in this transaction
	except Exception:
		_lose()


def _lose() -> None:
	form, path = frappe.form_dict, frappe.local.request.path
	frappe.logger("govcrm.audit").error(
		"lost: user %s, %s, doctype %s, name %s",
		frappe.session.user,
		form.get("cmd") or path,
		form.get("doctype"),
		form.get("name"),
		exc_info=True,
	)
	with suppress(Exception):  # a database or a cache that is gone must not keep the request from ending
		frappe.cache.set_value(LOST, lost() + 1)
		frappe.db.rollback()


def _reads_are_recorded() -> bool:
	return bool(frappe.db.get_single_value("Audit Settings", "reads_recorded"))
