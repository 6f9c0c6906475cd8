"""What content is taken: kinds that the agency allows, known by what they hold; photos without their metadata."""

from contextlib import suppress
from io import BytesIO
from typing import NoReturn

import frappe
from frappe import _
from frappe.core.doctype.file.exceptions import FileTypeNotAllowed, MaxFileSizeReachedError
from frappe.model.document import Document
from PIL import Image

from govcrm.domain.files import kinds
from govcrm.domain.files.cleaning import cleaned
from govcrm.domain.files.faults import Damaged, Refused
from govcrm.files import hanging

PICTURES = {"gif": "GIF", "jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "webp": "WEBP"}


class FileNotTaken(FileTypeNotAllowed):
	"""The content is of no kind that is allowed here."""


class PartOfMailNotTaken(FileNotTaken, MaxFileSizeReachedError):
	"""Frappe keeps a mail without those of its attachments that are too large; so it does without this one."""


def taken(file: Document, raw: bytes) -> bytes:
	"""The content as it may be written. Raises FileNotTaken with words that say what to do."""
	try:
		if is_examined(file):
			return _examined(file.file_name, raw, _declared(file, raw))
		return _cleaned_if_known(file.file_name, raw)
	except Refused as no:
		_refuse(file, _said(no))


def judged(name: str, raw: bytes, declared: str) -> bytes:
	"""The same for content that becomes no File."""
	try:
		return _examined(name, raw, declared)
	except Refused as no:
		frappe.throw(_said(no), FileNotTaken, title=_("File Not Taken"))


def refuse_empty(name: str | None) -> NoReturn:
	message = _("{0} is empty. Attach a file that is not.")
	frappe.throw(
		message.format(frappe.utils.escape_html(name or "")), FileNotTaken, title=_("File Not Taken")
	)


def is_examined(file: Document) -> bool:
	"""Files of scoped records always; others when they come from outside, by anyone who does not manage the site."""
	if hanging.place_of(file):
		return True
	return bool(frappe.request) and "System Manager" not in frappe.get_roles()


def allowed() -> list[str]:
	"""Names of the kinds of files that the agency takes."""
	chosen = frappe.get_cached_value("GovCRM Settings", "GovCRM Settings", "file_kinds")
	return (chosen or "").split() or list(kinds.USUAL)


def _examined(name: str, raw: bytes, declared: str) -> bytes:
	kind = kinds.kind_of(name, raw, declared, allowed())
	_check_picture(name, kind.name, raw)
	try:
		return cleaned(kind.name, raw)
	except Damaged:
		raise Refused("{0} is damaged. Save it anew as {1} and attach it again.", name, kind.name)


def _cleaned_if_known(name: str, raw: bytes) -> bytes:
	"""What managers of the site put up stays as it is where it is none of the kinds we know."""
	with suppress(Refused, Damaged):
		return cleaned(kinds.kind_of(name, raw, allowed=kinds.KINDS).name, raw)
	return raw


def _check_picture(name: str, kind: str, raw: bytes) -> None:
	"""Reads the head alone. A picture that would fill the memory when it is shown is refused before anybody shows it."""
	if kind not in PICTURES:
		return
	try:
		Image.open(BytesIO(raw), formats=[PICTURES[kind]]).close()
	except Image.DecompressionBombError:
		message = "{0} has more than {1} million pixels. Make it smaller and attach it again."
		raise Refused(message, name, str(2 * Image.MAX_IMAGE_PIXELS // 1_000_000))
	except Exception:  # Pillow raises many kinds for what it cannot read
		raise Refused("{0} is damaged. Save it anew as {1} and attach it again.", name, kind)


def _declared(file: Document, raw: bytes) -> str:
	"""What the sender said it is, for content that came in this request."""
	sent = frappe.request.files.get("file") if frappe.request else None
	return sent.mimetype if sent and getattr(frappe.local, "uploaded_file", None) == raw else ""


def _said(no: Refused) -> str:
	return _(no.message).format(*map(frappe.utils.escape_html, no.values))


def _refuse(file: Document, why: str) -> NoReturn:
	is_mail = file.attached_to_doctype == "Communication" and not frappe.request
	if is_mail:
		_tell_of_lost_part(file, why)
	frappe.throw(why, PartOfMailNotTaken if is_mail else FileNotTaken, title=_("File Not Taken"))


def _tell_of_lost_part(file: Document, why: str) -> None:
	"""The mail is kept without it, and whoever works on the case can ask for it in another form."""
	if place := hanging.place_of(file):
		text = _("A mail came with an attachment that was not kept. {0}").format(why)
		frappe.get_doc(place.doctype, place.name).add_comment("Info", text)
