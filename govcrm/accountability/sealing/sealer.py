"""Seals committed events. No request waits for it: it holds no row that a request writes.

One sealer works at a time: it holds the row of the DocType Audit Seal, and a second one waits for it or comes back
later. Should both ever build on the same checkpoint, `previous` is unique and the database refuses one of them.

A transaction that commits late is no matter: whatever has no number yet gets the next one, in the order of ids, so there
is never a "last id" to be behind of. The time of a checkpoint is never before that of the one before, nor before that of
an event in it: when the clock of the machine goes back, checkpoints bear the latest time until the clock has caught up.
"""

import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple

import frappe
from frappe import _
from pypika import Case

from govcrm import compat
from govcrm.accountability import folder
from govcrm.accountability.guard import writing
from govcrm.accountability.sealing import damage, signing, tiles, times, tree
from govcrm.casework.importing.writer import insert_many
from govcrm.domain.ledger import canonical, checkpoint, headers

EVENT, SEAL = "Audit Event", "Audit Seal"
LIMIT = 2000
IN_STATEMENT = 100
READ = (
	"name",
	"seq",
	"header",
	"leaf",
	"payload",
	"at_utc",
	*(c for c in headers.COLUMNS.values() if c != "name"),
)
WRITTEN = (
	"name",
	"owner",
	"creation",
	"modified",
	"modified_by",
	"size",
	"events",
	"root",
	"previous",
	"checkpoint",
	"checkpoint_hash",
	"frontier",
	"signing_key",
	"signature",
	"sealed_at_utc",
)


class Seal(NamedTuple):
	"""A checkpoint just made: its name, how many events the log holds, how many of them are new."""

	name: str
	size: int
	events: int
	root: str
	checkpoint_hash: str


class Overtaken(Exception):
	"""Another sealer made a checkpoint since this transaction began. Try again in a new one."""


class Broken(frappe.ValidationError):
	"""The numbers of the log are not those that were sealed. To seal over it would be to sign what is known to be wrong."""


def seal(limit: int = LIMIT) -> Seal | None:
	"""Seal up to `limit` events that have no number yet, and sign a checkpoint; None where none waits.

	All in the running transaction: the caller commits, or takes all of it back. Raises Overtaken, Broken, or
	folder.KeysMissing.
	"""
	compat.lock_row("DocType", SEAL)
	last = tree.newest(locked=True)
	if last != tree.newest():
		raise Overtaken
	log = tree.after(last)
	events = _next(log.tree.size, limit)
	if not events:
		return None
	_same_log(log)
	_tell_damage(log, events)
	return _append(log, events)


def run(*, every: float = 0, seconds: float = 0, watch: Callable[[Seal], None] | None = None) -> int:
	"""Seal everything that waits, in transactions of its own. Gives the number of events sealed.

	With `every`, look again after so many seconds for as long as events keep coming and `seconds` have not passed.
	"""
	ends, total = time.monotonic() + seconds, 0
	while True:
		sealed = _everything(watch)
		total += sealed
		if not (sealed and every and time.monotonic() + every < ends):
			return total
		time.sleep(every)


def follow(every: float, watch: Callable[[Seal], None] | None = None) -> None:
	"""Seal every so many seconds, until the process is stopped."""
	while True:
		run(watch=watch)
		time.sleep(every)


def pause() -> int:
	"""Seconds between two checkpoints, as *Audit Settings* say. 0: once a minute will do."""
	return frappe.get_cached_doc("Audit Settings").seal_seconds or 0


def unsealed() -> int:
	"""How many committed events wait."""
	return frappe.db.count(EVENT, {"seq": 0})


def _everything(watch: Callable[[Seal], None] | None) -> int:
	total = 0
	while sealed := _in_own_transaction():
		total += sealed.events
		if watch:
			watch(sealed)
	return total


def _in_own_transaction() -> Seal | None:
	"""One checkpoint, or None where nothing waits or another sealer is at work."""
	frappe.db.rollback()  # jobs and commands come here, with nothing of theirs written
	waits = frappe.db.exists(EVENT, {"seq": 0})
	frappe.db.rollback()  # what is read from here on is read after the lock, and shows what the sealer before did
	try:
		sealed = seal() if waits else None
	except (Overtaken, frappe.QueryDeadlockError, frappe.QueryTimeoutError):
		frappe.db.rollback()
		return None
	except Broken as broken:
		_tell_broken(broken)
		raise
	frappe.db.commit()  # one checkpoint, one transaction
	return sealed


def _tell_broken(broken: Broken) -> None:
	frappe.db.rollback()
	damage.tell([(SEAL, "", str(broken))])
	frappe.db.commit()  # the finding, which must not go with what failed


def _next(size: int, limit: int) -> list[dict]:
	"""Events with numbers beyond the newest checkpoint, where somebody removed checkpoints; else those without one."""
	table = frappe.qb.DocType(EVENT)
	query = frappe.qb.from_(table).select(*(table[field] for field in READ)).limit(limit)
	beyond = query.where(table.seq > size).orderby(table.seq).run(as_dict=True)
	if beyond and [event.seq for event in beyond] != list(range(size + 1, size + 1 + len(beyond))):
		message = _(
			"The audit log has a gap after event {0}. It is not sealed over; see what the verifier says."
		)
		frappe.throw(message.format(size), Broken)
	return beyond or query.where(table.seq == 0).orderby(table.name).run(as_dict=True)


def _same_log(log: tree.Log) -> None:
	if log.origin and log.origin != folder.log_id():
		frappe.throw(_("The key folder {0} is that of another log.").format(folder.folder()), Broken)


def _tell_damage(log: tree.Log, events: list[dict]) -> None:
	origin = folder.log_id()
	found = [(SEAL, f"{log.tree.size:012d}", log.damage)] if log.damage else []
	if events[0].seq:
		found.append((SEAL, f"{log.tree.size:012d}", "The checkpoints after this one were removed."))
	checked = ((event.name, damage.of_event(event, tree.leaf_of(event.header), origin)) for event in events)
	damage.tell(found + [(EVENT, name, wrong) for name, wrong in checked if wrong])


def _append(log: tree.Log, events: list[dict]) -> Seal:
	leaves = [tree.leaf_of(event.header) for event in events]
	with writing():
		_number([event.name for event in events if not event.seq], log.tree.size + 1)
		_require_numbers(log.tree.size, len(events))
		tiles.keep(tiles.finished(log.tree, leaves))
		for leaf in leaves:
			log.tree.append(leaf)
		return _write(log, len(events), _time(log, events))


def _number(names: Iterable[str], first: int) -> None:
	"""Give the events their numbers, in few statements that find each row by its name and so hold no other."""
	table, numbered = frappe.qb.DocType(EVENT), iter(enumerate(names, first))
	while part := list(islice(numbered, IN_STATEMENT)):
		number = Case()
		for place, name in part:
			number = number.when(table.name == name, place)
		query = frappe.qb.update(table).set(table.seq, number)
		query.where(table.name.isin([name for _place, name in part])).run()


def _require_numbers(size: int, events: int) -> None:
	"""The database has the numbers that are about to be signed, each once."""
	given = frappe.db.count(EVENT, {"seq": ["between", (size + 1, size + events)]})
	if given != events:
		message = _(
			"{0} of {1} events took the number they were given. Nothing is sealed; see what the verifier says."
		)
		frappe.throw(message.format(given, events), Broken)


def _time(log: tree.Log, events: list[dict]) -> str:
	"""An event that claims to be of another day draws no checkpoint after it: the verifier shall find it."""
	acts = (times.of(event.at_utc) for event in events)
	return max([times.now(), log.time, *(at for at in acts if at < times.tomorrow())])


def _write(log: tree.Log, events: int, at: str) -> Seal:
	key, private = signing.active()
	size, root = log.tree.size, log.tree.root().hex()
	body = checkpoint.body(
		origin=folder.log_id(), size=size, root=root, time=at, previous=log.previous, key=key
	)
	sealed = Seal(f"{size:012d}", size, events, root, checkpoint.hash_of(body))
	frontier = canonical.dumps([one.hex() for one in log.tree.frontier]).decode()
	now, user = frappe.utils.now(), frappe.session.user
	row = (
		sealed.name,
		user,
		now,
		now,
		user,
		size,
		events,
		root,
		log.previous,
		body.decode(),
		sealed.checkpoint_hash,
	)
	signed = (frontier, key, checkpoint.sign(private, body), times.stored(at))
	insert_many(SEAL, WRITTEN, [row + signed])
	return sealed
