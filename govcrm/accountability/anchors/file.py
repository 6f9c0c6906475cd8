"""A file on another disk or mount to which one line is appended for each checkpoint.

Where the file system can, make the file append-only (`chattr +a`) or the mount write-once: the app only ever appends.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import frappe
from frappe import _

from govcrm.accountability.anchors import receipts
from govcrm.accountability.anchors.checkpoints import Checkpoint, newest
from govcrm.accountability.anchors.kinds import AnchorError, Claim, Kind, Receipt
from govcrm.faults import Fault

LONGEST_LINE = 64 * 1024  # bytes; ours have about 600


class File(Kind):
	def faults(self) -> Iterator[Fault]:
		if not self.anchor.path or not Path(self.anchor.path).is_absolute():
			yield Fault("path", _("Enter the whole path of a file or folder, beginning with a slash."))
		elif _inside_bench(Path(self.anchor.path).resolve()):
			yield Fault("path", _("Choose a place outside the bench, best on another disk or mount."))
		elif not self._folder().is_dir() or not os.access(self._folder(), os.W_OK):
			yield Fault(
				"path", _("There is no folder {0} to which the site may write.").format(self._folder())
			)

	def claims(self) -> Iterator[Claim]:
		line = _last_line(self.path())
		said = _checkpoint_in(line)
		if line and said is None and not receipts.last(self.anchor.name):
			frappe.throw(_("{0} holds something else. Choose a new file.").format(self.path()), AnchorError)
		if said:
			text = said["checkpoint"].encode()
			yield Claim(json.loads(text)["size"], sha256(text).hexdigest(), str(self.path()))

	def losses(self) -> Iterator[str]:
		last = receipts.last(self.anchor.name)
		if last and not _still_holds(frappe.parse_json(last.receipt)):
			words = _("The anchor file no longer holds the checkpoint of {0} events that was written to it.")
			yield words.format(last.size)

	def deliver(self, checkpoint: Checkpoint) -> Receipt:
		path = self.path(checkpoint)
		line = checkpoint.line().encode()
		offset = _append(path, line)
		place = {"file": str(path), "offset": offset, "sha256": sha256(line).hexdigest(), "length": len(line)}
		return Receipt(json.dumps(place, sort_keys=True), _("Line appended to {0}.").format(path))

	def worry(self) -> str:
		here = os.stat(frappe.get_site_path()).st_dev
		folder = self._folder()
		if folder.is_dir() and folder.stat().st_dev == here:
			return _("The anchor file lies on the same disk as the site. Choose another mount.")
		return ""

	def path(self, checkpoint: Checkpoint | None = None) -> Path:
		"""The file itself; in a folder it is named by the log, so that many sites may share one."""
		path = Path(self.anchor.path).resolve()
		checkpoint = checkpoint or newest()
		if path.is_dir() and checkpoint:
			return path / f"checkpoints-{checkpoint.origin}.ndjson"
		return path

	def _folder(self) -> Path:
		path = Path(self.anchor.path or "/").resolve()
		return path if path.is_dir() else path.parent


def _inside_bench(path: Path) -> bool:
	"""Lines could be appended to code or settings there; and what lies beside the site is put back with it."""
	bench = Path(frappe.utils.get_bench_path()).resolve()
	site = Path(frappe.get_site_path()).resolve()
	return any(path == place or place in path.parents for place in (bench, site))


def _append(path: Path, line: bytes) -> int:
	"""Append the line and have it on the disk. Returns where it begins, in bytes."""
	handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
	try:
		fcntl.flock(handle, fcntl.LOCK_EX)
		size = os.fstat(handle).st_size
		start = b"\n" if size and os.pread(handle, 1, size - 1) != b"\n" else b""
		_write_all(handle, start + line + b"\n")
		os.fsync(handle)
	finally:
		os.close(handle)
	_sync_folder(path.parent)
	return size + len(start)


def _write_all(handle: int, data: bytes) -> None:
	while data:
		data = data[os.write(handle, data) :]


def _sync_folder(folder: Path) -> None:
	"""A new file is there after a crash only once its folder is written too."""
	handle = os.open(folder, os.O_RDONLY)
	try:
		os.fsync(handle)
	finally:
		os.close(handle)


def _still_holds(place: dict) -> bool:
	try:
		with open(place["file"], "rb") as file:
			file.seek(place["offset"])
			return sha256(file.read(place["length"])).hexdigest() == place["sha256"]
	except FileNotFoundError:
		return False


def _last_line(path: Path) -> bytes:
	if not path.is_file():
		return b""
	with open(path, "rb") as file:
		file.seek(max(0, path.stat().st_size - LONGEST_LINE))
		return file.read().strip().rpartition(b"\n")[2]


def _checkpoint_in(line: bytes) -> dict | None:
	"""What one of our lines says, or None if it is none of ours."""
	try:
		said = json.loads(line)
		return said if isinstance(json.loads(said["checkpoint"])["size"], int) else None
	except (ValueError, KeyError, TypeError):
		return None
