"""The sealed log as it stands in the database: events, checkpoints and keys, read in order and in bulk."""

import json
from collections.abc import Iterator

import frappe
from frappe.utils import cint

from govcrm.accountability import folder
from govcrm.domain.ledger import checkpoint, headers
from govcrm.domain.ledger.replay import Entry, Seal, Start, trusted

EVENT, SEAL, SIGNING_KEY = "Audit Event", "Audit Seal", "Audit Signing Key"
PAGE = 5000
SEAL_FIELDS = ("size", "root", "previous", "checkpoint_hash", "checkpoint", "signature", "frontier")
OF_ENTRY = ("seq", "header", "leaf", "payload", "at_utc", *headers.COLUMNS.values())


def removed_to() -> int:
	"""Up to which number events were removed from the site, lawfully and for good."""
	return cint(frappe.db.get_single_value("Audit Settings", "removed_to_seq", cache=False))


def size() -> int:
	"""How many events the newest checkpoint covers."""
	table = frappe.qb.DocType(SEAL)
	newest = frappe.qb.from_(table).select(table.size).orderby(table.size, order=frappe.qb.desc).limit(1)
	return int((newest.run(pluck=True) or [0])[0])


def numbered_beyond(size: int) -> int:
	"""How many events have a number that no checkpoint covers. The sealer gives both in one transaction."""
	return frappe.db.count(EVENT, {"seq": (">", size)})


def entries(after: int, upto: int) -> Iterator[Entry]:
	"""Events with numbers after and up to these, in order. Each page is a query of its own."""
	seq, name = after + 1, ""
	while page := _page(seq, name, upto):
		yield from map(_entry, page)
		seq, name = int(page[-1][0]), page[-1][OF_ENTRY.index("name")]


def _page(seq: int, name: str, upto: int) -> list[tuple]:
	"""By number and name: a log that was tampered with may hold a number twice."""
	table = frappe.qb.DocType(EVENT)
	query = frappe.qb.from_(table).select(*(table[field] for field in OF_ENTRY))
	query = query.where((table.seq >= seq) & (table.seq <= upto) & ((table.seq > seq) | (table.name > name)))
	return query.orderby(table.seq).orderby(table.name).limit(PAGE).run()


def _entry(row: tuple) -> Entry:
	columns = dict(zip(OF_ENTRY, row, strict=True))
	return Entry(int(columns["seq"]), columns["header"] or "", columns["leaf"] or "", columns)


def seals(after: int, upto: int) -> Iterator[Seal]:
	"""Checkpoints of sizes after and up to these, in order."""
	while page := _seal_page(after, upto):
		yield from map(_seal, page)
		after = int(page[-1][0])


def _seal_page(after: int, upto: int) -> list[tuple]:
	table = frappe.qb.DocType(SEAL)
	query = frappe.qb.from_(table).select(*(table[field] for field in SEAL_FIELDS))
	return query.where((table.size > after) & (table.size <= upto)).orderby(table.size).limit(PAGE).run()


def _seal(row: tuple) -> Seal:
	size, root, previous, digest, body, signature, frontier = row
	return Seal(
		int(size), root or "", previous or "", digest or "", body or "", signature or "", _hashes(frontier)
	)


def _hashes(frontier: str | None) -> list[str]:
	try:
		return [str(part) for part in json.loads(frontier or "[]")]
	except (TypeError, ValueError):
		return []


def start_at(size: int, keys: dict[str, str]) -> Start | None:
	"""Where reading can go on behind this many events; None where their checkpoint is not there or not signed."""
	if not size:
		return Start()
	seal = next(seals(size - 1, size), None)
	if not seal or not _is_sound(seal, keys):
		return None
	body = seal.checkpoint.encode()
	return Start(seal.size, seal.frontier, checkpoint.hash_of(body), json.loads(body)["time"])


def _is_sound(seal: Seal, keys: dict[str, str]) -> bool:
	try:
		said = json.loads(seal.checkpoint)
		public = keys[said["key"]]
	except (KeyError, TypeError, ValueError):
		return False
	signed = checkpoint.verify(public, seal.checkpoint.encode(), seal.signature)
	return signed and (said["size"], said["root"]) == (seal.size, seal.root)


def keys(first: str | None) -> dict[str, str]:
	"""Public keys that may sign, by id: the first one of the log and those put in force by one of them.

	`first` is what was remembered outside the database; without it, the oldest whose private key lies in the folder.
	"""
	fields = ["name", "public_key", "valid_from_size", "endorsed_by", "endorsement"]
	found = frappe.get_all(SIGNING_KEY, fields=fields, order_by="valid_from_size, creation")
	return trusted(found, folder.log_id(), first or _oldest(found))


def _oldest(found: list[frappe._dict]) -> str:
	mine = {path.stem.removeprefix("sealing-") for path in folder.folder().glob("sealing-*.pem")}
	return next((key.name for key in found if not key.endorsed_by and key.name in mine), "")
