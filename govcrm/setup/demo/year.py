"""The year of the demo city: every course is played once, then written as often as it was taken."""

from collections import defaultdict
from collections.abc import Iterator
from random import Random

import frappe

from govcrm.setup.demo import Progress, telling
from govcrm.setup.demo.copies import Copy
from govcrm.setup.demo.generator import City, Matter
from govcrm.setup.demo.stage import Recording, Rows, Stage
from govcrm.setup.demo.world import load_world

ROWS_AT_ONCE = 500

Shape = tuple


def make_year(plan: City, citizens: list[str], seed: int, tell: Progress) -> None:
	"""Write the requests of the plan with all that was done about them.

	`citizens`: names of the citizens in the order of the plan.
	"""
	stage, rng = Stage(load_world(), citizens), Random(f"year {seed}")
	rows: Rows = defaultdict(list)
	done = 0
	for longest, shorter in courses(by_shape(plan.matters)):
		for matters, recording in recorded(stage, longest, shorter):
			for matter in matters:
				add(rows, Copy(stage, recording, matter, rng, plan.until).rows())
			done += len(matters)
		tell("Cases", done, len(plan.matters))
	for doctype, copied in rows.items():
		write(doctype, copied)
	telling.record(rows)


def by_shape(matters: list[Matter]) -> dict[Shape, list[Matter]]:
	"""Matters that took the same course, together."""
	shapes: dict[Shape, list[Matter]] = defaultdict(list)
	for matter in matters:
		shapes[matter.shape()].append(matter)
	return shapes


def courses(shapes: dict[Shape, list[Matter]]) -> Iterator[tuple[list[Matter], list[list[Matter]]]]:
	"""The matters of each course that no other goes further than, with those that have not come as far yet."""
	left = dict(shapes)
	for shape in sorted(shapes, key=lambda shape: len(shape[-1]), reverse=True):
		if shape in left:
			longest = left.pop(shape)
			beginnings = [(*shape[:-1], shape[-1][:steps]) for steps in range(len(shape[-1]))]
			yield longest, [left.pop(beginning) for beginning in beginnings if beginning in left]


def recorded(
	stage: Stage, longest: list[Matter], shorter: list[list[Matter]]
) -> Iterator[tuple[list[Matter], Recording]]:
	"""Play the longest; each group of matters with the recording of as many steps as it has taken."""
	groups = {len(matters[0].steps): matters for matters in (*shorter, longest)}
	for steps, recording in stage.record(longest[0], set(groups)).items():
		yield groups[steps], recording


def add(rows: Rows, more: Rows) -> None:
	for doctype, copied in more.items():
		rows[doctype].extend(copied)


def write(doctype: str, rows: list[dict]) -> None:
	if rows:
		columns = list(rows[0])
		values = [tuple(row[column] for column in columns) for row in rows]
		frappe.db.bulk_insert(doctype, columns, values, chunk_size=ROWS_AT_ONCE)
