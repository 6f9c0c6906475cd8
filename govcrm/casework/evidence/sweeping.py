"""Contents on the disk that nothing needs any more: of transactions that broke off, and of keys that were destroyed."""

import time
from pathlib import Path

import frappe

from govcrm.accountability.trail import keys
from govcrm.casework.evidence import blobs, records
from govcrm.casework.sealed import keyed

SURELY_COMMITTED = 24 * 3600  # seconds: who began to write it before has ended


def remove_orphans() -> int:
	"""Gives how many files there were without a record. One whose key is not there stays: a database may be put back."""
	found = [path for path in _files() if _is_old(path) and not records.row_of(path.name)]
	for path in found:
		path.unlink(missing_ok=True)
	return len(found)


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


def _files() -> list[Path]:
	return list(blobs.folder().iterdir()) if blobs.folder().is_dir() else []


def _is_old(path: Path) -> bool:
	return time.time() - path.stat().st_mtime > SURELY_COMMITTED
