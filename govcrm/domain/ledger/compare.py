"""Whether rows are as the audit log last said of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

CHANGED, INSERTED, DELETED = "Changed", "Inserted", "Deleted"

# Hash of a canonical row under the key of a subject; None when that key was destroyed.
HashOf = Callable[[str, Any], str | None]


class Said(NamedTuple):
	"""What the newest event on a row says: its hash (None: the row is gone), under which subject's key, and which event."""

	row_hash: str | None
	subject: str
	seq: int


class Difference(NamedTuple):
	kind: str
	name: str
	said: Said | None


@dataclass
class Comparison:
	"""`unspoken` rows are there, and no event ever spoke of them. `unreadable` ones cannot be compared: their key is gone."""

	checked: int = 0
	differences: list[Difference] = field(default_factory=list)
	unspoken: list[str] = field(default_factory=list)
	unreadable: list[tuple[str, str]] = field(default_factory=list)


def compare(said: Mapping[str, Said], live: Iterable[tuple[str, Any]], hash_of: HashOf) -> Comparison:
	"""Compare the live rows (name, canonical row) with what was said, over one whole range of names.

	Every name of the range must be in `said` if the log speaks of it, and in `live` if the row is there.
	"""
	result, seen = Comparison(), set()
	for name, row in live:
		seen.add(name)
		_compare_row(result, name, row, said.get(name), hash_of)
	result.checked = len(seen)
	missing = sorted(name for name, words in said.items() if words.row_hash and name not in seen)
	result.differences += [Difference(DELETED, name, said[name]) for name in missing]
	return result


def _compare_row(result: Comparison, name: str, row: Any, said: Said | None, hash_of: HashOf) -> None:
	if said is None:
		result.unspoken.append(name)
	elif said.row_hash is None:
		result.differences.append(Difference(INSERTED, name, said))
	else:
		_compare_hash(result, name, said, hash_of(said.subject, row))


def _compare_hash(result: Comparison, name: str, said: Said, found: str | None) -> None:
	if found is None:
		result.unreadable.append((name, said.subject))
	elif found != said.row_hash:
		result.differences.append(Difference(CHANGED, name, said))
