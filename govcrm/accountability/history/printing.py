"""A history on paper: a PDF that names the checkpoint under which its events stand, and the proofs that go with it."""

import json
from typing import Any

import frappe
from frappe import _
from frappe.utils.pdf import get_pdf

from govcrm.accountability import trail
from govcrm.accountability.history import checking, timeline, words
from govcrm.accountability.history.reading import Wanted, count_of, events_of
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.history.telling import Teller
from govcrm.accountability.sealing import proofs, signing

MOST = 1000  # events on one print: some hundred pages
TEMPLATE = "govcrm/templates/history.html"
SEAL = ("size", "root", "sealed_at_utc", "signing_key", "checkpoint", "checkpoint_hash", "signature")


def pdf(doctype: str, name: str, filters: dict) -> bytes:
	"""The history as the reader sees it, with the number and leaf of each event. Printing it is an event itself."""
	reader, wanted, rows = _gathered(doctype, name, filters)
	html = frappe.render_template(TEMPLATE, _facts(doctype, name, wanted, rows, Teller(reader)))
	content = _pdf_of(html)
	_record(doctype, name, "PDF", rows)
	return content


def bundle(doctype: str, name: str, filters: dict) -> dict[str, Any]:
	"""Inclusion proofs of the same events under one checkpoint, with openings of the values that the reader may see.

	{v, kind, checkpoint, signature, public_key, size, root, events: [{seq, header, index, leaf, proof, open}], unsealed}.
	Taking it is an event itself.
	"""
	reader, _wanted, rows = _gathered(doctype, name, filters)
	size = signing.sealed_size()  # one checkpoint for all, though the log goes on
	sealed = [row for row in rows if 0 < row.seq <= size]
	found = [of_event(row, reader, size) for row in sealed]
	shared = ("checkpoint", "signature", "public_key", "size", "root")
	_record(doctype, name, "JSON", rows)
	return {
		"v": proofs.VERSION,
		"kind": "history",
		"of": [doctype, name],
		**({key: found[0][key] for key in shared} if found else {}),
		"events": [{key: one[key] for key in one if key not in shared} for one in found],
		"unsealed": [row.name for row in rows if row not in sealed],
	}


def of_event(event: dict, reader: Reader, size: int | None = None) -> dict[str, Any]:
	"""The inclusion proof of one event, with openings of what the reader may see. Raises proofs.NoProof."""
	header = json.loads(event["header"])
	opened = checking.openings(event, header, reader)
	return {**proofs.inclusion(event["name"], size), "seq": int(event["seq"]), "open": opened}


def _gathered(doctype: str, name: str, filters: dict) -> tuple[Reader, Wanted, list[dict]]:
	reader = timeline.checked_reader(doctype, name)
	wanted = timeline.wanted_of(filters, reader.may_see_reads(doctype, name))
	found = count_of(doctype, name, wanted)
	if found > MOST:
		frappe.throw(
			_("These are {0} events, and a print holds {1}. Choose a shorter period.").format(found, MOST)
		)
	return reader, wanted, events_of(doctype, name, wanted, limit=MOST)


def _facts(doctype: str, name: str, wanted: Wanted, rows: list[dict], teller: Teller) -> dict[str, Any]:
	acts = list(timeline.acts_of(rows, teller))
	people = teller.names.people()  # before anybody who was only asked for is looked up
	return {
		"doctype": doctype,
		"name": name,
		"acts": acts,
		"people": people,
		"count": len(rows),
		"unsealed": sum(not row.seq for row in rows),
		"wanted": wanted,
		"person": teller.person(wanted.actor),
		"act_wanted": wanted.verb and words.said(wanted.verb),
		"seal": _newest_seal(),
		"printed_by": frappe.utils.get_fullname(),
		"printed_at": frappe.utils.format_datetime(frappe.utils.now_datetime()),
		"zone": frappe.utils.get_system_timezone(),
	}


def _newest_seal() -> dict | None:
	found = frappe.get_all("Audit Seal", fields=list(SEAL), order_by="size desc", limit=1)
	return found[0] if found else None


def _pdf_of(html: str) -> bytes:
	try:
		return get_pdf(html, {"page-size": "A4", "margin-left": "12mm", "margin-right": "12mm"})
	except OSError:
		frappe.log_error("A history could not be printed")
		message = _(
			"The PDF could not be made: wkhtmltopdf is missing on the server, or failed. Take the proofs as JSON."
		)
		frappe.throw(message, title=_("No PDF"))


def _record(doctype: str, name: str, form: str, rows: list[dict]) -> None:
	detail = {"what": "history", "format": form, "events": len(rows)}
	trail.record("export", doctype, name, detail=detail)
