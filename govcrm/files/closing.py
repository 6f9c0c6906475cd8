"""Files that hung on scoped records before there was a rule for them: made private, each with content of its own."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

import frappe

from govcrm.access.satellites.references import satellites, scoped
from govcrm.files import addresses, hanging
from govcrm.files.controller import fingerprint

FINGERPRINT = "sha256:"


def close_all() -> int:
	"""Returns how many there were to close. Doing it again finds none."""
	return sum(map(close, list(_files())))


def close(file: dict) -> bool:
	"""Gives the file an address that nobody knows, if it was public or shared, and a fingerprint that no other has."""
	if not addresses.is_local(file.file_url) or not hanging.place_of(file):
		return False
	is_shared = len(addresses.rows_at(file.file_url)) > 1
	if file.file_url.startswith(addresses.PRIVATE) and file.is_private and not is_shared:
		if (file.content_hash or "").startswith(FINGERPRINT):
			return False
		address = file.file_url
	else:
		address = _moved(file)
	_tell(file, address)
	return True


def _files() -> Iterator[dict]:
	fields = [*addresses.FIELDS, "attached_to_field"]
	for doctype in (*scoped(), *satellites()):
		yield from frappe.get_all("File", {"attached_to_doctype": doctype, "is_folder": 0}, fields)


def _moved(file: dict) -> str:
	"""The new address, with a copy of the content. The old one goes after the commit, if nobody else uses it."""
	old, address = file.file_url, addresses.unguessable(file.file_name or Path(file.file_url).name, True)
	if (path := addresses.path_of(old)).is_file():
		copy = addresses.path_of(address)
		copy.write_bytes(path.read_bytes())
		frappe.db.after_rollback.add(partial(copy.unlink, missing_ok=True))
		frappe.db.after_commit.add(partial(_remove, old))
	return address


def _remove(address: str) -> None:
	if not addresses.rows_at(address):
		addresses.path_of(address).unlink(missing_ok=True)


def _tell(file: dict, address: str) -> None:
	path = addresses.path_of(address)
	mark = fingerprint(address, path.read_bytes()) if path.is_file() else None
	frappe.db.set_value("File", file.name, {"file_url": address, "is_private": 1, "content_hash": mark})
	if address != file.file_url:
		_follow_in_field(file, address)
		_follow_in_comments(file, address)


def _follow_in_field(file: dict, address: str) -> None:
	doctype, name, field = file.attached_to_doctype, file.attached_to_name, file.attached_to_field
	has_field = field and frappe.get_meta(doctype).has_field(field)
	if has_field and frappe.db.get_value(doctype, name, field) == file.file_url:
		frappe.db.set_value(doctype, name, field, address)


def _follow_in_comments(file: dict, address: str) -> None:
	"""Frappe notes each attachment in a comment, with a link."""
	place = {"reference_doctype": file.attached_to_doctype, "reference_name": file.attached_to_name}
	for comment in frappe.get_all("Comment", place, ("name", "content")):
		text = comment.content or ""
		for old, new in ((file.file_url, address), (quote(file.file_url), quote(address))):
			text = text.replace(f"'{old}'", f"'{new}'").replace(f'"{old}"', f'"{new}"')
		if text != (comment.content or ""):
			frappe.db.set_value("Comment", comment.name, "content", text)
