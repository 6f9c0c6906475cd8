"""Words for what is wrong with a row, and the file that lists the rows refused."""

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from frappe import _

from govcrm.domain.importing import Fault, safe_cell

HEADER = ("Line", "Record", "Column", "Value", "Reason")
LONGEST_VALUE = 200
SAMPLE = 20
LARGEST = (
	8 << 20
)  # bytes; whoever has this many bad rows mends the mapping, and Frappe keeps no larger file by default


@dataclass(frozen=True)
class Refusal:
	"""One row refused: its line in the file, its number in the other system where known, and why."""

	line: int
	record: str
	faults: tuple[Fault, ...]

	def lines(self) -> list[list]:
		return [
			[
				self.line,
				*map(safe_cell, (self.record, fault.column, fault.value[:LONGEST_VALUE], explain(fault))),
			]
			for fault in self.faults
		]


def explain(fault: Fault) -> str:
	"""The reason in the user's language."""
	if fault.code == "failed":
		return fault.detail
	return _texts()[fault.code].format(fault.detail)


def _texts() -> dict[str, str]:
	return {
		"missing": _("No value, and it is needed"),
		"not_a_number": _("Not a number; a decimal point is expected"),
		"not_a_time": _("Not a time; 2026-11-22 14:30:00 is expected"),
		"not_in_format": _("Not a time in the format {0}"),
		"too_early": _("Before the year {0}"),
		"in_future": _("Lies in the future"),
		"not_in_table": _("The mapping says nothing about this value"),
		"not_an_option": _("None of: {0}"),
		"closed_before_opened": _("Closed before it was opened ({0})"),
		"closed_without_time": _("Closed, but no time of closing or of the last update is given"),
		"open_with_closing": _("Open, but a time of closing is given"),
		"half_a_place": _("Latitude and longitude are needed together"),
		"out_of_range": _("More than {0} degrees"),
		"too_long": _("Longer than {0} characters"),
		"wrong_count": _("The row has another number of values than there are columns ({0})"),
		"unknown_program": _("There is no such program; make it, or let the mapping make missing ones"),
		"unknown_department": _("There is no such department; make it, or let the mapping make missing ones"),
		"no_version": _("The program has no version in force on this day"),
		"unknown_target": _("No field of a request that can be imported"),
		"unknown_transform": _("There is no transform {0}"),
		"doubled": _("Filled more than once"),
		"no_column": _("Name the column, or use the transform constant"),
		"needs_transform": _("Needs the transform {0}"),
		"bad_table": _("A line of the table lacks its equals sign: {0}"),
	}


class ErrorFile:
	"""A CSV file of refusals that grows batch by batch and can be cut back to a known size.

	Without a path nothing is written. `sample` holds the first lines for whoever looks on.
	"""

	def __init__(self, path: Path | None = None, size: int = 0):
		self.path, self.size = path, 0
		self.sample: list[list] = []
		if path:
			self._cut(path, size)

	def _cut(self, path: Path, size: int) -> None:
		if size and path.exists():
			os.truncate(path, size)  # what a killed run wrote after its last checkpoint
			self.size = size
		else:
			path.unlink(missing_ok=True)

	def add(self, refusals: Iterable[Refusal]) -> None:
		"""Append; `size` then says how many bytes are good."""
		lines = [line for refusal in refusals for line in refusal.lines()]
		self.sample.extend(lines[: SAMPLE - len(self.sample)])
		if self.path and lines and self.size < LARGEST:
			self._append(self.path, lines)

	def _append(self, path: Path, lines: list[list]) -> None:
		with path.open("a", encoding="utf-8", newline="") as file:
			# Excel takes a file for UTF-8 only with the mark.
			csv.writer(file).writerows(lines if self.size else [["\ufeff" + HEADER[0], *HEADER[1:]], *lines])
			file.flush()
			os.fsync(file.fileno())
		self.size = path.stat().st_size
