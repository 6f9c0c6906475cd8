"""What the case, and those who asked, are shown of the clocks. Kept on their records, and by nobody else than this."""

from collections.abc import Iterable, Mapping
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime

from govcrm.casework.clocks.records import CLOCK, rule_of
from govcrm.domain.deadlines import PAUSED, RUNNING

FIELDS = ("next_due", "next_deadline", "deadline_status")
NEEDED = ("status", "breached", "warned_percent", "due", "label", "rule")
OVERDUE, AT_RISK, ON_TRACK = "Overdue", "At Risk", "On Track"


def of_rows(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
	"""The fields of a case, from what the records of its clocks hold; `expected_datetime` only where one is a promise."""
	rows = list(rows)
	running = [row for row in rows if row["status"] == RUNNING]
	nearest = min(
		running or [row for row in rows if row["status"] == PAUSED],
		key=lambda row: get_datetime(row["due"]),
		default=None,
	)
	promise = next((row["due"] for row in rows if rule_of(row["rule"]).is_promise), None)
	return {
		"next_due": nearest["due"] if nearest else None,
		"next_deadline": nearest["label"] if nearest else None,
		"deadline_status": status_of(running, bool(nearest)),
		**({"expected_datetime": promise} if promise else {}),
	}


def status_of(running: list[Mapping[str, Any]], is_any_open: bool) -> str:
	if any(row["breached"] for row in running):
		return OVERDUE
	if any(row["warned_percent"] for row in running):
		return AT_RISK
	if running:
		return ON_TRACK
	return PAUSED if is_any_open else ""


def refresh_case(case: str | Document) -> None:
	"""Bring what a case and its requests show up to date with the records of its clocks, outside of an act."""
	name = case if isinstance(case, str) else case.name
	table = frappe.qb.DocType(CLOCK)
	rows = frappe.qb.from_(table).select(*(table[field] for field in NEEDED)).where(table.case == name)
	# Locked: an ordinary read shows what was before the case was held, and would undo what others did until then.
	fields = of_rows(rows.for_update().run(as_dict=True))
	# Derived, so it does not count as an edit: a form open elsewhere can still be saved.
	frappe.db.set_value("Case", name, fields, update_modified=False)
	tell_requests(name, fields.get("expected_datetime"))


def tell_requests(case: str, expected: Any) -> None:
	"""The date that was promised, on each request the case answers. Not a change by anybody: `modified` stays."""
	if expected:
		for name, promised in promises(case):
			if promised != get_datetime(expected):
				values = {"expected_datetime": expected}
				frappe.db.set_value("Service Request", name, values, update_modified=False)


def promises(case: str) -> list[tuple[str, Any]]:
	"""(request, promised date) as they are now, and not as they were when the transaction began."""
	request = frappe.qb.DocType("Service Request")
	query = frappe.qb.from_(request).select(request.name, request.expected_datetime)
	return query.where(request.case == case).orderby(request.name).for_update().run()


def keep(case: Document) -> None:
	"""A form that was opened before a clock moved, or before the sweep found a date missed, changes nothing of it."""
	before = case.get_doc_before_save()
	if before and not case.flags.by_verb:
		case.update({field: before.get(field) for field in (*FIELDS, "expected_datetime")})
