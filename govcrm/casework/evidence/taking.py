"""A file that somebody puts up on a sealed case: judged and cleaned as any file of a case, and never written as it came."""

import re

import frappe
from frappe import _
from frappe.core.api.file import get_max_file_size
from werkzeug.datastructures import FileStorage

from govcrm.accountability import trail
from govcrm.casework.evidence import records
from govcrm.casework.sealed import showing
from govcrm.domain.ledger.secret import Secret
from govcrm.files import taking

UNFIT = re.compile(r"[/\\\x00-\x1f\x7f]+")
LONGEST = 140  # characters of a name, as File has it


def put_up(case: str, sent: FileStorage | None, note: str | None) -> str:
	"""The name of the Sealed Evidence. Throws PermissionError as for a case that is not there, FileNotTaken with what to do."""
	showing.readable(case, "write")
	if records.hold(case) != "Sealed":
		showing.turn_back(case)
	if not sent or not sent.filename:
		frappe.throw(_("Choose a file."), frappe.MandatoryError)
	name = name_of(sent.filename)
	raw = taking.judged(name, _read(name, sent), sent.mimetype)
	note = (note or "").strip() or None
	said = {"file_name": name, "kind": sent.mimetype, "note": note, "place": ("Case", case)}
	evidence = records.make(case, {**said, **_by_whom()}, [Secret(raw)])
	_tell(case, evidence)
	return evidence


def name_of(said: str) -> str:
	"""What the sender calls it, without folders; its ending stays where it is too long."""
	name = UNFIT.sub("_", re.split(r"[/\\]", said)[-1]).strip() or "file"
	stem, dot, ending = name.rpartition(".")
	ending = f"{dot}{ending[:16]}" if stem else ""
	return (stem or name)[: LONGEST - len(ending)] + ending


def _read(name: str, sent: FileStorage) -> Secret:
	raw, longest = Secret(sent.stream.read(get_max_file_size() + 1)), get_max_file_size()
	if not raw:
		taking.refuse_empty(name)
	if len(raw) > longest:
		message = _(
			"{0} is larger than {1} MB, the most that a file may be. Make it smaller, or put it up in parts."
		)
		frappe.throw(message.format(frappe.utils.escape_html(name), longest >> 20), taking.FileNotTaken)
	return raw


def _by_whom() -> records.Words:
	return {"by": frappe.session.user, "at": frappe.utils.now()}


def _tell(case: str, evidence: str) -> None:
	"""With the fingerprint: the log vouches for what was put up."""
	said = records.said_of(records.row_of(evidence))
	detail = {key: said[key] for key in ("file_name", "size", "sha256", "note") if said.get(key)}
	trail.record("add evidence", "Case", case, detail={"evidence": evidence, **detail})
