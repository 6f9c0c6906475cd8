"""What is written past the documents is known, and the audit trail learns of it."""

import ast
import runpy

import app
import pytest
import raw_writes
from raw_writes import APART, DERIVED, TOLD

FOUND = raw_writes.places()
DERIVED_FIELDS = runpy.run_path(str(app.PACKAGE / "hooks.py"))["govcrm_audit_derived_fields"]


@pytest.mark.parametrize("key", sorted(FOUND))
def test_every_raw_write_says_how_the_trail_learns_of_it(key: str):
	assert raw_writes.place_of(key), (
		f"{key} writes rows past the documents ({', '.join(FOUND[key])}). Tell the audit trail with"
		" govcrm.accountability.trail.record or record_many, and name the place in tests/metadata/raw_writes.py."
	)


def test_no_place_is_named_that_writes_nothing():
	files = {key.split("::")[0] for key in FOUND}
	assert [key for key in raw_writes.PLACES if key not in FOUND and key not in files] == []


@pytest.mark.parametrize("key", [key for key, place in raw_writes.PLACES.items() if place.how == TOLD])
def test_what_is_told_is_told_by_code(key: str):
	place = raw_writes.PLACES[key]
	by = raw_writes.function(place.by)
	assert by, "there is no such function"
	assert place.calling in {ast.unparse(node.func) for node in ast.walk(by) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("key", [key for key, place in raw_writes.PLACES.items() if place.how == DERIVED])
def test_what_is_called_derived_is_covered_by_no_row_hash(key: str):
	place = raw_writes.PLACES[key]
	assert set(place.fields) <= set(DERIVED_FIELDS.get(place.doctype, ()))


def test_derived_fields_are_fields():
	for doctype, fields in DERIVED_FIELDS.items():
		if doctype in app.doctypes():
			assert set(fields) <= app.fieldnames(doctype), doctype


def test_what_is_set_apart_says_why():
	assert [key for key, place in raw_writes.PLACES.items() if place.how == APART and not place.why] == []


@pytest.mark.parametrize(
	"source",
	[
		"frappe.db.set_value('Case', name, 'status', 'x')",
		"frappe.local.db.delete('Case')",
		"frappe.db.bulk_insert('Case', fields, values)",
		"frappe.qb.update(case).set(case.status, 1).where(case.name == name).run()",
		"frappe.qb.from_(case).where(case.name == name).delete().run()",
		"frappe.qb.into(case).insert(1).run()",
		"doc.db_set('status', 'x')",
		"insert_many('Case', columns, rows)",
		"writer.insert_many('Case', columns, rows)",
		"frappe.db._cursor.execute(text)",
	],
)
def test_a_raw_write_is_recognised(source: str):
	tree = ast.parse(f"class Some:\n\tdef act(self):\n\t\t{source}")
	assert {place for place, _call in raw_writes.found_in(tree)} == {"Some.act"}


def test_reading_is_no_raw_write():
	tree = ast.parse(
		"def act():\n\tfrappe.db.get_value('Case', 'x')\n\tfrappe.qb.from_(case).select(1).run()"
	)
	assert list(raw_writes.found_in(tree)) == []
