"""Every place that writes rows past the documents, and how the audit trail learns of it.

A document that is saved is seen by its doc events, and so is what `frappe.db.set_value` changes: the trail stands in between.
Everything else has to say itself what it did. `PLACES` names each such place by file and function; what a place
does not tell, it must not need to.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import app

SEEN = "seen"  # by doc events or the wrapper around `frappe.db.set_value`
TOLD = "told"  # `by`, which writes by way of this place, then tells the trail by `calling`
DERIVED = "derived"  # writes nothing but fields that no row hash covers: `fields` of `doctype`
APART = "apart"  # what no trail is kept of: `why`

IN_BULK = {"bulk_insert", "bulk_update", "delete", "truncate", "rename_table"}
DOCUMENTS = {"db_insert", "db_update", "db_update_all", "db_set"}
VALUES = {"set_value", "set_single_value"}
DRIVER = {"execute", "executemany", "query"}
WRITERS = {"insert_many", "execute_many"}
BUILDER = {"update", "into"}


@dataclass(frozen=True)
class Place:
	how: str
	by: str = ""
	calling: str = ""
	doctype: str = ""
	fields: tuple[str, ...] = ()
	why: str = ""


def seen() -> Place:
	return Place(SEEN)


def told(by: str, calling: str) -> Place:
	return Place(TOLD, by=by, calling=calling)


def derived(doctype: str, *fields: str) -> Place:
	return Place(DERIVED, doctype=doctype, fields=fields)


def apart(why: str) -> Place:
	return Place(APART, why=why)


WHEN_CHANGED = "of all rows, when they were last changed is what no row hash covers"
# Folders whose tables are the log itself.
LOG = "accountability/"

PLACES = {
	"appending.py::append": seen(),
	"compat.py::empty": apart("a copied site leaves the log of the original, and begins one of its own"),
	"compat.py::_touch": apart("a row is locked; it stays as it is"),
	"sqlite.py::_begin_to_write": apart("a transaction is begun; the statement that follows is Frappe's"),
	"casework/clocks/records.py::insert": told("casework/clocks/records.py::save", "tell"),
	"casework/clocks/records.py::update": told("casework/clocks/records.py::save", "tell"),
	"casework/clocks/summary.py::refresh_case": seen(),
	"casework/clocks/summary.py::tell_requests": seen(),
	"casework/doctype/request_import/request_import.py::RequestImport.start": seen(),
	"casework/importing/builder.py::RequestBuilder._insert": told(
		"casework/importing/builder.py::RequestBuilder.write", "recording.record"
	),
	"casework/importing/jobs.py::keep": seen(),
	"casework/importing/runner.py::Run.checkpoint": seen(),
	"casework/importing/writer.py": apart("what others write with: those who call it are named here"),
	"casework/participation.py::_mark_shared": derived("Case", "shared"),
	"casework/queues/turns.py::_claim": derived("Department Member", "last_given"),
	"casework/evidence/moving.py::_give_back": seen(),
	"casework/evidence/moving.py::_take_in": seen(),
	"casework/evidence/records.py::drop": seen(),
	"casework/sealed/copies.py::_empty": seen(),
	"casework/sealed/copies.py::_empty_columns": apart("columns of Frappe's own, which no row hash covers"),
	"casework/sealed/copies.py::_forget": apart("the index of the global search, made of what records say"),
	"casework/sealed/copies.py::_go": seen(),
	"casework/sealed/copies.py::_rewrite": apart(
		"Frappe's history loses the words; who changed what and when stays"
	),
	"casework/sealed/matter.py::take": seen(),
	"casework/sealed/moving.py::_set": seen(),
	"casework/sweep/effects.py::settle": seen(),
	"casework/sweep/marking.py::postpone": derived("Case Deadline", "next_at"),
	"casework/sweep/rows.py::insert": told("casework/sweep/marking.py::write", "recording.record"),
	"casework/sweep/rows.py::move_clocks": told("casework/sweep/marking.py::write", "recording.record"),
	"casework/sweep/rows.py::show": derived("Case", "deadline_status"),
	"reports/statistics/editions.py::_replace": told("reports/statistics/editions.py::issue", "trail.record"),
	"reports/statistics/editions.py::issue": told("reports/statistics/editions.py::issue", "trail.record"),
	"service_catalogue/versions.py::refresh": derived("Agency Program", "current_version"),
	"setup/demo/catalogue.py::backdate": apart(WHEN_CHANGED),
	"setup/demo/residents.py::backdate": apart(WHEN_CHANGED),
	"setup/demo/year.py::write": told("setup/demo/year.py::make_year", "telling.record"),
	"files/closing.py::_tell": seen(),
	"files/closing.py::_follow_in_field": seen(),
	"files/closing.py::_follow_in_comments": seen(),
	"setup/first_run.py::start_tasks": seen(),
	"setup/links.py::remove": apart("the app goes, and its log with it"),
	"setup/uninstall.py": apart("the app goes, and its log with it"),
	"workflows/designers.py::revoke": apart("the app goes, and its log with it"),
	"workflows/designers.py::_close_builder": seen(),
}


def found_in(tree: ast.Module) -> Iterator[tuple[str, str]]:
	"""(function with its class, what is called there) of every raw write in a module."""
	yield from _walk(tree, ())


def _walk(node: ast.AST, within: tuple[str, ...]) -> Iterator[tuple[str, str]]:
	for child in ast.iter_child_nodes(node):
		if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
			yield from _walk(child, (*within, child.name))
			continue
		if isinstance(child, ast.Call) and (call := _raw(child)):
			yield ".".join(within), call
		yield from _walk(child, within)


def _raw(call: ast.Call) -> str | None:
	if isinstance(call.func, ast.Name):
		return call.func.id if call.func.id in WRITERS else None
	if not isinstance(call.func, ast.Attribute):
		return None
	owner, name = ast.unparse(call.func.value), call.func.attr
	return f"{owner}.{name}" if _is_raw(owner, name) else None


def _is_raw(owner: str, name: str) -> bool:
	if owner.split(".")[-1] == "db" or owner == "Database":
		return name in IN_BULK | VALUES
	if "qb" in owner.split("(")[0].split("."):
		return name in BUILDER | {"delete"}
	if owner.endswith(("_cursor", "_conn")):
		return name in DRIVER
	return name in DOCUMENTS | WRITERS or name == "delete"


def places() -> dict[str, list[str]]:
	"""What is written past the documents in the app's code, by place."""
	found: dict[str, list[str]] = {}
	for path in app.sources():
		file = path.relative_to(app.PACKAGE).as_posix()
		for function, call in found_in(app.tree(path)):
			found.setdefault(f"{file}::{function}", []).append(call)
	return found


def place_of(key: str) -> Place | None:
	file = key.split("::")[0]
	if file.startswith(LOG):
		return apart("the log's own tables")
	return PLACES.get(key) or PLACES.get(file)


def function(key: str) -> ast.FunctionDef | None:
	"""The function that a key names."""
	file, name = key.split("::")
	node: ast.AST | None = app.tree(Path(app.PACKAGE, file))
	for part in name.split("."):
		node = next((one for one in ast.walk(node) if getattr(one, "name", None) == part), None)
		if node is None:
			return None
	return node
