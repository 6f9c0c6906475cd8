"""Reference numbers of requests, cases and citizens, made without a shared counter.

`SR-26326-7K3M9QZW4`: prefix, two-digit year and day of the year, 40 random bits in Crockford's base 32
(https://www.crockford.com/base32.html: no I, L, O, U) and one check character of the same alphabet, so that a
reference can be read over the phone, and typed again without regard to case, hyphens, spaces, O/0 or I/L/1.

The check character makes the reference, read as a polynomial over GF(32), vanish at a primitive element. Every
single wrong character and every exchange of two characters is caught, adjacent or not, because all weights in use
are non-zero and differ; ISO 7064 MOD 37,2 promises the same only with a 37th character (`*`) nobody can dictate.
The prefix counts as well: a valid request number is no valid case number.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 8
BITS = 5 * RANDOM_CHARACTERS

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_FIELD_POLYNOMIAL = 0b100101  # x^5 + x^2 + 1, primitive over GF(2)
_MISREAD = str.maketrans("OIL", "011")
_NOISE = re.compile(r"[\s\-\u2010-\u2015\u2212._/]+")
_SHAPE = re.compile(rf"([{ALPHABET}]{{1,8}})([0-9]{{5}})([{ALPHABET}]{{{RANDOM_CHARACTERS + 1}}})")


def new_reference(prefix: str, moment: datetime, randbits: Callable[[int], int]) -> str:
	"""Return a new reference.

	`prefix`: 1 to 8 characters of the alphabet. `moment`: gives year and day. `randbits`: such as
	`secrets.randbits`; takes a number of bits, returns an integer below two to that power.
	Raises ValueError for a prefix outside the alphabet.
	"""
	if not 1 <= len(prefix) <= 8 or not set(prefix) <= set(ALPHABET):
		raise ValueError(f"a prefix is 1 to 8 characters of {ALPHABET}")
	day, body = moment.strftime("%y%j"), _encode(randbits(BITS))
	return f"{prefix}-{day}-{body}{check_character(prefix + day + body)}"


def check_character(payload: str) -> str:
	"""Return the character to append to `payload`, which holds characters of the alphabet only."""
	return ALPHABET[_times_root(_evaluate(payload))]


def normalise_reference(text: str) -> str | None:
	"""Return the canonical form of what was typed, or None if it has not the shape of a reference.

	The check character is not looked at: `is_valid_reference` does that.
	"""
	squeezed = _NOISE.sub("", unicodedata.normalize("NFKC", text[:64])).upper().translate(_MISREAD)
	if not (found := _SHAPE.fullmatch(squeezed)):
		return None
	return "-".join(found.groups())


def is_valid_reference(text: str, prefix: str | None = None) -> bool:
	"""Tell whether `text` reads as a reference whose check character is right, of `prefix` if one is given."""
	reference = normalise_reference(text)
	if not reference or (prefix and not reference.startswith(f"{prefix}-")):
		return False
	return _evaluate(reference.replace("-", "")) == 0


def _encode(number: int) -> str:
	shifts = range(BITS - 5, -1, -5)
	return "".join(ALPHABET[(number >> shift) & 31] for shift in shifts)


def _evaluate(text: str) -> int:
	total = 0
	for character in text:
		total = _times_root(total) ^ _VALUES[character]
	return total


def _times_root(value: int) -> int:
	value <<= 1
	return value ^ _FIELD_POLYNOMIAL if value & 32 else value
