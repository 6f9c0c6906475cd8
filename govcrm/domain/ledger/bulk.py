"""The canonical bytes of many rows of one kind, at a fraction of the time that one by one would take.

Most values of a batch occur again and again: each is written as a piece of JSON once for its field, and a row is its pieces
joined. What comes out is byte for byte `canonical.dumps(rows.canonical_row(...))`; a property test holds that.
"""

from collections.abc import Mapping
from json.encoder import encode_basestring

from govcrm.domain.ledger.canonical import NotCanonical
from govcrm.domain.ledger.rows import DECIMALS, INTEGERS, STANDARD, Kinds, number, text

NUMBERS = INTEGERS | DECIMALS
MOST = 4096  # pieces kept of one field; what is unique in each row would fill the memory


class RowWriter:
	"""Writes rows of one DocType without tables. `kinds` as for `rows.canonical_row`; values are scalars."""

	def __init__(self, doctype: str, kinds: Kinds) -> None:
		every = {**STANDARD, **kinds}
		self._pieces = [(field, Pieces(field, every[field])) for field in sorted(every)]
		self._head = f'{{"doctype":{_json(doctype)},"fields":{{'

	def dumps(self, values: Mapping[str, object]) -> bytes:
		"""Raises NotCanonical where a text holds half of a surrogate pair."""
		get = values.get
		found = [piece for field, pieces in self._pieces if (piece := pieces[get(field)])]
		name = _json(str(values["name"]))
		try:
			return f'{self._head}{",".join(found)}}},"name":{name},"tables":{{}}}}'.encode()
		except UnicodeEncodeError as error:
			raise NotCanonical("A string holds half of a surrogate pair.") from error


class Pieces(dict):
	"""By value: `"field":value` as it stands in the JSON, or nothing where the value is empty."""

	def __init__(self, field: str, kind: str) -> None:
		self.field, self.kind = _json(field), kind

	def __missing__(self, value: object) -> str:
		written = text(self.kind, value)
		piece = "" if written is None else f"{self.field}:{_json(written)}"
		if len(self) < MOST and self._is_one_of_a_kind(value):
			self[value] = piece
		return piece

	def _is_one_of_a_kind(self, value: object) -> bool:
		"""1, 1.0 and True are the same key: as numbers they have one text, as texts three; endless numbers have two."""
		return type(value) is str or value is None or (self.kind in NUMBERS and number(value) is not None)


def _json(value: str | int) -> str:
	return encode_basestring(value) if isinstance(value, str) else str(value)
