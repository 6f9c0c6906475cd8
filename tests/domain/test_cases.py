"""The rule that says when a case may move on."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.cases import (
	ALL,
	ANY,
	CANCELLED,
	CLOSED,
	MAX_DEPTH,
	N_OF_M,
	OPEN,
	WAITING,
	Part,
	Task,
	counts,
	missing,
	needed,
	obstacles,
	referral_refusal,
	valid_hold,
)
from govcrm.domain.workflow import CATEGORIES

rules = st.sampled_from((ALL, ANY, N_OF_M))
numbers = st.integers(-2, 9)
parts = st.builds(
	Part,
	name=st.text("ABCDEF", min_size=1, max_size=4),
	category=st.sampled_from(CATEGORIES),
	holds_parent=st.booleans(),
	department_active=st.booleans(),
)
part_lists = st.lists(parts, max_size=8)


def blocked(rows, rule, n) -> bool:
	return missing(rows, rule, n)[0] > 0


def close(part: Part) -> Part:
	return replace(part, category=CLOSED)


class TestJoinRule:
	@pytest.mark.parametrize(
		("rule", "n", "closed", "still_open", "lacking"),
		[
			(ALL, 1, 0, 0, 0),
			(ALL, 1, 1, 1, 1),
			(ALL, 1, 2, 0, 0),
			(ANY, 1, 0, 3, 1),
			(ANY, 1, 1, 2, 0),
			(N_OF_M, 2, 1, 2, 1),
			(N_OF_M, 2, 2, 1, 0),
			(N_OF_M, 3, 0, 2, 2),
			(N_OF_M, 0, 0, 2, 1),
		],
	)
	def test_says_how_many_more_parts_must_close(self, rule, n, closed, still_open, lacking):
		rows = [Part(f"c{i}", CLOSED) for i in range(closed)] + [
			Part(f"o{i}", OPEN) for i in range(still_open)
		]
		assert missing(rows, rule, n)[0] == lacking

	def test_names_only_parts_that_could_still_close(self):
		rows = [Part("done", CLOSED), Part("waits", WAITING), Part("gone", CANCELLED)]
		assert [part.name for part in missing(rows, ALL)[1]] == ["waits"]

	@given(rules, numbers, st.integers(0, 9))
	def test_never_asks_for_more_parts_than_count(self, rule, n, countable):
		assert 0 <= needed(rule, n, countable) <= countable

	@given(part_lists, rules, numbers)
	def test_all_is_the_strictest_rule_and_any_the_mildest(self, rows, rule, n):
		assert not blocked(rows, rule, n) or blocked(rows, ALL, n)
		assert not blocked(rows, ANY, n) or blocked(rows, rule, n)


class TestOrphans:
	@pytest.mark.parametrize(
		"orphan",
		[
			Part("cancelled", CANCELLED),
			Part("released", OPEN, holds_parent=False),
			Part("inactive department", OPEN, department_active=False),
			Part("inactive and waiting", WAITING, department_active=False),
		],
	)
	@pytest.mark.parametrize("rule", [ALL, ANY, N_OF_M])
	def test_an_orphan_alone_blocks_no_parent(self, orphan, rule):
		assert not blocked([orphan], rule, 1)

	@given(part_lists, parts.filter(lambda part: not counts(part)), rules, numbers)
	def test_an_orphan_changes_nothing(self, rows, orphan, rule, n):
		assert missing([*rows, orphan], rule, n) == missing(rows, rule, n)

	@given(part_lists, rules, numbers)
	def test_a_parent_is_free_once_every_active_department_has_closed_its_part(self, rows, rule, n):
		done = [close(part) if part.department_active else part for part in rows]
		assert not blocked(done, rule, n)

	@given(part_lists, rules, numbers)
	def test_whatever_blocks_can_be_closed_by_an_active_department(self, rows, rule, n):
		lacking, still_open = missing(rows, rule, n)
		assert lacking <= len(still_open)
		assert all(part.department_active and part.category in (OPEN, WAITING) for part in still_open)

	def test_what_a_department_closed_before_it_was_dissolved_still_counts(self):
		rows = [Part("closed", CLOSED, department_active=False), Part("open", OPEN)]
		assert not blocked(rows, ANY, 1)


class TestProgress:
	@given(part_lists, rules, numbers, st.integers(0, 7))
	def test_closing_a_part_never_blocks_a_parent_that_was_free(self, rows, rule, n, index):
		if not rows or rows[index % len(rows)].category == CANCELLED:
			return
		after = list(rows)
		after[index % len(rows)] = close(after[index % len(rows)])
		was_counted = counts(rows[index % len(rows)])
		assert blocked(rows, rule, n) or not was_counted or not blocked(after, rule, n)

	@given(part_lists, rules, numbers, st.integers(0, 7))
	def test_releasing_an_open_part_never_adds_to_what_is_lacking(self, rows, rule, n, index):
		open_rows = [part for part in rows if part.category in (OPEN, WAITING)]
		if not open_rows:
			return
		released = open_rows[index % len(open_rows)]
		after = [replace(part, holds_parent=False) if part is released else part for part in rows]
		assert missing(after, rule, n)[0] <= missing(rows, rule, n)[0]


class TestTasks:
	GATE = Task("t1", "Inspect", "Assigned", required_for_state="Approved")
	MUST = Task("t2", "Bill", "In Progress", required=True)
	MAY = Task("t3", "Photo", "Assigned")

	def found(self, state, category, *tasks):
		rows = obstacles(
			tasks or (self.GATE, self.MUST, self.MAY), (), rule=ALL, n=1, state=state, category=category
		)
		return [task.name for task in rows.tasks]

	def test_a_task_for_a_state_keeps_the_case_out_of_it(self):
		assert self.found("Approved", OPEN) == ["t1"]

	def test_a_required_task_keeps_the_case_from_closing(self):
		assert self.found("Resolved", CLOSED) == ["t2"]

	def test_both_may_hold_at_once(self):
		assert self.found("Approved", CLOSED) == ["t1", "t2"]

	def test_an_optional_task_holds_nothing(self):
		assert self.found("Anywhere", CLOSED, self.MAY) == []

	@pytest.mark.parametrize("status", ["Completed", "Cancelled"])
	def test_a_task_that_is_done_holds_nothing(self, status):
		assert self.found("Resolved", CLOSED, replace(self.MUST, status=status)) == []

	@given(part_lists, rules, numbers)
	def test_cancelling_is_never_refused(self, rows, rule, n):
		tasks = (replace(self.GATE, required_for_state="Cancelled"), self.MUST)
		assert not obstacles(tasks, rows, rule=rule, n=n, state="Cancelled", category=CANCELLED)

	@given(part_lists, rules, numbers, st.sampled_from((OPEN, WAITING)))
	def test_parts_hold_back_nothing_but_closing(self, rows, rule, n, category):
		assert not obstacles((), rows, rule=rule, n=n, state="S", category=category)


class TestReferrals:
	def test_a_department_cannot_refer_to_itself(self):
		assert referral_refusal("Roads", [("C1", "Roads")]) == "self"

	def test_a_department_above_would_wait_for_itself(self):
		assert referral_refusal("Roads", [("C2", "Water"), ("C1", "Roads")]) == "circle"

	def test_another_department_is_welcome(self):
		assert referral_refusal("Fire", [("C2", "Water"), ("C1", "Roads")]) is None

	def test_parts_of_parts_end_somewhere(self):
		line = [(f"C{i}", f"D{i}") for i in range(MAX_DEPTH)]
		assert referral_refusal("New", line) == "depth"
		assert referral_refusal("New", line[1:]) is None


class TestHolds:
	@pytest.mark.parametrize(
		("days", "valid"), [(0, False), (1, True), (120, True), (121, False), (-3, False)]
	)
	def test_last_one_to_120_days(self, days, valid):
		assert valid_hold(days) is valid
