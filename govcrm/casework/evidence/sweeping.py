"""Contents on the disk that nothing needs any more: of transactions that broke off, and of keys that were destroyed.

One without a record may also be all that is left of a file whose database was put back from a backup. So it is set aside
first, and destroyed when an agency has had time to put back the database that knows it.
"""

import time
from contextlib import suppress
from pathlib import Path

import frappe
from frappe import _
from frappe.utils import cint

from govcrm.accountability.reconciling import findings
from govcrm.accountability.trail import keys
from govcrm.casework.evidence import blobs, records
from govcrm.casework.sealed import keyed
from govcrm.casework.sweep import telling

DAY = 24 * 3600  # seconds: who began to write it before has ended
DAYS_ASIDE = 30


def sweep() -> None:
	"""Put back what has its record again, destroy what had none for long, and set aside what has none now."""
	for path in blobs.aside():
		if records.row_of(path.name):
			blobs.put_back(path.name)
		elif _is_older(path, days_aside()):
			path.unlink(missing_ok=True)
	old = [path for path in blobs.files(blobs.folder()) if _is_older(path, 1)]
	for path in old:
		if path.name.endswith(blobs.BEGUN):  # its writing broke off, and no record was ever made of it
			path.unlink(missing_ok=True)
	_set_aside([path.name for path in old if _is_lost(path)])


def days_aside() -> int:
	"""After how many days what was set aside is destroyed."""
	found = frappe.db.get_single_value("GovCRM Settings", "evidence_days_aside", cache=False)
	return cint(found) or DAYS_ASIDE


def _set_aside(names: list[str]) -> None:
	for name in names:
		with suppress(FileNotFoundError):
			blobs.set_aside(name)
	if names:
		message = _(
			"Contents of sealed files that have no record were set aside: {0}. If the database was put back from a backup, "
			"put back one that knows them: in {1} days they are destroyed."
		)
		words = message.format(len(names), days_aside())
		telling.tell(frappe.get_cached_doc("Audit Settings"), findings.recipients(), words)


def destroy(subject: str) -> None:
	"""Hook `govcrm_on_shred`: the key of a matter was destroyed, and what was closed with it goes when that is kept."""
	kind, _slash, case = subject.partition("/")
	for row in records.rows_of(case) if kind == "Case" else ():
		frappe.db.after_commit.add(lambda row=row: _destroy(row))


def _destroy(row: frappe._dict) -> None:
	"""Unless the key is there after all: the database may have gone back to a savepoint."""
	keys.forget(f"Case/{row.case}")
	if not keyed.is_kept(row):
		blobs.destroy(row.name)


def _is_lost(path: Path) -> bool:
	return bool(blobs.NAME.fullmatch(path.name)) and not records.row_of(path.name)


def _is_older(path: Path, days: int) -> bool:
	"""By when it came where it lies: what a backup puts back keeps the time of its content (`st_mtime`)."""
	try:
		return time.time() - path.stat().st_ctime > days * DAY
	except FileNotFoundError:  # somebody else was faster
		return False
