"""Each check finds what it is there to find: a broken example for every rule."""

import ast
from pathlib import Path

import app
import pytest
import test_desk_records as desk
import test_documents as documents
import test_house_rules as house
import test_paths as paths
import test_schema as schema
from resolving import resolves

CASE = app.doctypes()["Case"]


def broken(**changes) -> dict:
	return {**CASE, **changes}


def with_field(**field) -> dict:
	return broken(fields=[*CASE["fields"], {"fieldname": "extra", "fieldtype": "Data", **field}])


@pytest.mark.parametrize(
	"bad",
	[
		broken(title_field="nowhere"),
		broken(search_fields="subject,nowhere"),
		broken(field_order=[*CASE["field_order"], "nowhere"]),
		with_field(depends_on="eval:doc.nowhere"),
		with_field(fetch_from="nowhere.name"),
		with_field(fieldtype="Dynamic Link", options="nowhere"),
	],
)
def test_a_field_that_is_not_there_is_found(bad: dict):
	assert len(schema.unknown_fields(bad)) == 1


@pytest.mark.parametrize(
	"bad",
	[
		with_field(fieldtype="Link", options="Issue"),
		with_field(fieldtype="Table", options="Case"),
		with_field(fieldtype="Link"),
	],
)
def test_a_link_to_nowhere_is_found(bad: dict):
	assert len(schema.unknown_doctypes(bad, set(app.doctypes()) | schema.FRAPPES)) == 1


@pytest.mark.parametrize("name", ["owner", "save", "subject", "close"])
def test_a_name_that_is_taken_is_found(name: str):
	assert schema.clashing_names(with_field(fieldname=name), {"close"}) == [name]


@pytest.mark.parametrize(
	"bad",
	[broken(description=""), broken(title_field=None), broken(search_fields=""), broken(permissions=[])],
)
def test_a_doctype_hard_to_read_is_found(bad: dict):
	assert len(schema.hard_to_read(bad)) == 1


@pytest.mark.parametrize("row", [("Case Task", "nowhere"), ("Issue", "case")])
def test_a_dead_connection_is_found(row: tuple):
	links = [{"link_doctype": row[0], "link_fieldname": row[1]}]
	assert len(schema.dead_connections(broken(links=links))) == 1


@pytest.mark.parametrize(
	("place", "record"),
	[
		("casework/doctype/cases/cases.json", CASE),
		("casework/report/case/case.json", CASE),
		("constituents/doctype/case/case.json", CASE),
		(
			"casework/number_card/open/open.json",
			{"doctype": "Number Card", "name": "Open", "module": "Casework", "is_standard": 0},
		),
	],
)
def test_a_record_in_the_wrong_place_is_found(place: str, record: dict):
	assert len(schema.misplaced(app.PACKAGE / place, record)) == 1


@pytest.mark.parametrize(
	"path", ["govcrm.nowhere", "govcrm.setup.install.nowhere", "govcrm.setup.install.set_up.more"]
)
def test_a_path_to_nothing_does_not_resolve(path: str):
	assert not resolves(path)
	assert paths.uncallable(f'frappe.call("{path}.x")')


def test_a_path_to_a_method_of_a_class_resolves():
	assert resolves("govcrm.tests.GovCRMTestCase.setUp")


def test_a_function_that_is_not_whitelisted_cannot_be_called_from_the_browser():
	assert paths.uncallable('frappe.call({method: "govcrm.setup.install.set_up"})')


def test_a_broken_patch_is_found():
	lines = ["[post_model_sync]", "# a remark", "govcrm.patches.v1_0.nowhere", "govcrm.setup.install"]
	assert paths.broken_patches(lines) == ["govcrm.patches.v1_0.nowhere", "govcrm.setup.install"]


def test_a_missing_file_in_hooks_is_found():
	hooks = ast.parse(
		'doctype_js = {"Case": "public/js/nowhere.js"}\nlogo = "/assets/govcrm/images/govcrm.svg"'
	)
	assert paths.missing_files(hooks) == ["public/js/nowhere.js"]


@pytest.mark.parametrize(
	("path", "line"),
	[
		("domain/access.py", "import frappe"),
		("domain/access.py", "from govcrm.casework import opening"),
		("casework/doctype/case/case.py", "from govcrm.api.intake import services"),
		("permissions.py", "def f():\n\timport govcrm.tasks"),
	],
)
def test_an_import_against_the_direction_is_found(path: str, line: str):
	assert len(house.forbidden_imports(path, ast.parse(line))) == 1


@pytest.mark.parametrize(
	("path", "line"),
	[
		("api/x.py", 'frappe.db.sql("select 1")'),
		("api/x.py", '_(f"Hello {name}")'),
		("api/x.py", 'frappe.throw("Not allowed")'),
		("api/x.py", 'return f"{url}" + "/app/case"'),
		("api/x.py", "doc.insert(ignore_permissions=True)"),
		("api/x.py", "frappe.db.commit()"),
		("casework/doctype/case/case.py", "# because\nfrappe.db.commit()"),
	],
)
def test_a_bad_habit_is_found(path: str, line: str):
	assert len(house.bad_habits(path, line)) == 1


@pytest.mark.parametrize(
	"head",
	[
		"@frappe.whitelist()\ndef f() -> None: ...",
		'@frappe.whitelist(methods=["POST"])\ndef f(): ...',
		'@frappe.whitelist(methods=["POST"])\ndef f(a) -> None: ...',
		'@frappe.whitelist(methods=["POST"])\ndef f(*, a) -> None: ...',
	],
)
def test_a_loose_endpoint_is_found(head: str):
	assert len(house.loose_endpoints(ast.parse(head))) == 1


def test_a_dead_end_of_a_workspace_is_found():
	content = '[{"type": "number_card", "data": {"number_card_name": "Nowhere"}}]'
	workspace = {"links": [{"label": "x", "link_to": "Issue"}], "content": content}
	assert len(list(desk.dead_ends(workspace))) == 2


def test_a_card_of_an_unknown_field_is_found():
	card = {"document_type": "Case", "filters_json": '[["Case", "nowhere", "=", 1]]', "based_on": "subject"}
	assert list(desk.unknown_fields(card)) == ["nowhere"]


def test_a_dead_reference_in_a_document_is_found(tmp_path: Path):
	text = "See [this](nowhere.md), [that](https://example.org) and `govcrm/nowhere.py`."
	assert documents.dead_references(text, tmp_path) == ["nowhere.md", "govcrm/nowhere.py"]
