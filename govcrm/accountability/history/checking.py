"""Whether an event is what was sealed: checked here, by this site, which says what that proves and what it does not."""

import json
from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, strip_html

from govcrm.accountability.history.sight import Reader
from govcrm.accountability.sealing import proofs
from govcrm.accountability.trail import keys, payload
from govcrm.domain.ledger import canonical, checkpoint, commitments, headers, leaf


def check(event: Mapping[str, Any], reader: Reader) -> list[dict[str, Any]]:
	"""[{label, ok, says}] for a whole row of *Audit Event*; `ok` is None for what cannot be compared."""
	try:
		header = headers.read(event["header"])
	except canonical.NotCanonical as error:
		return [_result(_("Header"), False, "", _("It is not canonical JSON: {0}").format(error))]
	wrong = headers.differing(header, event)
	return [
		_check_leaf(event),
		_check_columns(wrong),
		_check_values({} if "payload" in wrong else openings(event, header, reader), header),
		*_check_seal(event),
	]


def _check_leaf(event: Mapping[str, Any]) -> dict[str, Any]:
	ok = leaf.leaf_hash(event["header"].encode()).hex() == event["leaf"]
	return _result(_("Leaf"), ok, _("It is the hash of the header."), _("It is not the hash of the header."))


def _check_columns(wrong: list[str]) -> dict[str, Any]:
	meta = frappe.get_meta("Audit Event")
	names = ", ".join(_(meta.get_label(column)) for column in wrong)
	says = _("What lists and filters show, and the encrypted values, are what the header names.")
	return _result(_("Columns"), not wrong, says, _("These differ from the header: {0}.").format(names))


def _check_values(opened: dict[str, dict[str, Any]], header: dict) -> dict[str, Any]:
	"""Only what the reader may see is opened; of the rest the check says nothing."""
	label = _("Values shown to you")
	if not opened:
		return {"label": label, "ok": None, "says": _("None are shown to you, so none were compared.")}
	ok = all(_opens(header["commitments"][path], one) for path, one in opened.items())
	bad = _("They are not what the header committed to.")
	return _result(label, ok, _("They are what the header committed to."), bad)


def openings(event: Mapping[str, Any], header: dict, reader: Reader) -> dict[str, dict[str, Any]]:
	"""{path: {value, key}} of what the reader may see. A key opens one value, and tells nothing of the others."""
	own = keys.of(header["subject"], create=False)
	values = payload.read(event) if own else None
	return {
		path: {"value": value, "key": commitments.key_for(own.salt, header["id"], path).hex()}
		for path, value in (values or {}).items()
		if path in header["commitments"] and reader.may_see(header, path)
	}


def _opens(commitment: str, opened: dict[str, Any]) -> bool:
	return commitments.opens(bytes.fromhex(commitment), bytes.fromhex(opened["key"]), opened["value"])


def _check_seal(event: Mapping[str, Any]) -> list[dict[str, Any]]:
	label = _("Place in the log")
	if not cint(event["seq"]):
		return [{"label": label, "ok": None, "says": _("Not sealed yet. Try again in a minute.")}]
	try:
		proof = proofs.inclusion(event["name"])
	except proofs.NoProof as error:
		frappe.clear_last_message()
		return [_result(label, False, "", strip_html(str(error)))]
	says = _("It is event {0} of the {1} under the newest checkpoint.").format(event["seq"], proof["size"])
	return [_result(label, True, says, ""), _check_signature(proof)]


def _check_signature(proof: dict) -> dict[str, Any]:
	key = json.loads(proof["checkpoint"])["key"]
	ok = checkpoint.verify(proof["public_key"], proof["checkpoint"].encode(), proof["signature"])
	bad = _("The checkpoint was not signed with the key it names, {0}.").format(key)
	return _result(_("Signature"), ok, _("The checkpoint is signed with the key {0}.").format(key), bad)


def _result(label: str, ok: bool, good: str, bad: str) -> dict[str, Any]:
	return {"label": label, "ok": bool(ok), "says": good if ok else bad}


def verdict(results: list[dict[str, Any]]) -> str:
	"""What such a check is worth."""
	if any(result["ok"] is False for result in results):
		return _(
			"This event was changed in the database. Tell the auditor, and change nothing until it is known why."
		)
	return _(
		"This site checked its own database: that shows that nobody changed the event in passing, and not that the site "
		"is honest. For that, download the proof and compare its checkpoint with one that was kept elsewhere, by an "
		"anchor, an export or a colleague."
	)
