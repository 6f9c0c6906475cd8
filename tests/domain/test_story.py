"""What audit events tell: paths, changes, acts."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.story import Place, acts, changes, details, place_of


def test_a_path_names_a_field_or_a_field_of_a_row_and_a_side():
	assert place_of("subject/before") == (Place("subject"), "before")
	assert place_of("members/ab12/user/after") == (Place("user", "members", "ab12"), "after")


def test_a_row_may_be_named_with_slashes():
	assert place_of("rows/a/b/c/user/after") == (Place("user", "rows", "a/b/c"), "after")


def test_what_belongs_to_the_act_is_no_change():
	for path in ("reason", "peer", "detail/rows", "detail/format"):
		assert place_of(path) is None


def test_fields_named_like_parts_of_the_act_are_changes_all_the_same():
	assert place_of("reason/before") == (Place("reason"), "before")
	assert place_of("detail/after") == (Place("detail"), "after")


def test_a_side_that_is_not_told_though_something_stood_there_is_hidden():
	(change,) = changes(["subject/before", "subject/after"], {"subject/after": "Hole"})
	assert change.told == {"after": "Hole"}
	assert change.hidden


def test_a_side_that_was_empty_hides_nothing():
	(change,) = changes(["subject/after"], {"subject/after": "Hole"})
	assert not change.hidden


def test_what_nobody_committed_to_is_not_told():
	assert changes([], {"subject/after": "forged"}) == []


def test_details_are_told_by_key_and_fields_of_that_name_are_none():
	assert details({"detail/rows": 5, "detail/after": "x", "reason": "y"}) == {"rows": 5}


@given(st.lists(st.sampled_from([None, "a", "b"])))
def test_acts_keep_every_event_in_order_and_join_neighbours_only(keys: list):
	events = list(enumerate(keys))
	found = list(acts(events, key=lambda event: event[1]))
	assert [event for act in found for event in act] == events
	assert all(len({key for _n, key in act}) == 1 for act in found)
	assert all(len(act) == 1 for act in found if act[0][1] is None)
	for one, other in pairwise(found):
		assert one[0][1] is None or one[0][1] != other[0][1]
