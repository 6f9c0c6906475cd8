"""An *Audit Export* on its way: queued, written in a background job, recorded; and the ones made on a schedule."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, get_site_path, getdate, now_datetime, strip_html

from govcrm.accountability import trail
from govcrm.accountability.exporting import period, snapshot, writer
from govcrm.accountability.exporting.lines import Export
from govcrm.accountability.exporting.period import Period
from govcrm.accountability.exporting.writer import Written
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.reconciling import log

DOCTYPE, SETTINGS = "Audit Export", "Audit Settings"
HOURS = 6
# The period in which a day lies: with a new one an export is due.
PERIODS = {
	"Day": lambda day: day,
	"Week": lambda day: day.isocalendar()[:2],
	"Month": lambda day: (day.year, day.month),
}

Watch = Callable[[int, int], None]


def enqueue(export: Document) -> None:
	frappe.enqueue(
		"govcrm.accountability.exporting.running.run",
		queue="long",
		timeout=HOURS * 3600,
		job_id=f"govcrm-audit-export-{export.name}",
		deduplicate=True,
		enqueue_after_commit=True,
		name=export.name,
	)


def run(name: str, watch: Watch | None = None) -> Document:
	"""Write the file of this record. `watch` hears how many of how many events are done.

	Reads in one transaction from first to last, so that events and rows are of the same moment. Commits.
	"""
	export = frappe.get_doc(DOCTYPE, name)
	_note(export, status="Running", message=None)
	try:
		written, made = _write(export, watch or _shown(export))
	except Exception as error:
		frappe.db.rollback()
		frappe.log_error(f"Audit Export {name} failed")
		_note(export, status="Failed", message=strip_html(str(error))[:500] or type(error).__name__)
		raise
	_finish(export, written, made)
	return export


def begin_due() -> Document | None:
	"""Begin the export that the schedule of *Audit Settings* asks for today, if any. It goes on where the last one ended."""
	_end_dead()
	settings, last = frappe.get_cached_doc(SETTINGS), _last_scheduled()
	if not _is_due(settings.export_every, last) or log.size() <= _scheduled_to():
		return None
	export = frappe.new_doc(DOCTYPE)
	export.from_date = last.to_date if last else period.first_day()
	export.flags.scheduled = True
	export.update({"to_date": getdate(), "include_rows": 1})
	export.include_payloads = settings.export_with_values
	return export.insert(ignore_permissions=True)  # the schedule asks, which administrators set


def make(first: date, last: date, *, rows: bool, payloads: bool, watch: Watch) -> Document:
	"""An export made here and now, by the user who is logged in."""
	export = frappe.new_doc(DOCTYPE)
	export.flags.run_here = True
	export.update(
		{"from_date": first, "to_date": last, "include_rows": int(rows), "include_payloads": int(payloads)}
	)
	export.insert()
	frappe.db.commit()  # the record stays, also when what it asks for fails
	return run(export.name, watch)


def is_name_of(path: Path, export: Document) -> bool:
	return path.name.startswith("audit-") and path.name.endswith(f"-{export.name}.ndjson.gz")


def absolute(export: Document) -> Path:
	"""Where the file of an export lies."""
	return Path(get_site_path(), export.file_path or "").resolve()


def _write(export: Document, watch: Watch) -> tuple[Written, Export]:
	if not period.is_over(export.to_date):
		period.seal_what_waits()
		if export.include_rows:
			snapshot.prepare()
	frappe.db.commit()  # what is read from here on is of one moment
	of = _period(export)
	made = Export(
		of, rows=bool(export.include_rows), payloads=bool(export.include_payloads), reader=_reader(export)
	)
	total = of.upto - of.after
	return writer.write(made, _file_name(export, of), lambda events: watch(events, total)), made


def _period(export: Document) -> Period:
	if export.scheduled and not period.is_over(export.to_date):
		return period.since(_scheduled_to())
	return period.of_days(getdate(export.from_date), getdate(export.to_date))


def _reader(export: Document) -> Reader | None:
	"""Files of the schedule lie on a disk for years and are for no one person: nothing is opened in them."""
	return None if export.scheduled or not export.include_payloads else Reader(export.requested_by)


def _file_name(export: Document, of: Period) -> str:
	return f"audit-{of.after + 1:012d}-{of.upto:012d}-{export.name}.ndjson.gz"


def _finish(export: Document, written: Written, made: Export) -> None:
	frappe.db.rollback()  # the view of the moment that was exported
	of = made.period
	last = next(log.seals(of.upto - 1, of.upto))
	record(export, "made", {"first": of.after + 1, "last": of.upto, "sha256": written.sha256, **made.counts})
	_note(
		export,
		status="Done",
		message=_told(made),
		first_seq=of.after + 1,
		last_seq=of.upto,
		checkpoint_hash=last.checkpoint_hash,
		file_path=_relative(written.path),
		file_size=written.size,
		file_sha256=written.sha256,
	)


def _note(export: Document, **values) -> None:
	export.flags.course = True
	export.update(values)
	export.save(ignore_permissions=True)  # its course is written by the job, whoever asked for it
	frappe.db.commit()  # each step of a job


def record(export: Document, what: str, detail: dict | None = None) -> None:
	"""That the log left the site."""
	trail.record("export", DOCTYPE, export.name, detail={"what": f"audit log, {what}", **(detail or {})})


def _told(made: Export) -> str:
	counts = made.counts
	told = _("{0} events under {1} checkpoints, {2} events not sealed yet, {3} rows.")
	return told.format(counts["events"], counts["checkpoints"], counts["unsealed"], counts["rows"])


def _relative(path: Path) -> str:
	"""Inside the site as seen from it, so that the site can be moved."""
	site = Path(get_site_path()).resolve()
	path = path.resolve()
	return str(path.relative_to(site) if site in path.parents else path)


def _shown(export: Document) -> Watch:
	def show(events: int, total: int) -> None:
		frappe.publish_progress(
			100 * events / max(total, 1), title=_("Export"), doctype=DOCTYPE, docname=export.name
		)

	return show


def _end_dead() -> None:
	"""What has not come to an end in a day will not: its job was lost."""
	filters = {"status": ("in", ("Queued", "Running")), "creation": ("<", add_days(now_datetime(), -1))}
	for name in frappe.get_all(DOCTYPE, filters, pluck="name", order_by="creation"):
		_note(frappe.get_doc(DOCTYPE, name), status="Failed", message=_("It was stopped before its end."))


def _last_scheduled() -> frappe._dict | None:
	filters = {"scheduled": 1, "status": ("!=", "Failed")}
	found = frappe.get_all(DOCTYPE, filters, ["name", "to_date"], order_by="creation desc", limit=1)
	return found[0] if found else None


def _is_due(every: str, last: frappe._dict | None) -> bool:
	period_of = PERIODS.get(every)
	if not period_of:
		return False
	return last is None or period_of(getdate()) != period_of(getdate(last.to_date))


def _scheduled_to() -> int:
	found = frappe.get_all(
		DOCTYPE, {"scheduled": 1, "status": "Done"}, pluck="last_seq", order_by="last_seq desc", limit=1
	)
	return int(found[0] or 0) if found else 0
