"""Identifiers that sort by the time they were made (https://github.com/ulid/spec)."""

import secrets
import threading
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_BITS = 80
STEP_BITS = 48

_lock = threading.Lock()
_last = [0, 0]


def new() -> str:
	"""A ULID of 26 characters; in this process each is greater than the one before.

	Within a millisecond, or while the clock has gone back, the random part grows by steps of chance: processes that were
	forked from one another begin with the same number and must not go on alike.
	"""
	with _lock:
		moment = max(time.time_ns() // 1_000_000, _last[0])
		fresh = secrets.randbits(RANDOM_BITS - 1)
		_last[1] = _last[1] + 1 + secrets.randbits(STEP_BITS) if moment == _last[0] else fresh
		_last[0] = moment
		number = moment << RANDOM_BITS | _last[1]
	return "".join([ALPHABET[number >> shift & 31] for shift in range(125, -1, -5)])
