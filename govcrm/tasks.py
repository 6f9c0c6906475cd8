"""What the scheduler calls. Each task is a shell around a function that can be called by hand."""

from frappe.utils import getdate

from govcrm.accountability import health_notice
from govcrm.accountability.anchors import running as anchoring
from govcrm.accountability.exporting import running as exporting
from govcrm.accountability.reconciling import nightly
from govcrm.accountability.sealing import sealer
from govcrm.casework import holds
from govcrm.casework.attempts import alone
from govcrm.casework.clocks import recompute
from govcrm.casework.evidence import sweeping as evidence
from govcrm.casework.grants import ending, reviewing
from govcrm.casework.queues import recusals
from govcrm.casework.sealed import sweeping
from govcrm.casework.sweep import sweep
from govcrm.reports.statistics import publishing
from govcrm.service_catalogue import calendar_expiry, versions


def end_holds() -> None:
	"""End the waits of cases and the holds of tasks whose day has come."""
	holds.end_due_holds(alone)


def end_grants() -> None:
	"""End what was opened to persons and has lost what it rests on."""
	ending.end_due(alone)


def seal_audit_log() -> None:
	"""Seal the events that wait, and go on for most of a minute while new ones come."""
	sealer.run(every=sealer.pause(), seconds=50)


def look_at_sealed_cases() -> None:
	"""Take away what came to sealed cases past their documents, and tend contents of files without a record."""
	sweeping.look_at_all()
	evidence.sweep()


def sweep_deadlines() -> None:
	"""Mark deadlines that are near or missed, and carry out what follows."""
	sweep()


def anchor_audit_log() -> None:
	"""Queue the newest checkpoint for each anchor that is due."""
	anchoring.tend()


def tell_of_audit_health() -> None:
	"""Tell the auditors of what has become bad about the audit log."""
	health_notice.tell()


def export_audit_log() -> None:
	"""Queue the export of the audit log that the schedule asks for."""
	exporting.begin_due()


def recompute_deadlines() -> None:
	"""Compute dates again that a changed calendar owes, where its own job was lost."""
	recompute.resume()


def roll_program_versions() -> None:
	"""Bring published versions whose day has come into force, and mark those whose day has passed."""
	versions.roll(getdate())


def warn_of_missing_holidays() -> None:
	"""Tell the administrators, from October on, which calendars have no holidays in the coming year."""
	calendar_expiry.warn(getdate())


def remind_of_emergencies() -> None:
	"""Tell privacy officers of cases opened in an emergency whose review is overdue."""
	reviewing.remind()


def begin_recusals() -> None:
	"""Take cases from those who are recused from today on."""
	recusals.begin_due()


def reconcile_audit_log() -> None:
	"""Compare every covered record with what the audit log last said of it."""
	nightly.run()


def remove_old_audit_events() -> None:
	"""Remove events that are older than the agency keeps them and stand in an export."""
	nightly.remove_old()


def publish_statistics() -> None:
	"""Publish the numbers of the month that has ended, and of those before it that were missed."""
	publishing.run()
