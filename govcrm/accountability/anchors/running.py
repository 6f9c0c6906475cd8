"""Checkpoints on their way: which anchor is due, a job for each, and what became of it."""

from datetime import datetime, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime, strip_html

from govcrm import compat
from govcrm.accountability.anchors import checkpoints, damage, kinds, memory, receipts
from govcrm.accountability.anchors.checkpoints import Checkpoint
from govcrm.accountability.anchors.kinds import AnchorError

DOCTYPE = "Audit Anchor"
COURSE = ("last_size", "last_at", "last_tried_at", "next_at", "last_error", "failures")
LEASE = timedelta(minutes=10)  # while a job works; a killed one is followed by the next after that
LONGEST_WAIT = 60  # minutes between attempts at an anchor that fails
EXPECTED = (AnchorError, OSError, frappe.ValidationError)


def tend() -> list[str]:
	"""Look whether the log is still the one that was anchored, and queue a job for each anchor that is due.

	For the scheduler, each minute. Returns the names of those anchors.
	"""
	damage.of_site()
	due = find_due()
	for name in due:
		enqueue(name)
	return due


def enqueue(name: str, now: bool = False) -> None:
	frappe.enqueue(
		"govcrm.accountability.anchors.running.run",
		queue="short",
		job_id=f"govcrm-anchor-{name}{'-now' if now else ''}",
		deduplicate=True,
		enqueue_after_commit=True,
		name=name,
		now_whatever_is_due=now,
	)


def find_due() -> list[str]:
	newest = checkpoints.newest()
	size = newest.size if newest else 0
	rows = frappe.get_all(
		DOCTYPE, {"enabled": 1, "last_size": ["!=", size]}, ["name", "next_at"], order_by="name"
	)
	return [row.name for row in rows if not row.next_at or row.next_at <= now_datetime()]


def run(name: str, now_whatever_is_due: bool = False) -> None:
	"""Take the newest checkpoint to one anchor. A job of its own: it commits before and after.

	Whatever fails is told on the anchor, and tried again after a while that doubles up to an hour.
	"""
	anchor = _claim(name, now_whatever_is_due)
	if not anchor:
		return
	try:
		checkpoint = deliver(anchor)
	except EXPECTED as error:
		_fail(anchor, strip_html(str(error)) or type(error).__name__)
	except Exception:
		frappe.db.rollback()
		frappe.log_error(title=_("Anchor {0} failed").format(name))
		_fail(anchor, _("Unexpected error. It is in the Error Log."))
	else:
		_succeed(anchor, checkpoint)


def deliver(anchor: Document) -> Checkpoint:
	"""Take the newest checkpoint there and keep the receipt. Raises AnchorError, or what went wrong on the way."""
	kind = kinds.of(anchor)
	for fault in kind.faults():
		raise AnchorError(fault.message)
	checkpoint = checkpoints.newest()
	_refuse_damage(damage.of_site() or damage.of_anchor(anchor, kind))
	if not checkpoint:
		raise AnchorError(_("Nothing is sealed yet. Wait until the first events are."))
	receipts.keep(anchor, checkpoint, kind.deliver(checkpoint))
	memory.write(checkpoint, anchor.name)
	return checkpoint


def _refuse_damage(found: str) -> None:
	"""The finding must stay, though what was to be done is not."""
	if found:
		frappe.db.commit()  # only what was found is written; the failure that follows rolls back
		raise AnchorError(found)


def _claim(name: str, now_whatever_is_due: bool) -> Document | None:
	"""The anchor, if it is due and no other job has it; it is then ours until the lease ends."""
	frappe.db.rollback()
	compat.lock_row(DOCTYPE, name)
	anchor = frappe.get_doc(DOCTYPE, name, for_update=True)
	if not now_whatever_is_due and name not in find_due():
		frappe.db.rollback()
		return None
	_note(anchor, last_tried_at=now_datetime(), next_at=now_datetime() + LEASE)
	frappe.db.commit()  # the network is slow: no lock is held meanwhile, and the claim is seen by other jobs
	return anchor


def _succeed(anchor: Document, checkpoint: Checkpoint) -> None:
	now = now_datetime()
	_note(
		anchor,
		last_size=checkpoint.size,
		last_at=now,
		next_at=now + timedelta(minutes=anchor.every_minutes or 0),
		last_error=None,
		failures=0,
	)
	frappe.db.commit()  # a job: the receipt and the word of it stay together


def _fail(anchor: Document, why: str) -> None:
	frappe.db.rollback()
	frappe.clear_messages()
	failures = (anchor.failures or 0) + 1
	_note(anchor, last_error=why, failures=failures, next_at=now_datetime() + wait_after(failures))
	frappe.db.commit()  # a job: what failed is told, whatever was undone


def wait_after(failures: int) -> timedelta:
	"""1, 2, 4, … minutes, an hour at most."""
	return timedelta(minutes=min(2 ** min(failures - 1, 10), LONGEST_WAIT))


def _note(anchor: Document, **course: datetime | int | str | None) -> None:
	frappe.db.set_value(DOCTYPE, anchor.name, course, update_modified=False)
