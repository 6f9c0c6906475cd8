"""Compares the rows that are there with what the log says of them, and looks twice before anything is called a finding.

A page and what the log says of it are read in one transaction; an event is written in the transaction of its change. So
what differs on a page was either changed after the last event that was absorbed, or behind the application's back. A
second look, in a new transaction that also sees the newest events, tells one from the other.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap

from govcrm.accountability.reconciling import live, shapes
from govcrm.accountability.reconciling.live import Column, Page
from govcrm.accountability.reconciling.newer import Newer
from govcrm.accountability.reconciling.shredded import Shredded
from govcrm.accountability.trail import keys
from govcrm.domain.ledger.compare import CHANGED, DELETED, INSERTED, Comparison, Difference, Said, compare
from govcrm.domain.ledger.rows import row_hash

MISSING_COLUMN = "Column Missing"
SPOILED = (InvalidUnwrap, ValueError)  # what is no wrapped key, or not even hexadecimal


class Found(NamedTuple):
	"""A record that is not as the log says. `kind` is that of Audit Finding.

	Without a name it is all records of a DocType, `rows` of them. Of kind MISSING_COLUMN, `name` is that of the column, and
	`rows` records of the DocTypes `within` are out of reach.
	"""

	kind: str
	doctype: str
	name: str
	said: Said | None
	rows: int = 0
	within: tuple[str, ...] = ()


@dataclass
class Result:
	"""`pending` rows await the baseline; `unreadable` ones stood under a key that is gone, that of the matters `keyless`.

	`outdated` are records that nobody changed, of DocTypes that have other fields now: they want a new first event.
	"""

	checked: int = 0
	pending: int = 0
	unreadable: int = 0
	keyless: set[str] = field(default_factory=set)
	outdated: list[Page] = field(default_factory=list)
	found: list[Found] = field(default_factory=list)


@dataclass
class Checker:
	"""`newer` are the events after those absorbed, `complete` the DocTypes whose every row has had an event.

	`fresh` begins a new transaction, which sees what others have committed.
	"""

	newer: Newer
	complete: Callable[[], frozenset[str]]
	fresh: Callable[[], None]
	result: Result = field(default_factory=Result)
	shredded: Shredded = field(default_factory=Shredded)

	def check(self, doctype: str) -> Iterator[Result]:
		"""Compare all records of a DocType; gives the result so far after each page."""
		for page in live.pages(doctype):
			self.check_page(page)
			yield self.result

	def miss(self, doctype: str, rows: int) -> None:
		"""All records of a DocType are gone, with their table: one finding, for they can be a million."""
		self.result.found.append(Found(DELETED, doctype, "", None, rows))

	def miss_column(self, column: Column, within: list[str], rows: int) -> None:
		"""Records cannot be read whole without it, and the log says only what they were as a whole."""
		self.result.found.append(Found(MISSING_COLUMN, *column, None, rows, tuple(within)))

	def check_page(self, page: Page) -> None:
		first = self.compare(page.said(), page)
		self.result.checked += first.checked
		self.result.unreadable += len(first.unreadable)
		self.result.keyless.update(subject for _name, subject in first.unreadable)
		doubtful = [*first.unspoken, *(one.name for one in first.differences)]
		if doubtful:
			self.fresh()
			self.look_again(page, doubtful)

	def compare(self, words: dict[str, Said], page: Page) -> Comparison:
		return self.compare_rows(words, page.live())

	def compare_rows(self, words: dict[str, Said], live_rows: Iterable[tuple[str, Any]]) -> Comparison:
		found = _keys({one.subject for one in words.values()})
		return compare(words, live_rows, lambda subject, row: _hash(found.get(subject), row))

	def look_again(self, page: Page, doubtful: list[str]) -> None:
		"""With the newest events, in a transaction that sees them and the rows together."""
		part = _part(page, doubtful)
		second = self.compare(self.newest_words(part, set(doubtful)), part)
		self.result.unreadable += len(second.unreadable)
		for name in second.unspoken:
			self.judge_unspoken(page.doctype, name)
		changed = {one.name: one.said for one in second.differences if one.kind == CHANGED}
		outdated = self.as_before(part, changed)
		if outdated:
			self.result.outdated.append(_part(page, sorted(outdated)))
		for difference in second.differences:
			if difference.name not in outdated:
				self.judge(page.doctype, difference)

	def newest_words(self, page: Page, names: set[str]) -> dict[str, Said]:
		newest = {name: one for (doctype, name), one in self.newer.said().items() if doctype == page.doctype}
		return {name: one for name, one in {**page.said(), **newest}.items() if name in names}

	def as_before(self, page: Page, words: dict[str, Said]) -> set[str]:
		"""Those that are as the log says by the fields that their DocType had then."""
		found: set[str] = set()
		for old in shapes.earlier(page.doctype) if words else ():
			left = {name: one for name, one in words.items() if name not in found}
			names = _part(page, list(left)).names
			read = ((page.name_in_log(name), row) for name, row in shapes.read_as(page, names, old))
			compared = self.compare_rows(left, read)
			others = {one.name for one in compared.differences} | {name for name, _ in compared.unreadable}
			found |= left.keys() - others
		return found

	def judge_unspoken(self, doctype: str, name: str) -> None:
		if doctype in self.complete():
			self.result.found.append(Found(INSERTED, doctype, name, None))
		else:
			self.result.pending += 1

	def judge(self, doctype: str, difference: Difference) -> None:
		if difference.kind == CHANGED and self.shredded.since(difference.said):
			self.result.unreadable += 1
		else:
			self.result.found.append(Found(difference.kind, doctype, difference.name, difference.said))


def _part(page: Page, shown: list[str]) -> Page:
	"""The same page with only some of its records, given by their names in the log; also such as came after it was read."""
	real = {own: name for name, own in (page.shown or {}).items()}
	return replace(page, names=[real.get(name, name) for name in shown])


def _keys(subjects: set[str]) -> dict[str, keys.Keys]:
	"""The keys of these matters; one that somebody has written over is as good as gone, and hides no other."""
	keys.forget()  # kept for a request; here they would pile up, and may be destroyed meanwhile
	try:
		return keys.many(subjects)
	except SPOILED:
		return {subject: found for subject in subjects if (found := _key(subject))}


def _key(subject: str) -> keys.Keys | None:
	try:
		return keys.of(subject, create=False)
	except SPOILED:
		return None


def _hash(found: keys.Keys | None, row: dict) -> str | None:
	return row_hash(found.salt, row).hex() if found else None
