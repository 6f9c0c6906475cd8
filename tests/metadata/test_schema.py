"""Every DocType of the app, checked without Frappe: in its place, whole, and pointing to what exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import app
import pytest

# DocTypes of Frappe that ours point to. A new one is added here on purpose.
FRAPPES = frozenset(
	{"Contact", "Country", "DocType", "File", "Language", "Role", "User", "Workflow", "Workflow State"}
)
# Attributes of Frappe's Document: a field of that name would hide them.
DOCUMENT_ATTRIBUTES = frozenset(
	"append as_dict as_json cancel check_permission db_get db_insert db_set db_update delete doctype extend flags"
	" get has_permission insert is_new items meta notify_update reload remove rename run_method save set submit"
	" update validate values lock unlock".split()
)
# Known by their number alone: a title would carry personal data into lists, links and notifications.
WITHOUT_TITLE = frozenset(
	{
		"Audit Export",
		"Audit Reconciliation",
		"Case Deadline Event",
		"Case Event",
		"Case Participant",
		"Citizen",
		"Interaction",
		"Program Version",
		"Recusal",
		"Sealed Evidence",
		"Sealed Matter",
		"Service Request",
	}
)
# Read by an endpoint that records each look; no list, form or report shows them.
OF_NOBODY = frozenset({"Sealed Evidence", "Sealed Matter"})
LINKS = frozenset({"Link", "Table", "Table MultiSelect"})
STANDARD_MARKS = {
	"Print Format": ("standard", "Yes"),
	"Report": ("is_standard", "Yes"),
	"Number Card": ("is_standard", 1),
	"Dashboard Chart": ("is_standard", 1),
	"Dashboard": ("is_standard", 1),
	"Notification": ("is_standard", 1),
	"Web Form": ("is_standard", 1),
}

everyone = pytest.mark.parametrize("name", sorted(app.doctypes()))


@pytest.mark.parametrize("path", sorted(app.records()), ids=app.short)
def test_a_record_lies_where_frappe_looks(path: Path):
	assert misplaced(path, app.records()[path]) == []


@everyone
def test_a_doctype_refers_to_fields_it_has(name: str):
	assert unknown_fields(app.doctypes()[name]) == []


@everyone
def test_a_doctype_points_to_doctypes_that_exist(name: str):
	assert unknown_doctypes(app.doctypes()[name], set(app.doctypes()) | FRAPPES) == []


@everyone
def test_no_field_hides_something_of_frappe_or_of_its_controller(name: str):
	schema = app.doctypes()[name]
	assert clashing_names(schema, _controller_names(schema)) == []


@everyone
def test_a_doctype_has_its_controller(name: str):
	schema = app.doctypes()[name]
	path = _controller(schema)
	classes = [node.name for node in app.tree(path).body if isinstance(node, ast.ClassDef)]
	assert name.replace(" ", "").replace("-", "") in classes
	assert (path.parent / "__init__.py").exists()


@everyone
def test_a_doctype_is_described_for_those_who_read_lists(name: str):
	assert hard_to_read(app.doctypes()[name]) == []


@everyone
def test_connections_lead_to_fields_that_exist(name: str):
	assert dead_connections(app.doctypes()[name]) == []


def misplaced(path: Path, record: dict) -> list[str]:
	"""What is wrong with the place and the marks of a record."""
	module, kind, folder = path.parts[-4:-1]
	mark = STANDARD_MARKS.get(record.get("doctype"))
	rules = {
		f"{record.get('name')!r} does not lie in a folder of its name": path.stem
		== folder
		== app.scrub(record["name"]),
		f"a {record.get('doctype')} does not belong under {kind}/": app.scrub(record["doctype"]) == kind
		or kind == f"{module}_dashboard",
		"its module is not that of the folder": record.get("module", app.modules()[module])
		== app.modules()[module],
		f"not marked as standard by {mark}": mark is None or record.get(mark[0]) == mark[1],
	}
	return [f"{app.short(path)}: {problem}" for problem, holds in rules.items() if not holds]


def unknown_fields(schema: dict) -> list[str]:
	"""Places of a DocType that name a field it does not have."""
	names = app.STANDARD_FIELDS | {field["fieldname"] for field in schema["fields"]}
	return [f"{where}: {field}" for where, field in _named_fields(schema) if field not in names]


def _named_fields(schema: dict) -> Iterator[tuple[str, str]]:
	for key in ("title_field", "image_field", "sort_field", "nsm_parent_field", "timeline_field"):
		if schema.get(key):
			yield key, schema[key]
	for field in filter(None, re.split(r"[,\s]+", schema.get("search_fields") or "")):
		yield "search_fields", field
	for field in schema.get("field_order", []):
		yield "field_order", field
	for field in schema["fields"]:
		yield from _fields_in_conditions(field)


def _fields_in_conditions(field: dict) -> Iterator[tuple[str, str]]:
	for key in ("depends_on", "mandatory_depends_on", "read_only_depends_on"):
		text = field.get(key) or ""
		named = re.findall(r"\bdoc\.(\w+)", text) if text.startswith("eval:") else [text] if text else []
		yield from ((f"{field['fieldname']}.{key}", name) for name in named if not name.startswith("__"))
	if field.get("fetch_from"):
		yield f"{field['fieldname']}.fetch_from", field["fetch_from"].split(".")[0]
	if field["fieldtype"] == "Dynamic Link":
		yield f"{field['fieldname']}.options", field["options"]


def unknown_doctypes(schema: dict, known: set[str]) -> list[str]:
	"""Links and tables of a DocType that point nowhere, and tables of what is no child table."""
	problems = []
	for field in schema["fields"]:
		if field["fieldtype"] not in LINKS:
			continue
		target = field.get("options")
		if target not in known:
			problems.append(f"{field['fieldname']}: no DocType {target!r}")
		elif field["fieldtype"] != "Link" and not app.doctypes().get(target, {}).get("istable"):
			problems.append(f"{field['fieldname']}: {target} is no child table")
	return problems


def clashing_names(schema: dict, controller: set[str]) -> list[str]:
	"""Fields whose names are taken, and fields that are there twice."""
	names = [field["fieldname"] for field in schema["fields"]]
	# A virtual field is a property of the controller; what holds no value can hide nothing.
	free = {field["fieldname"] for field in schema["fields"] if field.get("is_virtual") or _is_layout(field)}
	reserved = app.STANDARD_FIELDS | DOCUMENT_ATTRIBUTES | (controller - free)
	return sorted({name for name in names if name in reserved or names.count(name) > 1})


def _has_readable_name(schema: dict) -> bool:
	return schema.get("autoname", "").startswith(("field:", "prompt"))


def _is_layout(field: dict) -> bool:
	return field["fieldtype"].endswith("Break") or field["fieldtype"] in (
		"Button",
		"HTML",
		"Heading",
		"Image",
	)


def hard_to_read(schema: dict) -> list[str]:
	"""What a DocType of its own lacks for list, search and history."""
	if schema.get("istable") or schema.get("issingle"):
		return []
	columns = [field["fieldname"] for field in schema["fields"] if field.get("in_list_view")]
	rules = {
		"no description": bool(schema.get("description")),
		"no title field": bool(schema.get("title_field"))
		or schema["name"] in WITHOUT_TITLE
		or _has_readable_name(schema),
		"no search fields": bool(schema.get("search_fields")),
		f"{len(columns)} list columns": 2 <= len(columns) <= 6,
		"permissions of nobody": bool(schema.get("permissions")) or schema["name"] in OF_NOBODY,
	}
	return [problem for problem, holds in rules.items() if not holds]


def dead_connections(schema: dict) -> list[str]:
	"""Rows of the connections tab whose DocType or field is not there."""
	dead = []
	for row in schema.get("links", []):
		target, field = row["link_doctype"], row["link_fieldname"]
		if target in app.doctypes() and field not in app.fieldnames(target):
			dead.append(f"{target}.{field}")
		elif target not in app.doctypes() and target not in FRAPPES:
			dead.append(target)
	return dead


def _controller(schema: dict) -> Path:
	name = app.scrub(schema["name"])
	return app.PACKAGE / app.scrub(schema["module"]) / "doctype" / name / f"{name}.py"


def _controller_names(schema: dict) -> set[str]:
	"""Methods and properties of the controller's class; types declared for a checker are no names of its own."""
	classes = [node for node in app.tree(_controller(schema)).body if isinstance(node, ast.ClassDef)]
	return {child.name for node in classes for child in node.body if isinstance(child, ast.FunctionDef)}
