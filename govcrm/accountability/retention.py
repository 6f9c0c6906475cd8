"""Retention of the audit log itself: old events leave the site when an export that still stands holds them.

An event may go when it is older than *Keep Events (Years)*, covered by a checkpoint that an anchor has, contained with its
values in an export whose file is there and verifies, and absorbed by a reconciliation that left nothing to explain. Records
of which only such events speak are given a new first event before. Then an event tells what is removed, the horizon moves,
and the database lets the rows go (`govcrm.accountability.guard.triggers`). Checkpoints and the hashes of whole subtrees
stay: later exports go on from there, and what was proven can still be proven. An event whose values are too long for any
export stays as well: its header is in the export, and commits to them.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import add_years, cint, get_site_path, getdate

from govcrm import compat
from govcrm.accountability import trail, verify
from govcrm.accountability.exporting import encoding
from govcrm.accountability.guard import writing
from govcrm.accountability.reconciling import carrying, log
from govcrm.accountability.reconciling.absorbing import last_absorbed
from govcrm.accountability.reconciling.running import only_one
from govcrm.accountability.sealing import sealer

VERB = "remove events"
AT_ONCE = 2000
SETTINGS = "Audit Settings"
Commit = Callable[[], None]


class NotYet(frappe.ValidationError):
	"""Old events cannot be removed. Says what is missing."""


@dataclass
class Plan:
	"""Events after `after` and up to `upto` may go: they stand in `exports`. `refused` says why none, or no more, may."""

	after: int
	upto: int = 0
	exports: list[frappe._dict] = field(default_factory=list)
	refused: list[str] = field(default_factory=list)


def remove(commit: Commit | None = None) -> int:
	"""Remove what may go; gives how many events. Raises NotYet where older ones must stay, and says why.

	Done in transactions that `commit` ends (frappe.db.commit unless given). Who was stopped goes on where it was.
	"""
	commit = commit or frappe.db.commit
	with only_one():
		removed = _delete(log.removed_to(), commit)
		plan = make_plan()
		if plan.upto > plan.after:
			carrying.carry(plan.upto, commit)
			_announce(plan, commit)
			removed += _delete(plan.upto, commit)
	if plan.refused:
		frappe.throw("<br>".join(plan.refused), NotYet, _("Old events of the audit log are kept"))
	return removed


def make_plan() -> Plan:
	"""What may go now."""
	plan = Plan(after=log.removed_to())
	old = _old()
	if old <= plan.after:
		return plan
	plan.refused += _unrest(old)
	if not plan.refused:
		upto = _whole(_exported(plan, old))
		plan.refused += _unanchored(upto) if upto > plan.after else []
		plan.upto = upto if _is_anchored(upto) else 0
	return plan


def _old() -> int:
	"""How many events the log held when the period began."""
	years = cint(frappe.db.get_single_value(SETTINGS, "keep_years"))
	began = add_years(datetime.now(timezone.utc).replace(tzinfo=None), -years)
	return _newest_size({"sealed_at_utc": ("<=", began)}) if years else 0


def _whole(size: int) -> int:
	"""The size of the newest checkpoint that covers no more: with its frontier later exports begin."""
	return _newest_size({"size": ("<=", size)})


def _newest_size(filters: dict) -> int:
	found = frappe.get_all(log.SEAL, filters, pluck="size", order_by="size desc", limit=1)
	return int(found[0]) if found else 0


# What must be so ------------------------------------------------------------------------------------------


def _unrest(old: int) -> list[str]:
	found, findings = [], frappe.db.count("Audit Finding", {"status": "Open"})
	if last_absorbed() < old:
		found.append(_("The reconciliation has not read these events yet. Run bench govcrm-reconcile first."))
	if findings:
		message = _("{0} findings are open. Explain them first: these events may be evidence.")
		found.append(message.format(findings))
	return found


def _is_anchored(upto: int) -> bool:
	return bool(frappe.db.exists("Audit Anchor Receipt", {"size": (">=", upto)}))


def _unanchored(upto: int) -> list[str]:
	message = _("No anchor has a checkpoint of event {0}. Add an Audit Anchor, or mend the one that fails.")
	return [] if _is_anchored(upto) else [message.format(upto)]


def _exported(plan: Plan, old: int) -> int:
	"""Up to which event exports that stand follow each other without a gap, no further than needed."""
	reached = plan.after
	for export in _exports():
		if reached >= old or export.first_seq > reached + 1:
			break
		if export.last_seq > reached and not (fault := _fault(export)):
			reached = export.last_seq
			plan.exports.append(export)
		elif export.last_seq > reached:
			plan.refused.append(fault)
	if reached < old:
		plan.refused.append(_wanted(reached + 1, old))
	return min(reached, old)


def _wanted(first: int, last: int) -> str:
	"""What is to be exported before these events may go."""
	message = _(
		"Events {0} to {1} are in no export with values that stands. They were sealed from {2} to {3} (UTC): make an Audit "
		"Export of these days with the box With Values ticked, or run bench govcrm-export-audit --values."
	)
	return message.format(first, last, _day_of(first), _day_of(last))


def _day_of(seq: int) -> str:
	"""The day on which the event was sealed."""
	filters = {"size": (">=", seq)}
	found = frappe.get_all(log.SEAL, filters, pluck="sealed_at_utc", order_by="size", limit=1)
	return str(getdate(found[0])) if found else "?"


def _exports() -> list[frappe._dict]:
	"""Those with values: the others hold hashes, and whoever lets the rows go then has lost what was done."""
	fields = ["name", "first_seq", "last_seq", "file_path", "file_sha256"]
	filters = {"status": "Done", "first_seq": (">", 0), "include_payloads": 1}
	return frappe.get_all("Audit Export", filters, fields, order_by="first_seq, last_seq desc")


def _fault(export: frappe._dict) -> str | None:
	"""What keeps the export from standing for its events."""
	path = Path(get_site_path(), export.file_path or "")
	if not path.is_file():
		return _("The file of Audit Export {0} is not at {1}. Put it back.").format(export.name, path)
	if _digest(path) != export.file_sha256:
		return _("The file of Audit Export {0} is not the one that was made.").format(export.name)
	report = verify.Verifier(_first_keys()).verify([path])
	if report.findings or report.unreadable:
		return _("The file of Audit Export {0} does not verify.").format(export.name)
	return _without_values(export, report.counts["payloads"])


def _without_values(export: frappe._dict, held: int) -> str | None:
	"""The record says that the values are in the file; the file itself has to."""
	span = [["seq", "between", (export.first_seq, export.last_seq)], ["payload", "is", "set"]]
	staying = len(encoding.too_long(export.first_seq - 1, export.last_seq))
	if held >= (there := frappe.db.count(log.EVENT, span) - staying):
		return None
	message = _(
		"The file of Audit Export {0} holds the values of {1} events, but {2} events of its period have values. Export the "
		"period again, with values."
	)
	return message.format(export.name, held, there)


def _digest(path: Path) -> str:
	digest = hashlib.sha256()
	with path.open("rb") as file:
		while part := file.read(1 << 20):
			digest.update(part)
	return digest.hexdigest()


def _first_keys() -> list[str]:
	filters = {"endorsed_by": ("is", "not set")}
	return frappe.get_all(log.SIGNING_KEY, filters, pluck="public_key", order_by="creation")


# Removal --------------------------------------------------------------------------------------------------


def _announce(plan: Plan, commit: Commit) -> None:
	"""The event that tells of it is sealed before the first row goes."""
	settings = frappe.get_doc(SETTINGS)
	settings.removed_to_seq = plan.upto
	exports = ", ".join(f"{export.name} (SHA-256 {export.file_sha256})" for export in plan.exports)
	reason = f"Events {plan.after + 1} to {plan.upto} are kept in: {exports}"
	with writing(), trail.act(VERB, reason=reason):
		settings.save(ignore_permissions=True)  # the horizon is the machine's; nobody may set it by hand
	commit()
	sealer.seal()
	commit()


def _delete(upto: int, commit: Commit) -> int:
	"""Delete rows up to the horizon, a batch a transaction; but what no export can hold."""
	removed, staying = 0, encoding.too_long(0, upto)
	while names := _some(upto, staying):
		compat.start_writing()
		table = frappe.qb.DocType(log.EVENT)
		with writing():
			frappe.qb.from_(table).delete().where(table.name.isin(names)).run()
		commit()
		removed += len(names)
	return removed


def _some(upto: int, staying: list[str]) -> list[str]:
	filters = [["seq", ">", 0], ["seq", "<=", upto], ["name", "not in", staying]]
	return frappe.get_all(log.EVENT, filters, pluck="name", order_by="seq", limit=AT_ONCE) if upto else []
