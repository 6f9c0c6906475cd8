"""Identifiers that sort by the time they were made (https://github.com/ulid/spec)."""

import os
import secrets
import threading
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
RANDOM_BITS = 80
MICROSECOND_BITS = 10  # the first of them, so that processes of one machine agree on who was first
STEP_BITS = 48
_SHIFTS = range(120, -1, -10)

_lock = threading.Lock()
_last = [0]


def new() -> str:
	"""A ULID of 26 characters; in this process each is greater than the one before.

	Within a microsecond, or while the clock has gone back, the number grows by steps of chance: another process, whose clock
	says the same, must not go on alike.
	"""
	with _lock:
		number = _last[0] = max(_of_now(), _last[0] + 1 + secrets.randbits(STEP_BITS))
	return "".join([PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def _of_now() -> int:
	moment, microsecond = divmod(time.time_ns() // 1000, 1000)
	chance = RANDOM_BITS - MICROSECOND_BITS
	return moment << RANDOM_BITS | microsecond << chance | secrets.randbits(chance)


def _begin_anew() -> None:
	"""A forked process follows its clock, whatever the one it came from held on to; and no thread of that one is here."""
	global _lock
	_lock = threading.Lock()
	_last[0] = 0


os.register_at_fork(after_in_child=_begin_anew)
