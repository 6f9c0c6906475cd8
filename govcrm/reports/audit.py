"""What the reports on the audit log share: a period, a page of events and no more, and how each is told.

An event shows its values where the access rule and the levels of fields allow it, as everywhere.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import frappe
from frappe import _
from frappe.utils import add_days, getdate

from govcrm.accountability.history import words
from govcrm.accountability.history.reading import COLUMNS, MATTERS, day_begins
from govcrm.accountability.history.sight import RIGHTS
from govcrm.accountability.history.telling import Teller
from govcrm.accountability.trail import governed, subjects
from govcrm.accountability.watching.asked import REQUEST

EVENT, FINDING = "Audit Event", "Audit Finding"
MOST = 1000  # the newest so many: whoever needs more takes an export
DEFAULT_DAYS = 30
SHOWN = ("reveal",)  # acts of ours that show somebody what is not on the form
TAKEN_AWAY = ("export", "print", "download", "run report", "email")


def run(filters: dict | None, conditions: Callable[[dict], list], fields: Iterable[str]) -> tuple:
	"""Columns, rows and words of a report on events.

	:param conditions: what the filters, of the report ask of an event besides the period
	:param fields: what of `columns` the report shows
	"""
	wanted = frappe._dict(filters or {})
	found = [*conditions(wanted), *period_of(wanted)]
	events = frappe.get_list(
		EVENT, filters=found, fields=list(COLUMNS), order_by="at_utc desc", limit_page_length=MOST + 1
	)
	teller = Teller()
	rows = [row_of(event) for event in teller.told_together(events[:MOST])]
	return [column for column in columns() if column["fieldname"] in fields], rows, note(len(events))


def period_of(wanted: dict) -> list[list]:
	"""The days of the site from `from_date` to `to_date`, both included, as conditions on `at_utc`."""
	last = getdate(wanted.get("to_date"))
	first = getdate(wanted.get("from_date") or add_days(last, 1 - DEFAULT_DAYS))
	if first > last:
		frappe.throw(_("The period ends before it begins. Choose a first day that is not after the last."))
	return [["at_utc", ">=", day_begins(first)], ["at_utc", "<", day_begins(last + timedelta(days=1))]]


def required(wanted: dict, field: str, says: str) -> str:
	if not wanted.get(field):
		frappe.throw(says)
	return wanted[field]


def actor_of(user: str) -> str:
	"""The pseudonym of a user; what nobody has when they never did anything here."""
	return frappe.db.get_value("Audit Actor", {"user": user}) or "-"


# What is asked -------------------------------------------------------------------------------------------


def access_to_record(wanted: dict) -> list[list]:
	"""Who looked at a record, took a copy, or was refused. Of a case: at anything that belongs to it."""
	doctype = required(wanted, "reference_doctype", _("Choose the type of the record."))
	name = required(wanted, "reference_name", _("Give the name of the record."))
	if doctype in MATTERS:
		about = [["subject", "=", f"{doctype}/{name}"]]
	else:
		about = [["reference_doctype", "=", doctype], ["reference_name", "=", name_in_log(doctype, name)]]
	return (
		about if wanted.get("changes") else [*about, ["verb", "in", [*sorted(words.LOOKS), *SHOWN, REQUEST]]]
	)


def name_in_log(doctype: str, name: str) -> str:
	"""What is named after a user stands in the log under their pseudonym, which may be asked for as well."""
	if not governed.exists(doctype) or not subjects.is_personal(doctype):
		return name
	return frappe.db.get_value("Audit Actor", {"user": name}) or name


def activity_of_user(wanted: dict) -> list[list]:
	return [["actor", "=", required(wanted, "actor", _("Choose a user."))]]


def permission_changes(wanted: dict) -> list[list]:
	"""What decides who may do what: roles, permissions, memberships. Log-ins are events of users too, and no change."""
	kinds = [wanted["reference_doctype"]] if wanted.get("reference_doctype") else sorted(RIGHTS)
	found = [["reference_doctype", "in", kinds], ["verb", "not in", [*sorted(words.LOOKS), *words.SESSIONS]]]
	return [*found, ["actor", "=", wanted["actor"]]] if wanted.get("actor") else found


def exports(wanted: dict) -> list[list]:
	found = [["verb", "in", [wanted["verb"]] if wanted.get("verb") else list(TAKEN_AWAY)]]
	return [*found, ["actor", "=", wanted["actor"]]] if wanted.get("actor") else found


# What is shown -------------------------------------------------------------------------------------------


def columns() -> list[dict]:
	def column(fieldname: str, label: str, width: int, **more: str) -> dict:
		return {"fieldname": fieldname, "label": label, "width": width, "fieldtype": "Data", **more}

	return [
		column("at", _("When"), 190),
		column("who", _("Who"), 160),
		column("said", _("Did"), 160),
		column("record", _("Record"), 260),
		column("changes", _("What"), 320),
		column("reason", _("Why"), 220),
		column("outcome", _("Outcome"), 90),
		column("peer", _("From Where"), 130),
		column("user", _("User"), 220),
		column("event", _("Event"), 230, fieldtype="Link", options=EVENT),
	]


def row_of(event: dict[str, Any]) -> dict[str, Any]:
	who, record = event["who"], event["record"]
	return {
		"at": event["local"],
		"who": who["name"] if who else None,
		"user": who["user"] or who["actor"] if who else None,
		"said": event["said"],
		"record": _record(record) if record else None,
		"changes": "; ".join([*map(_said, event["changes"]), *_details(event), *_state(event)]),
		"reason": event["reason"],
		"outcome": _(event["outcome"]),
		"peer": event["peer"],
		"event": event["name"],
	}


def _record(record: dict[str, Any]) -> str:
	"""A number says little in a list of many records: what it is about comes with it, for whoever may read it."""
	said = " ".join(filter(None, (record["label"], record["title"])))
	return f"{said}: {record['about']}" if record["about"] else said


def _said(change: dict[str, Any]) -> str:
	sides = (
		_("not shown") if side in change["hidden"] else change[side] or "–" for side in ("before", "after")
	)
	return f"{change['label']}: {' → '.join(sides)}"


def _details(event: dict[str, Any]) -> list[str]:
	return [f"{one['label']}: {one['value']}" for one in event["details"]]


def _state(event: dict[str, Any]) -> list[str]:
	return {"destroyed": [_("values destroyed")]}.get(event["values"], [])


def note(found: int) -> str | None:
	if found <= MOST:
		return None
	says = _("Only the newest {0} events are shown. Choose a shorter period, or take an export of the log.")
	return f"<p>{says.format(MOST)}</p>"


# Findings ------------------------------------------------------------------------------------------------


def out_of_band(filters: dict | None) -> tuple:
	"""Columns, rows and words: records that were changed behind the application's back, and what became of each finding."""
	wanted = frappe._dict(filters or {})
	last = getdate(wanted.to_date)
	first = getdate(wanted.from_date or add_days(last, 1 - DEFAULT_DAYS))
	found = [["found_at", "between", [first, last]]]
	found += [
		[name, "=", wanted[name]] for name in ("status", "kind", "reference_doctype") if wanted.get(name)
	]
	rows = frappe.get_list(
		FINDING,
		filters=found,
		fields=["name", *(column["fieldname"] for column in finding_columns()[:-1])],
		order_by="found_at desc",
		limit_page_length=MOST + 1,
	)
	return finding_columns(), [{**row, "finding": row.name} for row in rows[:MOST]], note(len(rows))


def finding_columns() -> list[dict]:
	meta = frappe.get_meta(FINDING)
	widths = {
		"found_at": 190,
		"kind": 110,
		"reference_doctype": 140,
		"reference_name": 200,
		"detail": 320,
		"status": 90,
		"explanation": 240,
	}
	shown = [
		{"fieldname": name, "label": _(meta.get_label(name)), "width": width, "fieldtype": "Data"}
		for name, width in widths.items()
	]
	shown[0]["fieldtype"] = "Datetime"
	return [*shown, {"fieldname": "finding", "label": _("Finding"), "fieldtype": "Link", "options": FINDING}]
