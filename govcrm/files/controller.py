"""The class of Frappe's DocType File.

A class and not doc events: Frappe writes content to the disk, and looks for other Files of the same content, before any
event is run; and downloads ask the class alone.
"""

import mimetypes
import zipfile
from functools import partial
from hashlib import sha256
from pathlib import Path

import frappe
from frappe import _
from frappe.core.api.file import get_max_file_size
from frappe.core.doctype.file.file import File
from frappe.model.document import Document
from frappe.utils import call_hook_method, cint, get_hook_method

from govcrm.access.silence import no_word
from govcrm.casework.sealed import keeping
from govcrm.files import addresses, hanging, taking

PLACE = ("attached_to_doctype", "attached_to_name")


class GovernedFile(File):
	"""Every content has an address and a fingerprint of its own; what hangs on a scoped record is private for good."""

	def before_insert(self) -> None:
		if self.flags.given_back:
			self.flags.address = self.file_url
			return
		self.refuse_foreign_place()
		keeping.refuse_file(self)
		self.forget_what_only_we_say()
		self.settle_address()
		super().before_insert()
		self.flags.address = self.file_url

	def validate(self) -> None:
		self.keep_what_only_we_say()
		self.keep_place()
		self.keep_address()
		self.keep_private()
		if not self.flags.given_back:
			super().validate()

	def set_is_private(self) -> None:
		super().set_is_private()
		if hanging.place_of(self):
			self.is_private = 1

	# what hangs where ------------------------------------------------------------------------------------
	def refuse_foreign_place(self) -> None:
		if not self.flags.ignore_permissions and not hanging.may_attach(self):
			frappe.throw(_("You may not attach files to this record."), frappe.PermissionError)

	def keep_place(self) -> None:
		"""Taken off its case, a file could be made public."""
		before = self.get_doc_before_save()
		if not before or all(before.get(field) == self.get(field) for field in PLACE):
			return
		if hanging.place_of(before) or hanging.place_of(self):
			frappe.throw(_("A file stays with its record. Upload it to the other record as well."))

	def keep_private(self) -> None:
		if not hanging.place_of(self) or self.is_folder:
			return
		before = self.get_doc_before_save()
		if before and before.is_private and not cint(self.is_private):
			frappe.throw(_("Files of this record stay private."), frappe.PermissionError)
		self.is_private = 1

	# where content lies ----------------------------------------------------------------------------------
	def forget_what_only_we_say(self) -> None:
		"""With the fingerprint or the small picture of another File, this one would move or delete that one's content."""
		self.content_hash = self.thumbnail_url = None

	def keep_what_only_we_say(self) -> None:
		before = self.get_doc_before_save()
		self.thumbnail_url = before.thumbnail_url if before else None
		if before and not self.flags.address:
			self.content_hash = before.content_hash

	def settle_address(self) -> None:
		"""New content gets an address of its own. An address that was given is joined, or its content copied."""
		self.file_url = None if self.is_folder or self.content else addresses.plain(self.file_url)
		if addresses.is_local(self.file_url):
			self.join(self.file_url)
		elif not (self.file_url or self.content or self.is_folder):
			taking.refuse_empty(self.file_name)  # Frappe would take its name for an address

	def join(self, address: str) -> None:
		rows = addresses.rows_at(address)
		# An older function of Frappe's writes the content first, and then makes the File.
		if rows or not self.flags.ignore_permissions:
			addresses.require_readable(address, rows)
		if rows:
			self.file_name = self.file_name or rows[0].file_name
			self.content_hash, self.file_size = rows[0].content_hash, rows[0].file_size
		hangs = bool(hanging.place_of(self))
		if not hangs and any(map(hanging.place_of, rows)):
			addresses.refuse_taking_out()
		if hangs:
			self.copy_from(address, is_nobodys=not rows)
		else:
			self.flags.joins = True

	def copy_from(self, address: str, is_nobodys: bool) -> None:
		path = addresses.path_of(address)
		if not path.is_file():
			addresses.refuse()
		self.file_name = self.file_name or path.name
		self.content, self.decode, self.file_url = path.read_bytes(), False, None
		if is_nobodys:
			frappe.db.after_commit.add(partial(path.unlink, missing_ok=True))

	def keep_address(self) -> None:
		"""Of a File that is there, only Frappe's own move between private and public changes the address."""
		before = self.get_doc_before_save()
		known = self.flags.address or (before and before.file_url)
		if (self.file_url or None) == (known or None):
			return
		self.file_url = addresses.plain(self.file_url)
		if self.is_folder or not before or not self.file_url:
			addresses.refuse()
		rows = addresses.rows_at(self.file_url)
		if any(map(hanging.place_of, (before, *rows))):
			addresses.refuse()
		addresses.require_readable(self.file_url, rows)
		self.content_hash = rows[0].content_hash if rows else None

	def validate_remote_file(self) -> None:
		"""Frappe takes the site's name off here, after the address has been settled."""

	def get_full_path(self) -> str:
		"""A link is never a path, by whatever name of this site: Frappe would read the file of whoever it belongs to."""
		return self.file_url if self.is_remote_file and self.file_url else super().get_full_path()

	# content ---------------------------------------------------------------------------------------------
	def save_file(
		self,
		content: bytes | str | None = None,
		decode: bool = False,
		ignore_existing_file_check: bool = False,
		overwrite: bool = False,
	) -> dict | None:
		"""As Frappe's, but content is judged and cleaned before it is written, and never shared for being alike."""
		if self.is_remote_file or self.flags.joins:
			return None
		if not self.flags.new_file:
			self.flags.original_content = self.get_content()
		if content:
			self.content, self.decode = content, decode
			self.get_content()
		if not self._content:
			return None
		self.is_private = cint(self.is_private)
		self.content_type = mimetypes.guess_type(self.file_name)[0]
		self.check_max_file_size()
		self._content = taking.taken(self, _as_bytes(self._content))
		super().validate_file_extension()
		self.file_size = len(self._content)
		return self.write_own(overwrite)

	def validate_file_extension(self) -> None:
		"""Later, when the content has been looked at: our words say what to do."""

	def write_own(self, overwrite: bool) -> dict:
		call_hook_method("before_write_file", file_size=self.file_size)
		if not (overwrite and addresses.is_local(self.file_url)):
			self.file_url = addresses.unguessable(self.file_name, bool(self.is_private))
		write = get_hook_method("write_file")
		written = write(self) if write else self.save_file_on_filesystem()
		self.content_hash = fingerprint(self.file_url, self._content)
		self.flags.address = self.file_url
		return written

	def save_file_on_filesystem(self) -> dict:
		path = self.write_file()
		return {"file_name": Path(path).name, "file_url": self.file_url}

	def _delete_file_on_disk(self) -> None:
		"""Content goes with the last File at its address, whatever else is like it."""
		if self.flags.goes_with_commit:
			frappe.db.after_commit.add(partial(addresses.clear, self.name, self.file_url, self.thumbnail_url))
			return
		stays = self.flags.joins or not addresses.is_local(self.file_url)
		others = {"file_url": self.file_url, "name": ("!=", self.name)}
		self.delete_file_data_content(only_thumbnail=bool(stays or frappe.db.exists("File", others)))

	# of a case that is sealed, or opened again (govcrm.casework.evidence.moving): the File stays what it was ---------------
	def after_insert(self) -> None:
		if not self.flags.given_back:
			super().after_insert()

	def add_comment_in_reference_doc(self, comment_type: str, text: str) -> None:
		if not self.flags.goes_with_commit:
			super().add_comment_in_reference_doc(comment_type, text)

	# doors -----------------------------------------------------------------------------------------------
	def is_downloadable(self) -> bool:
		"""Asked for each download. The database may find a File by an address that differs in case: not that one's content."""
		asked = frappe.request.path if frappe.request else ""
		if self.is_folder or (asked.startswith(addresses.PRIVATE) and asked != self.file_url):
			return False
		with no_word():
			return bool(super().is_downloadable()) and hanging.may_see(self)

	def unzip(self) -> list[Document]:
		self.check_permission("write")
		with zipfile.ZipFile(self.get_full_path()) as archive:
			if sum(part.file_size for part in archive.filelist) > get_max_file_size():
				frappe.throw(_("Unpacked, this is larger than a file may be. Upload its parts one by one."))
		return super().unzip()

	@frappe.whitelist(methods=["POST", "PUT"])
	def optimize_file(self) -> None:
		self.reload()  # what the request says of it may be another File's address
		self.check_permission("write")
		if len(addresses.rows_at(self.file_url)) > 1:
			frappe.throw(_("Other records use this file as well, so it stays as it is."))
		super().optimize_file()


def require_class(doc: Document, method: str | None = None) -> None:
	"""Doc event of File: where another app has put its own class in this one's place, cases take no files."""
	if not isinstance(doc, GovernedFile) and hanging.place_of(doc):
		frappe.throw(
			_(
				"Another app has replaced how files are kept. Files of cases cannot be taken until it is removed."
			)
		)


def fingerprint(address: str, content: bytes) -> str:
	"""Of the content, and of its address: Frappe takes Files of one fingerprint for one content, and moves them together."""
	return _fingerprint(address, sha256(content))


def fingerprint_of(address: str, path: Path) -> str:
	"""The same, of content that may be larger than memory."""
	found = sha256()
	with path.open("rb") as file:
		while piece := file.read(1 << 20):
			found.update(piece)
	return _fingerprint(address, found)


def _fingerprint(address: str, content) -> str:
	return f"sha256:{content.hexdigest()}:{sha256(address.encode()).hexdigest()[:32]}"


def _as_bytes(content: bytes | str) -> bytes:
	return content.encode() if isinstance(content, str) else content
