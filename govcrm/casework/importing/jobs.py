"""Runs imports for the form and the command, and keeps what they did as Request Import."""

import hashlib
from dataclasses import asdict, fields
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import fmt_money, get_site_path, now_datetime, strip_html

from govcrm.casework.importing import mappings
from govcrm.casework.importing.faults import ErrorFile
from govcrm.casework.importing.reader import open_csv
from govcrm.casework.importing.runner import RECORD, Run, Tally

UNFINISHED = ("Queued", "Running", "Failed")


def run_file(
	path: Path, mapping: str, *, dry_run: bool = False, errors: Path | None = None, **options
) -> Run:
	"""Import a file that lies on the server, going on where an unfinished import of the same file was stopped.

	`options`: bulk, limit, batch, watch of `Run`. A dry run leaves no record. Returns the run, done.
	Raises ImportRefused.
	"""
	if dry_run:
		run = new_run(path, mapping, errors=ErrorFile(errors), **options)
		run.execute()
		return run
	new_run(path, mapping, errors=ErrorFile(), **options)  # refuses a wrong header before a record is made
	checksum = checksum_of(path)
	record = unfinished(checksum, mapping) or new_record(path.name, mapping)
	return run_record(record, path, dry_run=False, checksum=checksum, **options)


def run_job(record: str, dry_run: bool) -> None:
	"""The background job of the form."""
	path = Path(
		frappe.get_doc("File", {"file_url": frappe.db.get_value(RECORD, record, "file")}).get_full_path()
	)
	run_record(record, path, dry_run=dry_run, watch=lambda tally: publish(record, tally))


def run_record(
	record: str, path: Path, *, dry_run: bool, checksum: str | None = None, **options: object
) -> Run:
	"""Import `path` and keep the outcome in the record, also where it fails."""
	try:
		checksum = checksum or checksum_of(path)
		tally = begin(record, dry_run, checksum)
		errors = ErrorFile(error_path(record), tally.error_size)
		mapping = frappe.db.get_value(RECORD, record, "mapping")
		run = new_run(path, mapping, errors=errors, dry_run=dry_run, record=record, tally=tally, **options)
		run.execute()
	except Exception as error:
		fail(record, error)
		raise
	finish(record, run)
	return run


def new_run(path: Path, mapping: str, **options) -> Run:
	loaded = mappings.load(mapping)
	return Run(open_csv(path, loaded.titles), loaded, **options)


def checksum_of(path: Path) -> str:
	digest = hashlib.sha256()
	with path.open("rb") as file:
		while chunk := file.read(1 << 20):
			digest.update(chunk)
	return digest.hexdigest()


def unfinished(checksum: str, mapping: str) -> str | None:
	filters = {"checksum": checksum, "mapping": mapping, "dry_run": 0, "status": ["in", UNFINISHED]}
	return frappe.db.get_value(RECORD, filters, "name", order_by="creation desc")


def new_record(file_name: str, mapping: str) -> str:
	doc = frappe.get_doc({"doctype": RECORD, "file_name": file_name[:140], "mapping": mapping, "dry_run": 0})
	return doc.insert().name


def begin(record: str, dry_run: bool, checksum: str) -> Tally:
	"""Mark the record as running; what it then holds of an unfinished import of the same file counts on."""
	doc = frappe.get_doc(RECORD, record)
	goes_on = not dry_run and not doc.dry_run and doc.checksum == checksum and doc.status in UNFINISHED
	tally = Tally(**{f.name: doc.get(f.name) or 0 for f in fields(Tally)}) if goes_on else Tally()
	if not goes_on:
		forget_error_file(record)
	keep(
		record,
		status="Running",
		dry_run=int(dry_run),
		checksum=checksum,
		started_at=now_datetime(),
		finished_at=None,
		message=None,
		error_file=None,
		**asdict(tally),
	)
	return tally


def finish(record: str, run: Run) -> None:
	status = "Completed with Errors" if run.tally.rows_failed else "Completed"
	keep(
		record,
		status=status,
		finished_at=now_datetime(),
		message=summary(run),
		error_file=attach_error_file(record) if run.errors.size else None,
		**asdict(run.tally),
	)
	error_path(record).unlink(missing_ok=True)
	publish(record, run.tally)


def fail(record: str, error: Exception) -> None:
	frappe.db.rollback()
	message = strip_html(str(error)) or type(error).__name__
	keep(record, status="Failed", finished_at=now_datetime(), message=message)
	publish(record, None)


def keep(record: str, **values: object) -> None:
	"""Write and commit: the record tells how far a job is while it runs."""
	frappe.db.set_value(RECORD, record, values)
	frappe.db.commit()


def publish(record: str, tally: Tally | None) -> None:
	message = {"name": record, **(asdict(tally) if tally else {})}
	frappe.publish_realtime("request_import", message, doctype=RECORD, docname=record)


def summary(run: Run) -> str:
	"""What was done, in one or two sentences."""
	tally, made = run.tally, run.catalogue.made
	text = (
		_("{0} rows read, {1} can be imported, {2} already here, {3} refused.")
		if run.dry_run
		else _("{0} rows read, {1} imported, {2} already here, {3} refused.")
	)
	parts = [
		text.format(
			*map(grouped, (tally.rows_read, tally.rows_imported, tally.rows_skipped, tally.rows_failed))
		)
	]
	if any(made.values()):
		text = (
			_("{0} programs and {1} departments would be made.")
			if run.dry_run
			else _("{0} programs and {1} departments were made.")
		)
		parts.append(text.format(made["programs"], made["departments"]))
	return " ".join(parts)


def grouped(number: int) -> str:
	return fmt_money(number, precision=0)


def error_path(record: str) -> Path:
	"""Where the refused rows gather until the import has ended."""
	folder = Path(get_site_path("private", "govcrm_import"))
	folder.mkdir(exist_ok=True)
	return folder / f"{record}-refused.csv"


def attach_error_file(record: str) -> str:
	"""Let whoever may read the record download the file."""
	path = error_path(record)
	file = frappe.get_doc({"doctype": "File", "file_name": path.name, "is_private": 1, **attached_to(record)})
	file.content = path.read_bytes()
	file.insert(ignore_permissions=True)  # may import, hence may learn what was refused
	return file.file_url


def forget_error_file(record: str) -> None:
	error_path(record).unlink(missing_ok=True)
	for name in frappe.get_all("File", attached_to(record), pluck="name"):
		frappe.delete_doc("File", name, ignore_permissions=True)  # the outcome of the run before, made by us


def attached_to(record: str) -> dict:
	return {"attached_to_doctype": RECORD, "attached_to_name": record, "attached_to_field": "error_file"}
