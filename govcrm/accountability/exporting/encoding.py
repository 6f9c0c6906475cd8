"""The bytes of a line, and which of them a verifier reads."""

import json
from typing import Any

import frappe
from pypika.functions import Length

from govcrm.accountability.reconciling import log

LONGEST = 16 * 1024 * 1024  # bytes of a line with its end; the verifier refuses longer ones
SURELY_FITS = (
	LONGEST // 8
)  # of header and payload: escaping and opened values do not make a line eight times as long

Line = dict[str, Any]


def encode(line: Line) -> bytes:
	return (
		json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n"
	)


def fits(line: Line) -> bool:
	"""Whether a verifier reads the line of an event with its values."""
	if len(line["header"]) + len(line["payload"]) <= SURELY_FITS:
		return True
	return len(encode(line)) <= LONGEST


def too_long(after: int, upto: int) -> list[str]:
	"""Events with numbers after and up to these whose values fit in no line: those of some 12 MB and more."""
	table = frappe.qb.DocType(log.EVENT)
	query = frappe.qb.from_(table).select(table.name).where((table.seq > after) & (table.seq <= upto))
	query = query.where(Length(table.header) + Length(table.payload) > SURELY_FITS).orderby(table.seq)
	return [name for name in query.run(pluck=True) if not fits(_line(name))]


def _line(event: str) -> Line:
	found = frappe.db.get_value(log.EVENT, event, ("seq", "header", "payload"), as_dict=True)
	return {"t": "e", **found, "seq": int(found.seq)}
