"""Hands out the file of an export, a piece at a time: it can be larger than memory."""

from collections.abc import Iterator
from pathlib import Path

import frappe
from frappe import _
from frappe.model.document import Document
from werkzeug.wrappers import Response

from govcrm.accountability.exporting import running

PIECE = 1 << 20


def download(name: str) -> Response:
	"""The answer with the file, for whoever may read the export. Records that it was taken."""
	export = frappe.get_doc(running.DOCTYPE, name)
	export.check_permission("read")
	_require_own(export)
	path = _file_of(export)
	running.record(export, "downloaded", {"sha256": export.file_sha256})
	return _answer(path)


def _require_own(export: Document) -> None:
	"""What was opened for one person is theirs alone; exports of the schedule have nothing opened."""
	if export.include_payloads and not export.scheduled and export.requested_by != frappe.session.user:
		frappe.throw(
			_("This export holds what {0} may see. Make one of your own.").format(export.requested_by),
			frappe.PermissionError,
		)


def _file_of(export: Document) -> Path:
	if export.status != "Done":
		frappe.throw(_("The export is not done yet."))
	path = running.absolute(export)
	if not running.is_name_of(path, export):
		frappe.throw(_("This is not the file of this export."), frappe.PermissionError)
	if not path.is_file():
		frappe.throw(_("The file {0} is not there any more.").format(path), frappe.DoesNotExistError)
	return path


def _answer(path: Path) -> Response:
	answer = Response(_pieces(path), mimetype="application/gzip", direct_passthrough=True)
	answer.headers["Content-Disposition"] = f'attachment; filename="{path.name}"'
	answer.headers["Content-Length"] = str(path.stat().st_size)
	answer.headers["Cache-Control"] = "no-store"
	return answer


def _pieces(path: Path) -> Iterator[bytes]:
	with path.open("rb") as file:
		while piece := file.read(PIECE):
			yield piece
