"""How the audit log is: what is looked at, how it stands, and what to do about it. Quick, however long the log is."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import format_datetime, get_datetime, now_datetime
from frappe.utils.data import pretty_date

from govcrm.accountability import folder, key_faults, watching
from govcrm.accountability.anchors import checkpoints, damage, kinds, memory
from govcrm.accountability.guard import triggers
from govcrm.casework.evidence import blobs, sweeping
from govcrm.domain.ledger import checkpoint

OK, WARN, BAD, UNKNOWN = "ok", "warn", "bad", "unknown"
COUNTED = 10_000  # unsealed events that are counted one by one
WAITING_LONG, WAITING_TOO_LONG = timedelta(minutes=3), timedelta(minutes=15)
RECONCILED_WITHIN = timedelta(hours=36)
EXPORTED_WITHIN = {"Day": timedelta(days=2), "Week": timedelta(days=9), "Month": timedelta(days=35)}
ANCHORED_WITHIN = timedelta(minutes=30)  # or three times what the anchor says, where that is longer
FAILING = 3  # attempts in a row


class Line(NamedTuple):
	"""One thing that was looked at. `value` and `advice` are for people; `advice` is empty when all is well."""

	key: str
	label: str
	value: str
	state: str
	advice: str = ""


def lines() -> list[dict[str, str]]:
	"""Everything that was looked at: {key, label, value, state: "ok"|"warn"|"bad"|"unknown", advice}."""
	return [line._asdict() for check in CHECKS for line in _safely(check)]


def worst(found: list[dict[str, str]]) -> str:
	"""The state of the whole: that of its worst line; what is unknown counts as well."""
	states = {line["state"] for line in found}
	return next((state for state in (BAD, WARN) if state in states), OK)


def _safely(check: Callable[[], Iterator[Line]]) -> list[Line]:
	"""What cannot even be looked at is bad, and the rest is still told."""
	try:
		return list(check())
	except Exception as error:
		frappe.log_error(title="Health of the audit log")
		advice = _("It is in the Error Log.")
		label, value = _("Health of the audit log"), f"{check.__name__}: {type(error).__name__}: {error}"
		return [Line(check.__name__, label, value, BAD, advice)]


# The log itself --------------------------------------------------------------------------------------------


def unsealed() -> Iterator[Line]:
	event = frappe.qb.DocType("Audit Event")
	waiting = frappe.qb.from_(event).select(event.at_utc).where(event.seq == 0).limit(COUNTED + 1).run()
	label = _("Events that wait to be sealed")
	if not waiting:
		yield Line("unsealed", label, "0", OK)
		return
	age = checkpoints.utc_now() - min(get_datetime(at) for (at,) in waiting)
	count = _("more than {0}").format(COUNTED) if len(waiting) > COUNTED else str(len(waiting))
	words = _("{0}, the oldest has waited {1} min")
	state = BAD if age > WAITING_TOO_LONG else WARN if age > WAITING_LONG else OK
	advice = _("Nothing seals. Look whether the scheduler and the workers run: bench doctor.")
	yield Line(
		"unsealed",
		label,
		words.format(count, int(age.total_seconds() // 60)),
		state,
		_unless_ok(state, advice),
	)


def seal() -> Iterator[Line]:
	label, newest = _("Last checkpoint"), checkpoints.newest()
	if not newest:
		advice = _("The first follows the first events within a minute. Look whether the scheduler runs.")
		yield Line("seal", label, _("None yet"), UNKNOWN, advice)
		return
	value = _("{0} events, {1}").format(newest.size, _utc(newest.sealed_at_utc))
	public = frappe.db.get_value("Audit Signing Key", newest.signing_key, "public_key")
	if public and checkpoint.verify(public, newest.checkpoint.encode(), newest.signature):
		yield Line("seal", label, value, OK)
	else:
		advice = _(
			"Its signature is wrong: the record was changed in the database. Keep a copy of it and tell the auditors."
		)
		yield Line("seal", label, value, BAD, advice)


def anchors() -> Iterator[Line]:
	names = frappe.get_all("Audit Anchor", {"enabled": 1}, pluck="name", order_by="name")
	if not names:
		advice = _(
			"Set up an Audit Anchor outside this server. Until then somebody could put back an older log unseen."
		)
		yield Line("anchors", _("Anchors"), _("None"), WARN, advice)
	for name in names:
		yield _anchor(name)


def _anchor(name: str) -> Line:
	anchor = frappe.get_doc("Audit Anchor", name)
	value = (
		_("{0} events, {1}").format(anchor.last_size, _ago(anchor.last_at)) if anchor.last_at else _("Never")
	)
	state, advice = _course(anchor)
	return Line(f"anchor:{name}", _("Anchor {0}").format(name), value, state, advice)


def _course(anchor) -> tuple[str, str]:
	if anchor.failures:
		return BAD if anchor.failures >= FAILING else WARN, anchor.last_error
	if _is_late(anchor):
		return BAD, _(
			"It was told of no new checkpoint for long. Look whether the workers run: bench doctor."
		)
	if not anchor.last_at:
		return UNKNOWN, _("It is tried within a minute.")
	worry = kinds.of(anchor).worry()
	return (WARN, worry) if worry else (OK, "")


def _is_late(anchor) -> bool:
	newest = checkpoints.newest()
	if not newest or newest.size == anchor.last_size:
		return False
	within = max(ANCHORED_WITHIN, 3 * timedelta(minutes=anchor.every_minutes or 0))
	return now_datetime() - get_datetime(anchor.last_at or anchor.creation) > within


def put_back() -> Iterator[Line]:
	label, found = _("Checkpoints that were anchored"), damage.contradiction_of_site()
	if found:
		yield Line(
			"put_back",
			label,
			found,
			BAD,
			_("Find out why before anything is anchored again, and explain the finding."),
		)
	else:
		known = memory.read()
		yield Line(
			"put_back", label, _("Are in the log") if known else _("None yet"), OK if known else UNKNOWN
		)


# What compares it with the records, and what leaves the site ---------------------------------------------------


def reconciliation() -> Iterator[Line]:
	label = _("Last reconciliation")
	last = _last("Audit Reconciliation", "started_at", ["status", "started_at", "rows_checked", "message"])
	if not last:
		yield Line(
			"reconciliation", label, _("None yet"), _if_young(RECONCILED_WITHIN), _("It runs every night.")
		)
		return
	value = _("{0}, {1} rows, {2}").format(_(last.status), last.rows_checked or 0, _ago(last.started_at))
	if last.status == "Failed":
		yield Line("reconciliation", label, value, BAD, last.message or _("Look into the Error Log."))
	elif now_datetime() - get_datetime(last.started_at) > RECONCILED_WITHIN:
		yield Line(
			"reconciliation",
			label,
			value,
			BAD,
			_("It should run every night. Look whether the scheduler runs."),
		)
	else:
		yield Line("reconciliation", label, value, OK)


def findings() -> Iterator[Line]:
	count = frappe.db.count("Audit Finding", {"status": "Open"})
	advice = _("Read them: records or the log were changed behind the application's back.")
	yield Line("findings", _("Open findings"), str(count), BAD if count else OK, advice if count else "")


def export() -> Iterator[Line]:
	label, every = _("Last export"), frappe.db.get_single_value("Audit Settings", "export_every") or "Never"
	last = _last(
		"Audit Export", "creation", ["status", "creation", "message"], status=("in", ("Done", "Failed"))
	)
	value = _("{0}, {1}").format(_(last.status), _ago(last.creation)) if last else _("None yet")
	if last and last.status == "Failed":
		yield Line("export", label, value, BAD, last.message or _("Look into the Error Log."))
	elif every == "Never":
		yield Line("export", label, value, OK)
	elif not last:
		yield Line(
			"export",
			label,
			value,
			_if_young(EXPORTED_WITHIN[every]),
			_("It comes by schedule: see Audit Settings."),
		)
	else:
		late = now_datetime() - get_datetime(last.creation) > EXPORTED_WITHIN[every]
		advice = _("It is overdue by the schedule in Audit Settings. Look whether the scheduler runs.")
		yield Line("export", label, value, WARN if late else OK, advice if late else "")


# What guards it -----------------------------------------------------------------------------------------------


def fence() -> Iterator[Line]:
	label, missing = _("Triggers in the database"), triggers.missing()
	if not missing:
		yield Line("triggers", label, _("All in place. Who owns the tables can switch them off"), OK)
		return
	advice = _(
		"Without them only the application refuses changes. Give the database account the right to make triggers, then: bench migrate."
	)
	yield Line("triggers", label, _("{0} missing").format(len(missing)), WARN, advice)


def reads() -> Iterator[Line]:
	label, lost = _("Reads that could not be recorded"), watching.lost()
	advice = _("They were answered, and are not in the log. The Error Log says why.")
	yield Line("reads", label, str(lost), WARN if lost else OK, advice if lost else "")


def keys() -> Iterator[Line]:
	label, place = _("Key folder"), folder.folder()
	fault = key_faults.first() or ""
	yield Line("keys", label, str(place), BAD if fault else OK, fault)


def contents() -> Iterator[Line]:
	label, count = _("Contents of sealed files that have no record"), len(blobs.aside())
	advice = _(
		"If the database was put back from a backup, put back one that knows them. They are destroyed {0} days after they were set aside."
	).format(sweeping.days_aside())
	yield Line("contents", label, str(count), WARN if count else OK, advice if count else "")


# Words ----------------------------------------------------------------------------------------------------------


def _last(doctype: str, order: str, fields: list[str], **filters) -> frappe._dict | None:
	rows = frappe.get_all(doctype, filters, fields, order_by=f"{order} desc", limit=1)
	return rows[0] if rows else None


def _if_young(span: timedelta) -> str:
	"""What has not come yet is unknown on a new site, and bad on one that should have had it."""
	first = frappe.get_all(
		"Audit Signing Key", pluck="created_at_utc", order_by="created_at_utc asc", limit=1
	)
	return UNKNOWN if not first or checkpoints.utc_now() - get_datetime(first[0]) < span else BAD


def _unless_ok(state: str, advice: str) -> str:
	return "" if state == OK else advice


def _ago(at: datetime) -> str:
	return pretty_date(at)


def _utc(at: datetime) -> str:
	return _("{0} UTC").format(format_datetime(at))


CHECKS = (unsealed, seal, anchors, put_back, reconciliation, findings, export, fence, reads, keys, contents)
