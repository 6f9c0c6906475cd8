"""Acts: what a stretch of code does, told with the verb, reason and action of its doer.

Events are written at once. Within an act they are kept until it ends, so that one statement writes them and a record
that was saved twice leaves one event. What is kept never outlives or loses the change it tells of: it is written before
a savepoint is set and before a commit, and dropped when the database takes the changes back.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document

from govcrm.accountability.trail import entries, rows, state, writer
from govcrm.accountability.trail.entries import Entry

PLAIN = "update"
MOST_REMEMBERED = 500  # records, by a job that goes through many


class Frame(NamedTuple):
	verb: str | None  # None: it names nothing
	reason: str | None
	action: str | None
	on: tuple[str, str] | None


class Pending:
	"""The acts that are under way in this request, the entries they have yet to write, and how records stood last."""

	def __init__(self) -> None:
		self.frames: list[Frame] = []
		self.entries: dict[Any, Entry] = {}
		self.last: dict[tuple, dict | None] = {}


def record(
	verb: str,
	doctype: str | None = None,
	name: str | None = None,
	*,
	doc: Document | None = None,
	before: dict | None = None,
	after: dict | None = None,
	**more: Any,
) -> str | None:
	"""Append one event; gives its name, None where the trail is not set up.

	`doc` stands for its DocType, its name and its row as it is in memory. `before` and `after` are canonical rows. More
	may be rows, reason, action, outcome, detail and subject: see `Entry`.
	"""
	if not state.ready():
		return None
	if doc is not None:
		entry = entries.of_document(verb, doc, before=before, after=after or rows.of(doc), **more)
	else:
		entry = Entry(verb, doctype, name, before=before, after=after, **more)
	return record_many([entry])[0]


def record_many(given: Iterable[Entry]) -> list[str]:
	"""Append events by one statement, after those that an act still keeps; gives their names."""
	given = list(given)
	if not given or not state.ready():
		return []
	flush()
	return _write({entry.id: entry for entry in given})


@contextmanager
def act(
	verb: str, reason: str | None = None, action: str | None = None, on: Document | None = None
) -> Iterator[None]:
	"""Name what is captured within: of the record `on`, or of every record when none is given.

	Acts may lie in one another; the innermost that speaks of a record names it. When the outermost ends, what was kept is
	written with one statement. After an error it is written before the next commit, unless a rollback came first.
	"""
	with _within(Frame(verb, reason, action, on and (on.doctype, str(on.name)))):
		yield


@contextmanager
def together() -> Iterator[None]:
	"""Write what is captured within by one statement, with the verbs it has anyway. Also a decorator."""
	with _within(Frame(None, None, None, None)):
		yield


@contextmanager
def _within(frame: Frame) -> Iterator[None]:
	pending = _pending()
	pending.frames.append(frame)
	try:
		yield
	finally:
		pending.frames.pop()
	if not pending.frames:
		flush()


def capture(entry: Entry) -> None:
	"""Take an entry that a save, a deletion or a changed value gave: write it now, or when its act ends."""
	pending = _pending()
	if len(pending.last) >= MOST_REMEMBERED:
		pending.last.clear()
	pending.last[entry.key] = entry.after
	if frame := _frame_for(pending, entry.key):
		entry = _named(entry, frame)
	if not pending.frames:
		flush()
		_write({entry.key: entry})
	else:
		_keep(pending, entry)


def names(key: tuple[str, str]) -> bool:
	"""Whether an act under way speaks of this record: it then leaves an event even when no field changes."""
	return any(frame.on == key for frame in _pending().frames)


def is_behind(key: tuple[str, str], before: dict | None) -> bool:
	"""Whether a record was changed in other hands while a document of it, that began as `before`, was being saved."""
	last = _pending().last
	return key in last and last[key] != before


def flush() -> None:
	"""Write what acts have kept."""
	pending = _pending()
	if pending.entries:
		kept, pending.entries = pending.entries, {}
		_write(kept)


def drop() -> None:
	"""Forget what acts have kept: the database has taken back what it tells of."""
	_pending().entries.clear()


def _write(entries: dict[Any, Entry]) -> list[str]:
	"""Whoever catches what is raised here may commit the change: its events are then tried again, and refuse the commit.

	Not after a dead-lock, with which the database has taken the change back.
	"""
	try:
		return writer.write(list(entries.values()))
	except Exception as error:
		if not _is_deadlock(error):
			_pending().entries = {**entries, **_pending().entries}
			frappe.db.before_commit.add(flush)
		raise


def _is_deadlock(error: Exception) -> bool:
	if isinstance(error, frappe.db.OperationalError):
		return frappe.db.is_deadlocked(error)
	return isinstance(error, frappe.QueryDeadlockError)


def _pending() -> Pending:
	found = getattr(frappe.local, "govcrm_trail_pending", None)
	if found is None:
		found = frappe.local.govcrm_trail_pending = Pending()
	return found


def _frame_for(pending: Pending, key: tuple) -> Frame | None:
	return next((frame for frame in reversed(pending.frames) if frame.verb and frame.on in (None, key)), None)


def _named(entry: Entry, frame: Frame) -> Entry:
	entry.verb = frame.verb
	entry.reason, entry.action = entry.reason or frame.reason, entry.action or frame.action
	return entry


def _keep(pending: Pending, entry: Entry) -> None:
	if not pending.entries:
		frappe.db.before_commit.add(flush)
	earlier = pending.entries.get(entry.key)
	if earlier and earlier.before and earlier.after and entry.verb == "create":
		_keep_first(pending, entry)
		return
	if earlier and _is_one(earlier, entry):
		entry = _merged(earlier, entry)
	elif earlier:
		pending.entries[earlier.id] = pending.entries.pop(entry.key)
	pending.entries[entry.key] = entry


def _keep_first(pending: Pending, made: Entry) -> None:
	"""What followed from the making of a record, while it was being made, is told after that."""
	later = [entry for entry in pending.entries.values() if entry.key == made.key]
	made.after, later[-1].after = later[0].before, made.after
	order = sorted((entry.id, entry.at) for entry in (made, *later))
	for entry, (own, moment) in zip((made, *later), order, strict=True):
		entry.id, entry.at = own, moment
	pending.entries = {made.id: made, **pending.entries}


def _is_one(earlier: Entry, later: Entry) -> bool:
	"""Whether two entries for a record tell of one act: a save that says no more than that, or the same verb again."""
	if earlier.rows is not None or later.rows is not None or not (earlier.after and later.after):
		return False
	return earlier.verb == later.verb or PLAIN in (earlier.verb, later.verb)


def _merged(earlier: Entry, later: Entry) -> Entry:
	"""One entry of two for the same record: from the first state to the last."""
	earlier.after = later.after
	earlier.secrets = (*earlier.secrets, *later.secrets)
	earlier.reason, earlier.action = later.reason or earlier.reason, later.action or earlier.action
	earlier.verb = later.verb if earlier.verb == PLAIN else earlier.verb
	return earlier
