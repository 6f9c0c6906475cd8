"""The keys of matters: each its own, wrapped with the master key that lies outside the database (RFC 3394).

A matter is a case, a citizen, a user or a DocType (`govcrm.accountability.trail.subjects`). Destroying its row of
*Audit Key*, or emptying it, makes the values of its events unreadable and leaves every proof as it is.

A matter whose key was destroyed gets a new one with its next event: what is done after a destruction is new, and can be
destroyed in its turn. What stood under the old key stays lost, and row hashes made under it can no longer be compared.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

import frappe
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from govcrm.accountability import folder
from govcrm.accountability.guard.door import writing
from govcrm.accountability.trail import fresh, inserting
from govcrm.domain import sealing
from govcrm.domain.ledger import commitments
from govcrm.domain.ledger.macs import Mac
from govcrm.domain.ledger.rows import row_key
from govcrm.domain.ledger.secret import Secret
from govcrm.domain.ledger.wrapping import unwrap_many, wrap_many

AT_ONCE = 500
MOST_KEPT = 5000  # by a job that goes through more
COLUMNS = ("name", "subject", "wrapped", "master")


class Keys:
	"""What is derived from the key of a matter: `salt` for commitments and row hashes, `cipher` for payloads, `sealed` for what a
	sealed case says."""

	def __init__(self, key: bytes) -> None:
		self.salt = commitments.salt_of(key)
		self.cipher = commitments.cipher_of(key)
		self.sealed = sealing.key_of(key)

	@cached_property
	def aead(self) -> AESGCM:
		return AESGCM(self.cipher)

	@cached_property
	def hash_row(self) -> Mac:
		"""The hash of a row that is written as canonical JSON."""
		return Mac(row_key(self.salt))


class _Row(NamedTuple):
	name: str
	subject: str
	wrapped: str | None
	master: str | None


def of(subject: str, create: bool = True) -> Keys | None:
	"""The keys of a matter. Without `create`, None when it never had any or they were destroyed."""
	return many([subject], create).get(subject)


def many(subjects: Iterable[str], create: bool = False, begun: Collection[str] = ()) -> dict[str, Keys]:
	"""The keys of many matters by a query for each 500. Those without are left out, or with `create` made.

	`begun` are those that have only just begun: their keys are made without looking for older ones first.
	"""
	kept, wanted = _kept(), list(dict.fromkeys(subjects))
	if len(kept) > MOST_KEPT:
		kept.clear()
	found = {subject: kept[subject] for subject in wanted if subject in kept}
	missing = [subject for subject in wanted if subject not in kept]
	for start in range(0, len(missing), AT_ONCE):
		found.update(_read(missing[start : start + AT_ONCE], create, begun))
	_kept().update(found)  # another one, where a savepoint was gone back to meanwhile
	return found


def forget(subject: str | None = None) -> None:
	"""Let go of keys kept for this request: of one matter, or all."""
	kept = _kept()
	kept.clear() if subject is None else kept.pop(subject, None)


def rotate_master(batch: int = AT_ONCE) -> int:
	"""Wrap every key anew with a new master key; gives how many. Leaves and payloads stay as they are.

	Commits after each batch; broken off, it is simply run again. The master key before stays in the folder until the next
	rotation: a transaction under way may yet commit a key that it wrapped with it.
	"""
	newest = folder.new_master()
	done = 0
	while rows := _wrapped_with_others(newest, batch):
		_rewrap(rows, newest)
		done += len(rows)
		frappe.db.commit()  # a batch: broken off, the next run goes on where this one ended
	for master in folder.retired_masters():
		folder.remove_master(master)
	forget()
	return done


def _kept() -> dict[str, Keys]:
	"""Unwrapped keys of this request, and no longer: in other processes they may be destroyed meanwhile."""
	found = getattr(frappe.local, "govcrm_keys", None)
	if found is None:
		found = frappe.local.govcrm_keys = {}
	return found


def _read(subjects: list[str], create: bool, begun: Collection[str]) -> dict[str, Keys]:
	older = [subject for subject in subjects if subject not in begun]
	rows = list(_rows(older)) if older else []
	found = {subject: Keys(key) for subject, key in _unwrapped(rows)}
	emptied = {row.subject: row.name for row in rows if not row.wrapped}
	if create:
		found.update(_make([subject for subject in subjects if subject not in found], emptied))
	return found


def _unwrapped(rows: list[_Row]) -> Iterator[tuple[str, Secret]]:
	"""(matter, key) of those whose key was not destroyed."""
	for master in sorted({row.master for row in rows if row.wrapped}):
		own = [row for row in rows if row.wrapped and row.master == master]
		yield from zip((row.subject for row in own), _unwrap(own, master), strict=True)


def _rows(subjects: list[str], held: bool = False) -> Iterator[_Row]:
	table = frappe.qb.DocType("Audit Key")
	query = frappe.qb.from_(table).select(*[table[column] for column in COLUMNS])
	query = query.where(table.subject.isin(subjects))
	yield from map(
		_Row._make, (query.for_update() if held and frappe.db.db_type != "sqlite" else query).run()
	)


def _make(subjects: list[str], emptied: dict[str, str]) -> dict[str, Keys]:
	if not subjects:
		return {}
	made = {}
	for subject, new in zip(subjects, fresh.take(len(subjects)), strict=True):
		name = emptied.get(subject) or secrets.token_hex(8)
		made[_Row(name, subject, new.wrapped, new.master)] = new.key
	for row in made:
		if row.subject in emptied:
			_refill(row)
	others = _insert([row for row in made if row.subject not in emptied])
	return {row.subject: Keys(others.get(row.subject) or key) for row, key in made.items()}


def _insert(rows: list[_Row]) -> dict[str, Secret]:
	"""New keys, all by one statement. Gives those of matters for which another process was first.

	Always in the same order: two that begin the same matters then wait for one another, and not in a ring.
	"""
	rows = sorted(rows, key=lambda row: row.subject)
	if len(rows) > 1 and inserting.insert_all("Audit Key", COLUMNS, rows):
		return {}
	late = [row for row in rows if inserting.insert_once("Audit Key", row._asdict(), "subject") != row.name]
	others = [next(_rows([row.subject], held=True)) for row in late]
	return {row.subject: _unwrap([row], row.master)[0] for row in others}


def _refill(row: _Row) -> None:
	_set(row.name, row.wrapped, row.master)


def _set(name: str, wrapped: str, master: str) -> None:
	table = frappe.qb.DocType("Audit Key")
	query = frappe.qb.update(table).set(table.wrapped, wrapped).set(table.master, master)
	with writing():
		query.where(table.name == name).run()


def _unwrap(rows: list[_Row], master: str) -> list[Secret]:
	return unwrap_many(folder.master_key(master), [bytes.fromhex(row.wrapped) for row in rows])


def _wrapped_with_others(master: str, batch: int) -> list[_Row]:
	table = frappe.qb.DocType("Audit Key")
	query = frappe.qb.from_(table).select(*[table[column] for column in COLUMNS])
	query = query.where((table.master != master) & table.wrapped.isnotnull() & (table.wrapped != ""))
	query = query.limit(batch)
	return list(map(_Row._make, (query if frappe.db.db_type == "sqlite" else query.for_update()).run()))


def _rewrap(rows: list[_Row], master: str) -> None:
	wrapping = folder.master_key(master)
	for before in {row.master for row in rows}:
		own = [row for row in rows if row.master == before]
		for row, wrapped in zip(own, wrap_many(wrapping, _unwrap(own, before)), strict=True):
			_set(row.name, wrapped.hex(), master)
