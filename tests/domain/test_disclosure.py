"""No published table determines a count that it leaves out: held against linear bounds, as an attacker would find them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcrm.domain.disclosure import TOTAL, publish, with_totals

names = [f"{letter}" for letter in "abcdefg"]
counts_of_a_city = st.one_of(st.integers(0, 3), st.integers(0, 12), st.integers(0, 3000))
tables = st.integers(1, 5).flatmap(
	lambda rows: st.integers(1, 5).flatmap(
		lambda columns: st.fixed_dictionaries(
			{(row, column): counts_of_a_city for row in names[:rows] for column in names[:columns]}
		)
	)
)


def bounds(published: dict, impossible: frozenset = frozenset()) -> dict:
	"""The least and the largest that each count left out can be, for who knows all that is published.

	Each is the answer of a linear program: no count is negative, and rows and columns add up.
	"""
	linprog = pytest.importorskip("scipy.optimize").linprog
	hidden = [cell for cell, found in published.items() if found is None]
	rows, columns = (sorted({cell[at] for cell in published} - {TOTAL}) for at in (0, 1))
	sums = [([(row, column) for column in columns], (row, TOTAL)) for row in [*rows, TOTAL]]
	sums += [([(row, column) for row in rows], (TOTAL, column)) for column in [*columns, TOTAL]]
	left = [[(cell in parts) - (cell == whole) for cell in hidden] for parts, whole in sums]
	assert not impossible & set(hidden)
	right = [(published[whole] or 0) - sum(published[cell] or 0 for cell in parts) for parts, whole in sums]

	def most(cell, sign):
		found = linprog([sign * (cell == each) for each in hidden], A_eq=left, b_eq=right, method="highs")
		return {0: sign * (found.fun or 0), 3: float("inf")}[found.status]  # 3: there is no bound

	return {cell: (most(cell, 1), most(cell, -1)) for cell in hidden}


@settings(deadline=None)
@given(tables, st.integers(2, 15))
def test_no_published_table_determines_a_count_that_it_leaves_out(counts: dict, threshold: int):
	table, published = with_totals(counts), publish(counts, threshold)
	for cell, (least, most) in bounds(published).items():
		assert most - least >= threshold - 1e-6
		if table[cell] < threshold:
			assert most >= table[cell] + threshold - 1e-6  # nor is it known to be small


@given(tables, st.integers(1, 15))
def test_what_is_published_is_true_and_never_small(counts: dict, threshold: int):
	table, published = with_totals(counts), publish(counts, threshold)
	assert published.keys() == table.keys()
	for cell, found in published.items():
		assert found is None or (found == table[cell] and not 0 < found < threshold)


@given(tables, st.data())
def test_what_everybody_knows_to_be_zero_covers_nothing(counts: dict, data):
	impossible = data.draw(st.frozensets(st.sampled_from(sorted(counts))))
	kept = {cell: found for cell, found in counts.items() if cell not in impossible}
	for least, most in bounds(publish(kept), impossible - kept.keys()).values():
		assert most - least >= 10 - 1e-6


def test_a_small_count_takes_three_others_with_it():
	published = publish(
		{("a", "x"): 3, ("a", "y"): 40, ("b", "x"): 50, ("b", "y"): 60, ("c", "x"): 70, ("c", "y"): 80}
	)
	left_out = {cell for cell, found in published.items() if found is None}
	assert left_out == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}
	assert published[TOTAL, TOTAL] == 303


def test_a_table_without_small_counts_is_published_whole():
	counts = {("a", "x"): 10, ("a", "y"): 0, ("b", "x"): 11, ("b", "y"): 12}
	assert publish(counts) == with_totals(counts)


def test_a_single_small_count_takes_its_sums_with_it():
	assert set(publish({("a", "x"): 4}).values()) == {None}


def test_nothing_counted_is_an_empty_table():
	assert publish({}) == {(TOTAL, TOTAL): 0}


@pytest.mark.parametrize(
	"counts", [{("a", "x"): -1}, {("a", "x"): 1.5}, {("", "x"): 12}, {("a", ""): 12}, {("a", "x"): None}]
)
def test_what_is_no_count_is_refused(counts: dict):
	with pytest.raises(ValueError):
		publish(counts)
