"""Addresses of files on this site: their one form, and who may use one that exists."""

import re
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote

import frappe
from frappe import _
from frappe.core.doctype.file.file import URL_PREFIXES
from frappe.core.doctype.file.file import has_permission as may_by_frappe
from frappe.utils import get_files_path, get_url

from govcrm.access.silence import no_word
from govcrm.files import hanging

PRIVATE = "/private/files/"
LOCAL = ("/files", "/private/files")
PLAIN = re.compile(r"/(?:private/)?files/(?!\.{1,2}$)[^/\\%?#\x00-\x1f\x7f]+")
UNFIT = re.compile(r"[/\\%?#\x00-\x1f\x7f]")
FIELDS = (
	"name",
	"owner",
	"file_name",
	"file_url",
	"file_size",
	"is_private",
	"content_hash",
	"attached_to_doctype",
	"attached_to_name",
)
LONGEST_STEM = 100  # bytes, so that the name with its random part fits every file system


def plain(address: str | None) -> str:
	"""The one form of an address: of another site as it is, of this one as a path. What could mean two things is refused."""
	address = unquote(address or "")
	if "/files/" in address:
		address = address.removeprefix(get_url())
	if not address or address.startswith(URL_PREFIXES):
		return address
	if not PLAIN.fullmatch(address):
		refuse()
	return address


def is_local(address: str | None) -> bool:
	return (address or "").startswith(LOCAL)


def unguessable(file_name: str, is_private: bool) -> str:
	"""A new address with 128 random bits; the name that people gave stays readable in it."""
	path = Path(UNFIT.sub("_", file_name))
	stem = path.stem.encode()[:LONGEST_STEM].decode(errors="ignore").strip(". ") or "file"
	return f"{PRIVATE if is_private else '/files/'}{stem}-{secrets.token_hex(16)}{path.suffix[:16]}"


def path_of(address: str) -> Path:
	is_private = address.startswith(PRIVATE)
	return Path(get_files_path(address.partition("/files/")[2], is_private=is_private))


def rows_at(address: str) -> list[dict]:
	"""The Files at the address, of whomever."""
	return frappe.get_all("File", {"file_url": address, "is_folder": 0}, FIELDS)


def clear(name: str, *addresses: str | None) -> None:
	"""Remove the contents of a File that is gone, unless others use them: after the commit, for the database may go back."""
	if frappe.db.exists("File", name):
		return
	for address in filter(is_local, addresses):
		if not rows_at(address):
			path_of(address).unlink(missing_ok=True)


def require_readable(address: str, rows: Iterable[dict]) -> None:
	"""Whoever names an address must be able to read every File at it, for naming it makes the content theirs too."""
	if frappe.session.user == "Administrator":
		return
	if not rows and address.startswith(PRIVATE):
		refuse()  # as if it were somebody's: whose it was is not known
	if not all(may_read(row) for row in rows):
		refuse()


def may_read(row: dict) -> bool:
	file = frappe.get_doc("File", row.name)
	with no_word():  # what it hangs on was not named by who asks
		return bool(may_by_frappe(file, "read")) and hanging.may_see(file)


def refuse() -> NoReturn:
	message = _("This is no address of a file that you may use. Upload the file itself.")
	frappe.throw(message, frappe.PermissionError, title=_("File Not Taken"))


def refuse_taking_out() -> NoReturn:
	"""A copy elsewhere would stay with who made it when the case is closed to them."""
	message = _("A file of a case stays with cases: name the record of the case that it is to hang on.")
	frappe.throw(message, frappe.PermissionError, title=_("File Not Taken"))
