"""How far `canaries.py` has come: kept in a file after each few requests, told as a table at the end."""

import json
import os
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from govcrm.tests.canaries.asking import Ask
from govcrm.tests.canaries.fences import NOT_CALLED
from govcrm.tests.canaries.matrix import Leak, Report

MOST = 20  # lines of one kind that are printed; the report has all


@dataclass(frozen=True)
class Wanted:
	"""What one person asks, in `order`: people to whom the same is closed share the requests."""

	every: list[Ask]
	order: array

	def __len__(self) -> int:
		return len(self.order)

	def part(self, start: int, count: int) -> list[Ask]:
		return [self.every[number] for number in self.order[start : start + count]]

	def functions(self, come: int) -> set[str]:
		return {self.every[number].function for number in self.order[:come]}


class Course:
	"""`done`, `of` and `answers` (by status) are by person; `leaks` and `broken` count lines that are alike."""

	def __init__(self, path: Path, key: dict[str, object]) -> None:
		kept = json.loads(path.read_text()) if path.exists() else {}
		if any(kept.get(name) != value for name, value in key.items()):
			kept = {}  # of another version, database or seed
		self.path, self.key = path, key
		self.seconds: float = kept.get("seconds", 0)
		self.of: dict[str, int] = kept.get("of", {})
		self.answers = {user: Counter(answers) for user, answers in kept.get("answers", {}).items()}
		self.done, self.heard, self.leaks, self.broken = (
			Counter(kept.get(name, {})) for name in ("done", "heard", "leaks", "broken")
		)

	def begin(self, wanted: dict[str, Wanted]) -> None:
		"""Whoever has other requests than before starts anew: the order is another."""
		for user, asks in wanted.items():
			if self.of.get(user, len(asks)) != len(asks):
				self.done.pop(user, None)
				self.answers.pop(user, None)
			self.of[user] = len(asks)

	def add(self, user: str, report: Report, seconds: float) -> None:
		self.seconds += seconds
		self.done.update(report.calls)
		self.answers.setdefault(user, Counter()).update(
			{str(status): count for status, count in report.answers.items()}
		)
		self.heard.update(report.ways)
		self.broken.update(report.broken)
		self.leaks.update(map(_line, report.leaks))
		self.write()

	def write(self) -> None:
		"""In one step: whoever is killed in the middle of it still has what was there before."""
		kept = {name: value for name, value in vars(self).items() if name not in ("path", "key")}
		new = self.path.with_suffix(".new")
		new.write_text(json.dumps({**self.key, **kept, "calls": self.done.total()}, indent=1))
		os.replace(new, self.path)

	def table(self, wanted: dict[str, Wanted], functions: Iterable[str]) -> Iterator[str]:
		"""Lines for people: who asked how much, what was answered, what was heard, what was never asked."""
		functions, ever = set(functions), set()
		statuses = sorted({status for answers in self.answers.values() for status in answers})
		yield _row("person", "functions", "requests", "of", *statuses, "heard")
		for user, asks in wanted.items():
			ever |= (asked := functions & asks.functions(self.done[user]))
			answers = [self.answers.get(user, {}).get(status, 0) for status in statuses]
			heard = sum(count for line, count in self.leaks.items() if line.startswith(f"{user} "))
			yield _row(user, len(asked), self.done[user], self.of[user], *answers, heard)
		answers = [sum(one.get(status, 0) for one in self.answers.values()) for status in statuses]
		total = sum(self.of[user] for user in wanted)
		yield _row("all", len(ever), self.done.total(), total, *answers, self.leaks.total())
		yield f"{len(ever):,} of {len(functions):,} functions asked by somebody, in {self.seconds / 60:,.0f} minutes"
		yield from _some("heard that must not be", self.leaks)
		yield from _some("answers with 5xx", self.broken)
		yield from _some("functions not asked yet", Counter(functions - ever))
		yield from _some(
			"functions never asked", Counter({f"{name}: {why}": 1 for name, why in NOT_CALLED.items()})
		)


def _row(person: str, *cells: object) -> str:
	texts = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells)
	return f"{person:32}" + "".join(f"{text:>10}" for text in texts)


def _some(what: str, lines: Counter) -> Iterator[str]:
	if lines:
		yield f"{what}: {lines.total():,}"
	for line, count in lines.most_common(MOST):
		yield f"  {count:6,} {line}"
	if len(lines) > MOST:
		yield f"  and {len(lines) - MOST:,} more lines in the report"


def _line(leak: Leak) -> str:
	canary = leak.canary
	return f"{leak.user} · {leak.way} · {canary.kind} {canary.place} · {leak.ask.what} · {leak.ask} · {leak.near}"
