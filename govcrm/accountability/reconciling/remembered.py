"""What the last reconciliation saw of the log, kept in the folder of keys: outside the database.

Whoever puts back an older database, or cuts off the end of the log with all that points to it, cannot put this back with
it. It is a help for the site itself; proof for others are the anchors.
"""

import json
import os
from dataclasses import asdict, dataclass

import frappe

from govcrm.accountability import folder
from govcrm.accountability.reconciling import log

FILE = "reconciled.json"


@dataclass(frozen=True)
class Memory:
	"""The newest checkpoint that was found sound, and the id of the first signing key of the log."""

	log: str = ""
	first_key: str = ""
	size: int = 0
	root: str = ""


def read() -> Memory:
	"""What is remembered of this log; nothing when there is no file, or one of another log."""
	try:
		memory = Memory(**json.loads((folder.folder() / FILE).read_text()))
	except (OSError, TypeError, ValueError):
		return Memory()
	return memory if memory.log == folder.log_id() else Memory()


def write(memory: Memory) -> None:
	"""Replace what was remembered, all of it or nothing."""
	path = folder.folder() / FILE
	draft = path.with_suffix(f".{os.getpid()}")
	handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
	with os.fdopen(handle, "w") as file:
		json.dump(asdict(memory), file)
		file.flush()
		os.fsync(file.fileno())
	draft.replace(path)


def largest_known() -> int:
	"""The size that the log had at least, by all that speaks of it: the file, anchors, exports, earlier runs."""
	told = (
		("Audit Anchor Receipt", "size"),
		("Audit Anchor", "last_size"),
		("Audit Export", "last_seq"),
		("Audit Reconciliation", "log_size"),
	)
	return max(read().size, *(_largest(doctype, field) for doctype, field in told))


def is_contradicted() -> bool:
	"""Whether the log has a checkpoint of the remembered size with another root, or has passed it without one."""
	memory = read()
	seal = next(log.seals(memory.size - 1, memory.size), None) if memory.size else None
	if seal:
		return seal.root != memory.root
	return log.removed_to() < memory.size <= log.size()


def _largest(doctype: str, field: str) -> int:
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select(table[field]).where(table[field].isnotnull())
	return int((query.orderby(table[field], order=frappe.qb.desc).limit(1).run(pluck=True) or [0])[0] or 0)
