"""JSON in one form only: the subset of RFC 8785 (JSON Canonicalization Scheme) that the ledger needs.

Strings, integers within ±(2^53 - 1), booleans, null, arrays and objects. No floats: their text is where implementations
differ. Keys hold no characters beyond U+D7FF: for those the order by code point is the order by UTF-16 unit that RFC
8785 (3.2.3) asks for.
"""

import json
from json.encoder import encode_basestring

LARGEST = 2**53 - 1  # RFC 7493 (2.2), to which RFC 8785 refers
LAST_OF_KEYS = "\ud7ff"
DEEPEST = 64
_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


class NotCanonical(ValueError):
	"""The value has no canonical form here, or the bytes are not in it. Says why."""


def dumps(value: object) -> bytes:
	"""Canonical UTF-8 of a value. Raises NotCanonical for what is outside of the subset."""
	if type(value) is not str:
		_check(value, DEEPEST)
	return dumps_known(value)


def dumps_known(value: object) -> bytes:
	"""The same of a value that is known to lie within the subset, as far as its kinds and keys go: looking takes as long."""
	try:
		return (encode_basestring(value) if type(value) is str else _encode(value)).encode()
	except UnicodeEncodeError as error:
		raise NotCanonical("A string holds half of a surrogate pair.") from error


def loads_strict(data: bytes) -> object:
	"""The value of canonical bytes. Raises NotCanonical for any other bytes, whatever they hold."""
	try:
		value = json.loads(
			data.decode(),
			object_pairs_hook=_object,
			parse_float=_refuse_number,
			parse_int=_integer,
			parse_constant=_refuse_number,
		)
	except NotCanonical:
		raise
	except (ValueError, RecursionError) as error:
		raise NotCanonical(f"This is not JSON in UTF-8: {error}") from error
	if dumps(value) != data:
		raise NotCanonical("The JSON is not in canonical form.")
	return value


def _check(value: object, depth: int) -> None:
	kind = type(value)
	if kind is str or value is None or kind is bool:
		return
	if kind is int:
		_check_integer(value)
	elif not depth:
		raise NotCanonical(f"The value is nested more than {DEEPEST} deep.")
	elif kind is dict:
		_check_object(value, depth)
	elif kind is list or kind is tuple:
		for item in value:
			_check(item, depth - 1)
	else:
		raise NotCanonical(f"A {kind.__name__} has no canonical form; write it as a string.")


def _check_integer(value: int) -> None:
	if not -LARGEST <= value <= LARGEST:
		raise NotCanonical("An integer beyond 2^53 - 1 has no canonical form; write it as a string.")


def _check_object(value: dict, depth: int) -> None:
	for key, item in value.items():
		if type(key) is not str:
			raise NotCanonical("Keys of objects are strings.")
		if not key.isascii() and max(key) > LAST_OF_KEYS:
			raise NotCanonical("Keys of objects hold no characters beyond U+D7FF.")
		if type(item) is not str:  # as nearly all are
			_check(item, depth - 1)


def _object(pairs: list) -> dict:
	value = dict(pairs)
	if len(value) != len(pairs):
		raise NotCanonical("An object has the same key twice.")
	return value


def _integer(text: str) -> int:
	if len(text) > 17:
		raise NotCanonical("An integer beyond 2^53 - 1 has no canonical form; write it as a string.")
	return int(text)


def _refuse_number(text: str) -> None:
	raise NotCanonical(
		f"{text[:20]}: only integers have a canonical form here; write other numbers as strings."
	)
