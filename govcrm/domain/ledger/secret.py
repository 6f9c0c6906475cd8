"""Values that no report of an error may repeat.

Frappe keeps the local variables of what failed in *Error Log*, in the database: there a key would lie beside what it closes,
and a value would outlive the key that it was to be destroyed with.
"""

from array import array

BLANK = "<secret>"


class Secret(bytes):
	"""Bytes of a key, or of what it closes."""

	def __repr__(self) -> str:
		return BLANK

	__str__ = __repr__


class Halves(array):
	"""One half of a block of a cipher (64 bits) of each of many keys."""

	def __repr__(self) -> str:
		return BLANK

	__str__ = __repr__


class Told(dict):
	"""Values by their path, that are told to nobody but who may read them."""

	def __repr__(self) -> str:
		return BLANK

	__str__ = __repr__
