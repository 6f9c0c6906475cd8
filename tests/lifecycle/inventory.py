"""Everything a site holds: its tables with their columns, and the name of every row, by table."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import frappe

# What Frappe writes as it goes along, whatever is installed.
LOGS = frozenset(
	{
		"tabActivity Log",
		"tabError Log",
		"tabInstalled Application",
		"tabRoute History",
		"tabScheduled Job Log",
		"tabSessions",
		"__global_search",
	}
)
# Frappe notes each change of the list of apps. Settings that were made safe stay safe when the app goes; this one had no value.
IGNORED = frozenset({"Installed Applications Installed Applications", "__default allowed_file_extensions"})
# Where the name of a row is random, or there is none.
KEYS = {
	"__Auth": ("doctype", "name"),
	"__UserSettings": ("doctype", "user"),
	"tabBlock Module": ("parent", "module"),
	"tabComment": ("reference_doctype", "reference_name", "comment_type"),
	"tabContact": ("email_id",),
	"tabContact Email": ("email_id",),
	"tabDefaultValue": ("parent", "defkey"),
	"tabDeleted Document": ("deleted_doctype", "deleted_name"),
	"tabDocField": ("parent", "fieldname"),
	"tabDocPerm": ("parent", "role", "permlevel"),
	"tabDocShare": ("share_doctype", "share_name"),
	"tabSingles": ("doctype", "field"),
	"tabUser Social Login": ("parent",),
	"tabVersion": ("ref_doctype", "docname"),
}


@contextlib.contextmanager
def connected(site: str) -> Iterator[None]:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	try:
		yield
	finally:
		frappe.destroy()


def take(site: str) -> dict[str, set[str]]:
	"""Names of the rows of each table; `columns` has one entry for each column of the database, `folders` one for each among the files."""
	with connected(site):
		tables = sorted(frappe.db.get_tables(cached=False))
		inventory = {table: set(_row_names(table)) - IGNORED for table in tables if table not in LOGS}
		inventory["columns"] = {f"{table}.{column}" for table in tables for column in _columns(table)}
		inventory["folders"] = {path.name for kind in ("private", "public") for path in _folders(kind)}
	return inventory


def told(site: str, events: set[str]) -> list[tuple[str, str | None]]:
	"""(verb, DocType) of these events of the audit log, in the order of their verbs."""
	with connected(site):
		fields = ["verb", "reference_doctype"]
		found = frappe.get_all("Audit Event", {"name": ["in", sorted(events)]}, fields)
		return sorted((event.verb, event.reference_doctype) for event in found)


def difference(before: dict[str, set[str]], after: dict[str, set[str]]) -> dict[str, list[str]]:
	"""What was added or lost, by table, with a sign before each name; empty when nothing changed."""
	changes = {
		table: [
			*(f"+ {name}" for name in sorted(after.get(table, set()) - before.get(table, set()))),
			*(f"- {name}" for name in sorted(before.get(table, set()) - after.get(table, set()))),
		]
		for table in {**before, **after}
	}
	return {table: names for table, names in sorted(changes.items()) if names}


def assert_same(before: dict[str, set[str]], after: dict[str, set[str]], beside: str | None = None) -> None:
	"""Nothing was added or lost, save rows whose names have the text `beside` in them."""
	kept = {table: _without(names, beside) for table, names in difference(before, after).items()}
	lines = [f"{table}: {', '.join(names[:20])}" for table, names in kept.items() if names]
	assert not lines, "\n".join(["the site changed:", *lines])


def _without(names: list[str], text: str | None) -> list[str]:
	return [name for name in names if text is None or text not in name]


def _folders(kind: str) -> list[Path]:
	return [path for path in Path(frappe.get_site_path(kind, "files")).rglob("*") if path.is_dir()]


def _row_names(table: str) -> Iterator[str]:
	columns = _columns(table)
	key = KEYS.get(table) or (("name",) if "name" in columns else columns[:1])
	source = frappe.qb.Table(table)
	for row in frappe.qb.from_(source).select(*(source[column] for column in key)).run():
		yield " ".join(str(value) for value in row)


def _columns(table: str) -> list[str]:
	return frappe.db.get_db_table_columns(table)
