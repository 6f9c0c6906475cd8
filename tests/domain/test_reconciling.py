"""Comparing rows with what the log says; a row as its DocType had it before. The log read again: `test_replay.py`."""

from govcrm.domain.ledger.compare import CHANGED, DELETED, INSERTED, Said, compare
from govcrm.domain.ledger.shapes import Now, Shape, as_before

OLD = Shape({"title": "Data", "points": "Int"}, {"rows": {"item": "Data"}})
NEW = Shape({"title": "Data", "state": "Select"}, {"rows": {"item": "Data", "kind": "Select"}})
NOW = Now(NEW, {"": {"state": "Open"}, "rows": {"kind": "Plain"}})


def row(**fields):
	return {"doctype": "Matter", "name": "M", "fields": {"owner": "a", **fields}, "tables": {}}


def kinds(said, live, known=lambda subject, row: row):
	return [(one.kind, one.name) for one in compare(said, live, known).differences]


def test_rows_that_are_as_said_make_no_difference():
	assert kinds({"a": Said("1", "s", 1)}, [("a", "1")]) == []


def test_each_way_to_differ_has_its_name():
	said = {
		"a": Said("1", "s", 1),
		"b": Said("2", "s", 2),
		"c": Said(None, "s", 3),
		"gone": Said(None, "s", 4),
	}
	assert kinds(said, [("a", "9"), ("c", "3")]) == [(CHANGED, "a"), (INSERTED, "c"), (DELETED, "b")]


def test_what_no_event_speaks_of_and_what_has_no_key_is_kept_apart():
	found = compare({"a": Said("1", "s", 1)}, [("a", "1"), ("new", "2")], lambda subject, row: None)
	assert (found.unspoken, found.unreadable, found.differences) == (["new"], [("a", "s")], [])


def test_a_field_that_came_later_is_left_out_while_it_is_as_the_column_had_it():
	assert as_before(row(title="x", state="Open"), OLD, NOW, {}) == row(title="x")


def test_a_field_that_came_later_and_was_written_to_hides_nothing():
	assert as_before(row(title="x", state="Done"), OLD, NOW, {}) is None
	assert as_before(row(title="x"), OLD, NOW, {}) is None


def test_a_field_that_is_none_any_more_is_read_from_its_column():
	assert as_before(row(title="x", state="Open"), OLD, NOW, {"points": 7}) == row(title="x", points=7)


def test_rows_of_tables_are_read_as_before_too():
	def held(**fields):
		return {"rows": [{"name": "1", "item": "a", **fields}]}

	now, before = row(state="Open"), row()
	assert as_before({**now, "tables": held(kind="Plain")}, OLD, NOW, {}) == {**before, "tables": held()}
	assert as_before({**now, "tables": held(kind="Odd")}, OLD, NOW, {}) is None
