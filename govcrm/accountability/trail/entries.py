"""One act as it is given to the writer, before it becomes an event."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from frappe.model.document import Document

from govcrm.accountability.trail import rows as canonical
from govcrm.accountability.trail import ulid
from govcrm.accountability.trail.governed import governed


@dataclass
class Entry:
	"""An act on a record.

	`before` and `after` are canonical rows (`trail.rows`), None where the record was not there or is gone. `rows` are
	those an event covers when they are more than this one: (doctype, name, canonical row or None); the row may be written
	already (`trail.bulk`). Without it the event
	covers the record itself when `after` or `before` is given, and nothing when neither is: a read, a refusal, a log-in.
	`detail` holds what else is worth knowing, as text or whole numbers. `subject` overrides whose key it stands under.
	`secrets` are fields of which it is told that they changed, and nothing else.
	`values` decide where the record belongs; without them the rows do. `begins`: the matter does, with this act.
	"""

	verb: str
	doctype: str | None = None
	name: str | None = None
	before: Mapping | None = None
	after: Mapping | None = None
	rows: Iterable[tuple[str, str, Mapping | bytes | None]] | None = None
	reason: str | None = None
	action: str | None = None
	outcome: str = "Success"
	detail: Mapping[str, Any] | None = None
	subject: str | None = None
	secrets: tuple[str, ...] = ()
	values: Mapping[str, Any] | None = None
	begins: bool = False
	id: str = field(default_factory=ulid.new)
	at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

	def __repr__(self) -> str:
		"""Without reasons and values: Frappe keeps local variables of what failed, and so beyond a destruction of keys."""
		return f"<Entry {self.id}: {self.verb} {self.doctype} {self.name}>"

	@property
	def is_beginning(self) -> bool:
		"""Whether its matter begins with it, so that nobody is likely to have made the key of it."""
		return self.begins or bool(self.doctype == "Case" and self.after and not self.before)

	@property
	def key(self) -> tuple[str | None, str | None]:
		return self.doctype, self.name

	def covered(self) -> list[tuple[str, str, Mapping | bytes | None]]:
		"""(doctype, name, canonical row or None) of the records whose state the event fixes."""
		if self.rows is not None:
			return list(self.rows)
		if self.doctype in governed().told or not (self.before or self.after):
			return []
		return [(self.doctype, self.name, self.after)]

	def placing(self) -> Mapping[str, Any]:
		"""The values by which the record's place is found."""
		if self.values is not None:
			return self.values
		return (self.after or self.before or {}).get("fields", {})


def of_document(verb: str, doc: Document, **more: Any) -> Entry:
	"""An entry for a document as it stands in memory."""
	more.setdefault("after", canonical.of(doc))
	return Entry(verb, doc.doctype, str(doc.name), **more)


def let_go(doctype: str, name: str, before: Mapping, after: Mapping) -> Entry:
	"""An entry for a satellite that hangs on no covered record any more: the last that is told of it."""
	rows = [(doctype, name, None)]
	return Entry("update", doctype, name, before=before, after=after, rows=rows, values=before["fields"])
