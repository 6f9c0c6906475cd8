"""Writes the lines of an export into a file, gzip, that nobody else can read and that appears only when it is whole."""

import gzip
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import frappe
from frappe import _
from frappe.utils import get_site_path

from govcrm.accountability.exporting.encoding import encode
from govcrm.accountability.exporting.lines import Export

LEVEL = 6
TOLD_EVERY = 2000  # lines


class Written(NamedTuple):
	path: Path
	size: int
	sha256: str


def folder() -> Path:
	"""Where exports go: as *Audit Settings* say, else beside the private files of the site."""
	configured = frappe.db.get_single_value("Audit Settings", "export_folder")
	path = Path(configured or get_site_path("private", "audit-exports"))
	if configured and not path.is_dir():
		frappe.throw(
			_("The folder {0} for exports is not there. Make it, or change the Audit Settings.").format(path)
		)
	path.mkdir(mode=0o700, parents=True, exist_ok=True)
	return path


def fault_of(configured: str) -> str | None:
	"""Why exports must not be written to this folder."""
	path = Path(configured)
	if not path.is_absolute():
		return _("Enter the whole path of the folder, beginning with a slash.")
	if not path.is_dir() or not os.access(path, os.W_OK):
		return _("There is no folder {0} to which the site may write.").format(path)
	if _is_served(path.resolve()):
		return _("What lies in {0} can be downloaded from the site. Choose another folder.").format(path)
	return None


def _is_served(folder: Path) -> bool:
	"""Files of any site for everybody, and those that Frappe hands out by rules of its own: attachments and backups."""
	handed_out = (Path(get_site_path("private", name)).resolve() for name in ("files", "backups"))
	places = (folder, *folder.parents)
	return any(place in places for place in handed_out) or not {"public", "assets"}.isdisjoint(folder.parts)


def write(export: Export, name: str, tell: Callable[[int], None] = lambda events: None) -> Written:
	"""Write the export under this name. `tell` hears of the number of events every now and then.

	Raises OSError where the disk is full or the folder gone; then no file stays.
	"""
	path = folder() / name
	unfinished = path.with_name(f".{name}.{os.getpid()}")
	try:
		with open(unfinished, "xb", opener=_private) as file:
			_pack(export, file, tell)
			file.flush()
			os.fsync(file.fileno())
		os.replace(unfinished, path)
	finally:
		unfinished.unlink(missing_ok=True)
	return Written(path, path.stat().st_size, digest_of(path))


def _pack(export: Export, file, tell: Callable[[int], None]) -> None:
	# No name and no time in it: the same lines are the same file.
	with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed:
		for number, line in enumerate(export.lines(), 1):
			packed.write(encode(line))
			if number % TOLD_EVERY == 0:
				tell(export.counts["events"])


def digest_of(path: Path) -> str:
	digest = hashlib.sha256()
	with path.open("rb") as file:
		while part := file.read(1 << 20):
			digest.update(part)
	return digest.hexdigest()


def _private(path: str, flags: int) -> int:
	return os.open(path, flags, 0o600)
