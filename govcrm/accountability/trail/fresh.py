"""New keys for matters, made and wrapped some at a time: alone, wrapping one takes as long as writing an event.

They are nobody's until a matter takes them, and none is taken twice: what a rollback takes back is thrown away, and a forked
process begins with none.
"""

import os
import secrets
import threading
from typing import NamedTuple

import frappe

from govcrm.accountability import folder
from govcrm.domain.ledger.secret import Secret
from govcrm.domain.ledger.wrapping import wrap_many

BYTES = 32
AHEAD = 32


class Fresh(NamedTuple):
	"""A key that nothing was ever written under, and how it stands in the database."""

	key: Secret
	wrapped: str
	master: str


class Stock(NamedTuple):
	wrapping: bytes
	keys: list[Fresh]


_lock = threading.Lock()
_stocks: dict[str, Stock] = {}  # by site


def take(count: int) -> list[Fresh]:
	"""So many new keys, wrapped with the master key in use. Raises KeysMissing."""
	master, wrapping = folder.master()
	if count > AHEAD:
		return _make(count, master, wrapping)
	with _lock:
		stock = _stocks.get(frappe.local.site)
		if stock is None or stock.wrapping != wrapping:  # a key that was rotated wraps no more
			stock = _stocks[frappe.local.site] = Stock(wrapping, [])
		if len(stock.keys) < count:
			stock.keys.extend(_make(AHEAD, master, wrapping))
		return [stock.keys.pop() for _ in range(count)]


def _make(count: int, master: str, wrapping: bytes) -> list[Fresh]:
	keys = [Secret(secrets.token_bytes(BYTES)) for _ in range(count)]
	wrapped = wrap_many(wrapping, keys)
	return [Fresh(key, closed.hex(), master) for key, closed in zip(keys, wrapped, strict=True)]


def _begin_anew() -> None:
	"""Two processes must not give out the same keys, and no thread of the other is here to let go of the lock."""
	global _lock
	_lock = threading.Lock()
	_stocks.clear()


os.register_at_fork(after_in_child=_begin_anew)
