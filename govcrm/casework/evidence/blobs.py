"""The contents of evidence on the disk: one file each, closed chunk by chunk, named as its record.

They lie in a folder of the private files, so that Frappe's backups hold them. No address leads there: Frappe serves a private
file where a File has its address, and no File has one with a folder in it (`govcrm.files.addresses`).
"""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

import frappe
from frappe.utils import get_files_path

from govcrm.domain import sealed_stream

FOLDER, BEGUN, ASIDE = "govcrm-evidence", ".begun", "set-aside"
NAME = re.compile(r"[0-9a-z]{10,64}")


def folder() -> Path:
	return Path(get_files_path(FOLDER, is_private=1))


def path_of(name: str) -> Path:
	if not NAME.fullmatch(name):
		raise ValueError("no name of a file of evidence")
	return folder() / name


def place_aside(name: str) -> Path:
	"""Where a content lies that has no record: within the folder, so that backups hold it too."""
	return path_of(name).parent / ASIDE / name


def write(name: str, key: bytes, pieces: Iterable[bytes], about: str) -> None:
	"""All of it or nothing; gone again when the transaction is taken back. Never over a file that is there."""
	folder().mkdir(mode=0o700, parents=True, exist_ok=True)
	path = path_of(name)
	begun = path.with_name(name + BEGUN)
	frappe.db.after_rollback.add(partial(path.unlink, missing_ok=True))
	try:
		_write(begun, sealed_stream.close(key, pieces, about))
		begun.rename(path)
	finally:
		begun.unlink(missing_ok=True)
	_settle()


def read(name: str, key: bytes, about: str) -> Iterator[bytes]:
	"""The content, chunk by chunk, seen to be whole before the first is given. Raises sealed_stream.Changed and OSError."""
	put_back(name)
	file = path_of(name).open("rb")
	try:
		for _chunk in sealed_stream.open_closed(key, file, about):
			pass
	except BaseException:
		file.close()
		raise
	return _read_again(file, key, about)


def remove(names: Iterable[str]) -> None:
	"""When the transaction is kept."""
	for name in names:
		frappe.db.after_commit.add(partial(remove_unneeded, name))


def remove_unneeded(name: str) -> None:
	"""Unless its record is there after all: the database may have gone back to a savepoint."""
	if not frappe.db.exists("Sealed Evidence", name):
		destroy(name)


def destroy(name: str) -> None:
	path_of(name).unlink(missing_ok=True)
	place_aside(name).unlink(missing_ok=True)


def set_aside(name: str) -> None:
	place = place_aside(name)
	place.parent.mkdir(mode=0o700, exist_ok=True)
	path_of(name).rename(place)


def put_back(name: str) -> None:
	"""Where it lay before it was set aside, if it was. What a backup has put there meanwhile is the same content."""
	place, path = place_aside(name), path_of(name)
	with suppress(FileNotFoundError):  # somebody else was faster
		if path.exists():
			place.unlink()
		else:
			place.rename(path)


def files(within: Path) -> list[Path]:
	return [path for path in within.iterdir() if path.is_file()] if within.is_dir() else []


def aside() -> list[Path]:
	"""What was set aside and is there still."""
	return files(folder() / ASIDE)


def _read_again(file: BinaryIO, key: bytes, about: str) -> Iterator[bytes]:
	with file:
		file.seek(0)
		yield from sealed_stream.open_closed(key, file, about)


def _write(path: Path, pieces: Iterable[bytes]) -> None:
	handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
	with os.fdopen(handle, "wb") as file:
		file.writelines(pieces)
		file.flush()
		os.fsync(file.fileno())


def _settle() -> None:
	"""The name is on the disk too before the record says that it is there."""
	handle = os.open(folder(), os.O_RDONLY)
	try:
		os.fsync(handle)
	finally:
		os.close(handle)
