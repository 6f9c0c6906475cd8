"""No published table determines a number that it leaves out: held against linear bounds, as an attacker would find them.

The attacker knows all that is published, every relation between it, and in each department and program how many cases
are open, which nobody publishes. SciPy's linear programs share nothing with the code that chooses what to leave out.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcrm.domain.disclosure import TOTAL, relations, with_sums
from govcrm.domain.statistics import (
	CLOSED,
	IN_TIME,
	LATE,
	MEASURES,
	RECEIVED,
	Figures,
	publish,
	shown_share,
)

ALL = (TOTAL, TOTAL, TOTAL)
few, some, many = st.integers(0, 3), st.integers(0, 14), st.integers(0, 300)
counts = st.one_of(few, some, many)
figures = st.builds(Figures, counts, counts, st.one_of(few, few, some, many))
cells = st.tuples(st.sampled_from("abc"), st.sampled_from("jk"), st.sampled_from("xyz"))
tables = st.dictionaries(cells, figures, max_size=6)
come_late = st.dictionaries(cells, st.builds(Figures, few, few, few), max_size=2)


def bounds(published: dict) -> dict:
	"""The least and the largest that each number left out can be, for who knows all that is published."""
	linprog = pytest.importorskip("scipy.optimize").linprog
	table, shown, open_cases = published["of"], published["shown"], published["open"]
	hidden = [(cell, name) for cell in table for name in MEASURES if shown[cell][name] is None]
	left, right = [], []
	for terms, result in equations(table, open_cases):
		known = sum(sign * shown[cell][name] for cell, name, sign in terms if shown[cell][name] is not None)
		row = dict.fromkeys(hidden, 0)
		for cell, name, sign in terms:
			if shown[cell][name] is None:
				row[cell, name] += sign
		left.append(list(row.values()))
		right.append(result - known)

	def most(one, sign):
		found = linprog([-sign * (one == each) for each in hidden], A_eq=left, b_eq=right, method="highs")
		assert found.status in (0, 3), found.message  # 3: there is no bound
		return float("inf") if found.status == 3 else -sign * found.fun

	return {one: (most(one, -1), most(one, 1)) for one in hidden}


def equations(table: dict, open_cases: dict):
	"""(terms, result) of every relation: parts, open cases, and the sums of each measure."""
	for cell in table:
		yield [(cell, CLOSED, 1), (cell, IN_TIME, -1), (cell, LATE, -1)], 0
		yield [(cell, RECEIVED, 1), (cell, CLOSED, -1)], open_cases[cell]
	for whole, parts in relations(table):
		for name in MEASURES:
			yield [(whole, name, 1), *((part, name, -1) for part in parts)], 0


def attacked(counted: dict, threshold: int, shown: dict | None = None) -> dict:
	table = with_sums(counted, Figures())
	shown = shown or publish(counted, threshold)
	open_cases = {cell: found.received - found.closed for cell, found in table.items()}
	return bounds({"of": table, "shown": shown, "open": open_cases})


def check_kept(counted: dict, threshold: int) -> None:
	table = with_sums(counted, Figures())
	for (cell, name), (least, most) in attacked(counted, threshold).items():
		found = getattr(table[cell], name)
		assert most - least >= 1 - 1e-6, (cell, name)
		if 0 < found < threshold:
			assert most >= found + threshold - 1e-6, (cell, name)  # nor is it known to be small


@settings(deadline=None, max_examples=20)
@given(tables, st.integers(2, 15))
def test_no_published_table_determines_a_number_that_it_leaves_out(counted: dict, threshold: int):
	check_kept(counted, threshold)


@pytest.mark.parametrize("seed", range(3))
def test_nor_does_that_of_a_town(seed: int):
	chance = random.Random(seed)
	counted = {
		(f"d{number % 4}", "jk"[number % 2], f"p{number}"): Figures(
			size, size - size // 9, chance.randint(0, 12)
		)
		for number, size in enumerate(chance.choice((2, 12, 40, 200)) for _ in range(9))
	}
	check_kept(counted, 10)


@given(tables, st.integers(1, 15))
def test_what_is_published_is_true_and_never_small(counted: dict, threshold: int):
	table, published = with_sums(counted, Figures()), publish(counted, threshold)
	assert published.keys() == table.keys()
	for cell, numbers in published.items():
		for name, shown in numbers.items():
			found = getattr(table[cell], name)
			assert shown is None or (shown == found and not 0 < found < threshold)


@given(tables, st.one_of(tables, come_late), st.booleans(), st.integers(2, 15))
def test_another_edition_shows_nothing_that_was_left_out_and_no_small_change(first, then, added, threshold):
	if added:
		then = {cell: first.get(cell, Figures()) + then.get(cell, Figures()) for cell in {*first, *then}}
	before = publish(first, threshold)
	after = publish(then, threshold, [before])
	assert before.keys() <= after.keys()
	for cell, numbers in before.items():
		for name, shown in numbers.items():
			again = after[cell][name]
			assert again is None or (shown is not None and not 0 < abs(again - shown) < threshold)


@settings(deadline=None, max_examples=8)
@given(tables, tables)
def test_nor_does_another_edition_determine_what_it_leaves_out(first: dict, then: dict):
	shown = publish(then, 10, [publish(first, 10)])
	counted = {**{cell: Figures() for cell in first}, **then}
	told_before = publish(first, 10)
	for (cell, name), (least, most) in attacked(counted, 10, shown).items():
		before = told_before.get(cell, {}).get(name, 0)
		assert most - least >= (10 if before is None else 1) - 1e-6, (cell, name)


def test_sums_add_up():
	counted = {("a", "j", "x"): Figures(3, 2, 1), ("a", "k", "y"): Figures(5, 5), ("b", "j", "x"): Figures(1)}
	table = with_sums(counted, Figures())
	assert table[ALL] == Figures(9, 7, 1)
	for whole, parts in relations(table):
		assert table[whole] == sum((table[part] for part in parts), Figures())


def test_a_large_table_is_shown_whole():
	counted = {("a", "j", "x"): Figures(40, 30, 10), ("b", "j", "x"): Figures(50, 40, 0)}
	assert all(shown is not None for numbers in publish(counted).values() for shown in numbers.values())


def test_few_that_were_late_cost_no_count_of_what_was_received():
	counted = {
		("a", "j", "x"): Figures(100, 90, 3),
		("a", "j", "y"): Figures(100, 60, 40),
		("b", "j", "x"): Figures(100, 70, 30),
		("b", "j", "y"): Figures(100, 80, 20),
		("c", "j", "y"): Figures(100, 80, 20),
	}
	shown = publish(counted)
	assert all(numbers[RECEIVED] and numbers[CLOSED] for numbers in shown.values())
	left_out = {cell for cell, numbers in shown.items() if numbers[LATE] is None}
	assert left_out == {("a", "j", "x"), ("a", "j", "y"), ("b", "j", "x"), ("b", "j", "y")}
	assert shown[ALL][LATE] == 113


def test_a_single_small_count_takes_its_sums_with_it():
	shown = publish({("a", "j", "x"): Figures(4)})
	assert {numbers[RECEIVED] for numbers in shown.values()} == {None}


def test_nothing_counted_is_nothing():
	assert publish({}) == {ALL: dict.fromkeys(MEASURES, 0)}


def test_a_share_is_shown_where_its_counts_are():
	shown = {RECEIVED: None, CLOSED: 40, IN_TIME: 30, LATE: 10}
	assert shown_share(shown) == 75.0
	assert shown_share({**shown, LATE: None}) is None
	assert shown_share({**shown, IN_TIME: 0, LATE: 0}) is None


@pytest.mark.parametrize("cell", [("", "j", "x"), ("a", "", "x"), ("a", "j", "")])
def test_names_are_not_those_of_the_sums(cell: tuple):
	with pytest.raises(ValueError):
		publish({cell: Figures(12)})


@pytest.mark.parametrize("wrong", [-1, 1.5, None, "4"])
def test_what_is_no_count_is_refused(wrong):
	with pytest.raises(ValueError):
		Figures(wrong)
	with pytest.raises(ValueError):
		publish({}, 0)
