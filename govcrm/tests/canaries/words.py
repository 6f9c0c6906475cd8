"""The words themselves: made, and found again in whatever form they leave."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

# A record's room says who reads it beside the case: a citizen is seen by more people than a case.
MATTER, SAID, ASKED, PERSON = "matter", "said", "asked", "person"
ROOMS = (MATTER, SAID, ASKED, PERSON)
RESTRICTED, RECUSED, ELSEWHERE, SEALED = "restricted", "recused", "elsewhere", "sealed"


@dataclass(frozen=True)
class Canary:
	"""Where a word stands: on what kind of matter, in which room of it, in which field or as which name."""

	word: str
	kind: str
	room: str
	place: str

	@property
	def is_name(self) -> bool:
		return self.place.startswith("name of ")


class Words:
	"""All that were made, by what they say. Names of records are words too: that one exists is told by its name."""

	def __init__(self) -> None:
		self.known: dict[str, Canary] = {}
		self._any_of: re.Pattern | None = None

	def make(self, kind: str, room: str, place: str) -> str:
		word = f"canary{kind}{room}{len(self.known):05}"
		return self.add(word, kind, room, place)

	def add(self, word: str, kind: str, room: str, place: str) -> str:
		self.known[word.lower()] = Canary(word, kind, room, place)
		self._any_of = None
		return word

	def found_in(self, data: bytes | str) -> set[Canary]:
		found = self._pattern().findall
		return {self.known[word] for text in _texts(data) for word in found(text.lower())}

	def _pattern(self) -> re.Pattern:
		"""Made words by their form; names by their first letters, for most texts hold none of them and are long."""
		if self._any_of is None:
			kinds = "|".join({one.kind for one in self.known.values()} or {"-"})
			names = [word for word in self.known if not re.fullmatch(r"canary[a-z]+\d{5}", word)]
			self._any_of = re.compile(rf"canary(?:{kinds})[a-z]+\d{{5}}|{_any_of(names, 2)}")
		return self._any_of


def _any_of(words: list[str], depth: int) -> str:
	if not depth or not all(words):
		return "(?:" + "|".join(map(re.escape, sorted(words, reverse=True))) + ")"
	by_first: dict[str, list[str]] = {}
	for word in words:
		by_first.setdefault(word[0], []).append(word[1:])
	branches = (re.escape(first) + _any_of(rest, depth - 1) for first, rest in by_first.items())
	return "(?:" + ("|".join(branches) or "(?!)") + ")"


def _texts(data: bytes | str) -> Iterator[str]:
	"""What is packed is unpacked: spreadsheets and archives."""
	if isinstance(data, str):
		yield data
		return
	yield data.decode("utf-8", "replace")
	if data.startswith(b"PK"):
		with zipfile.ZipFile(io.BytesIO(data)) as packed:
			for name in packed.namelist():
				yield name
				yield from _texts(packed.read(name))
	if data.startswith(b"\x1f\x8b"):
		yield from _texts(gzip.decompress(data))
