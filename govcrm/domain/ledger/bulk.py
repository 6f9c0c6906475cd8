"""The canonical bytes of many rows of one kind, at a fraction of the time that one by one would take.

Rows are written column by column: what is the same in all of them is written once, and so is each value that many of them
hold. A row is its pieces joined. What comes out is byte for byte
`canonical.dumps(rows.canonical_row(...))`; a property test holds that.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from json.encoder import encode_basestring
from operator import itemgetter

from govcrm.domain.ledger.canonical import NotCanonical
from govcrm.domain.ledger.rows import DECIMALS, INTEGERS, STANDARD, WRITTEN, Kinds, number, text

NUMBERS = INTEGERS | DECIMALS
BY_VALUE = WRITTEN - {"Datetime"}
TEXTS = frozenset([str, type(None)])
MOST = 4096  # pieces kept of one field; what is unique in each row would fill the memory
AT_ONCE = 1000  # rows
FEW = 4  # rows for which it does not pay to look for what they have in common
_second = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII).fullmatch

Values = Mapping[str, object]


class RowWriter:
	"""Writes rows of one DocType without tables. `kinds` as for `rows.canonical_row`; values are scalars."""

	def __init__(self, doctype: str, kinds: Kinds) -> None:
		every = {**STANDARD, **kinds}
		self._fields = sorted(every)
		self._pieces = [Pieces(field, every[field]) for field in self._fields]
		self._head = f'{{"doctype":{_json(doctype)},"fields":{{'

	def dumps(self, values: Values) -> bytes:
		"""Raises NotCanonical where a text holds half of a surrogate pair."""
		return self.dumps_many([values])[0]

	def dumps_many(self, rows: Iterable[Values]) -> list[bytes]:
		"""The bytes of each, in their order. Raises NotCanonical where a text holds half of a surrogate pair."""
		rows = list(rows)
		parts = (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
		try:
			return [written.encode() for part in parts for written in self._written(part)]
		except UnicodeEncodeError as error:
			raise NotCanonical("A string holds half of a surrogate pair.") from error

	def _written(self, rows: Sequence[Values]) -> Iterator[str]:
		found = self._by_row(rows) if len(rows) <= FEW else zip(*self._columns(rows), strict=True)
		bodies = map("".join, found)
		names = [_json(str(row["name"])) for row in rows]
		for name, body in zip(names, bodies, strict=True):  # the last comma is none between two
			yield f'{self._head}{body[:-1]}}},"name":{name},"tables":{{}}}}'

	def _by_row(self, rows: Sequence[Values]) -> Iterator[list[str]]:
		for row in rows:
			yield [
				pieces.of(row.get(field)) for field, pieces in zip(self._fields, self._pieces, strict=True)
			]

	def _columns(self, rows: Sequence[Values]) -> list[list[str]]:
		"""The pieces of each field, of all rows; those of neighbours that are the same in all of them as one."""
		columns, same = [], ""
		for pieces, values in zip(self._pieces, self._values(rows), strict=True):
			if pieces.is_one(values):
				same += pieces[values[0]]
				continue
			if same:
				columns.append([same] * len(rows))
				same = ""
			columns.append(pieces.of_all(values))
		return [*columns, [same] * len(rows)]

	def _values(self, rows: Sequence[Values]) -> Iterable[Sequence[object]]:
		"""Of each field its values, None where a row does not hold it."""
		try:
			return zip(*map(itemgetter(*self._fields), rows), strict=True)
		except KeyError:
			return [[row.get(field) for row in rows] for field in self._fields]


class Pieces(dict):
	"""By value: `"field":value,` as it stands in the JSON, or nothing where the value is empty."""

	def __init__(self, field: str, kind: str) -> None:
		self.field, self.kind = _json(field), kind

	def __missing__(self, value: object) -> str:
		piece = self._piece(value)
		if len(self) < MOST and self._is_one_of_a_kind(value):
			self[value] = piece
		return piece

	def is_one(self, values: Sequence[object]) -> bool:
		"""Whether all have the same piece, as far as that can be told at a glance."""
		return values.count(values[0]) == len(values) and self._is_one_of_a_kind(values[0])

	def of(self, value: object) -> str:
		if value is None or value == "":
			return ""
		if type(value) is not str or self.kind in BY_VALUE:
			return self[value]
		return self._moment(value) if self.kind == "Datetime" else f"{self.field}:{_string(value)},"

	def of_all(self, values: Sequence[object]) -> list[str]:
		if not TEXTS.issuperset(map(type, values)):
			return [self[value] for value in values]
		found = set(values)
		if 2 * len(found) > len(values):  # names, times to the second: hardly any occurs again
			return self._of_texts(values)
		pieces = dict(zip(found, self._of_texts(found), strict=True))
		return [pieces[value] for value in values]

	def _of_texts(self, values: Iterable[str | None]) -> list[str]:
		if self.kind not in WRITTEN:
			return [f"{self.field}:{_string(value)}," if value else "" for value in values]
		if self.kind == "Datetime":
			return [self._moment(value) for value in values]
		return [self._piece(value) for value in values]

	def _moment(self, value: str | None) -> str:
		if value and _second(value):
			return f'{self.field}:"{value}.000000",'
		return self._piece(value)

	def _piece(self, value: object) -> str:
		written = text(self.kind, value)
		return "" if written is None else f"{self.field}:{_json(written)},"

	def _is_one_of_a_kind(self, value: object) -> bool:
		"""1, 1.0 and True are the same key: as numbers they have one text, as texts three; endless numbers have two."""
		if type(value) is datetime:
			return value.tzinfo is None  # elsewhere the same instant has another text
		return type(value) is str or value is None or (self.kind in NUMBERS and number(value) is not None)


_string = encode_basestring


def _json(value: str | int) -> str:
	return _string(value) if isinstance(value, str) else str(value)
