"""What Frappe has copied of a case elsewhere: histories, logs, queues, indexes. Nobody gets these back when the case is opened.

The audit log stays as it is: what it says of a case is closed under the key of the case.
"""

import json
from collections.abc import Callable, Iterable

import frappe
from frappe.query_builder import Criterion

from govcrm.access import versions
from govcrm.accountability.guard import writing
from govcrm.casework.sealed import hanging
from govcrm.casework.sealed.hanging import Names

# Rows that go, with the satellites that hang on them: {DocType: those}.
GOING = {
	"Email Queue": "Email Queue Recipient",
	"Error Log": None,
	"Tag Link": None,
	"Integration Request": None,
	"Webhook Request Log": None,
	"Milestone": None,
}
# Rows that stay without these fields.
EMPTIED = {
	"Activity Log": ("subject", "content", "full_name"),
	"Discussion Reply": ("reply",),
	"Discussion Topic": ("title",),
	"Energy Point Log": ("reason",),
	"Notification Log": ("subject", "email_content"),
	"Reminder": ("description",),
	"Submission Queue": ("exception",),
	"Transaction Log": ("data",),
}
# Columns that Frappe keeps beside the fields of a record.
COLUMNS = ("_comments", "_user_tags")
AT_ONCE = 200


def remove(case: str) -> int:
	"""Remove or empty every copy; gives how many rows."""
	records = hanging.records_of(case)
	done = sum(_go(doctype, inner, records) for doctype, inner in GOING.items())
	done += sum(_empty(doctype, fields, records) for doctype, fields in EMPTIED.items())
	done += _mask_versions(records) + _empty_deleted(records)
	_empty_columns(records)
	_forget(records)
	return done


def _go(doctype: str, inner: str | None, records: Names) -> int:
	names = hanging.hung_on(doctype, records) if frappe.db.exists("DocType", doctype) else []
	for some in _batches(names):
		if inner:
			frappe.db.delete(inner, {"parent": ("in", some)})
		frappe.db.delete(doctype, {"name": ("in", some)})
	return len(names)


def _empty(doctype: str, fields: Iterable[str], records: Names) -> int:
	if not frappe.db.exists("DocType", doctype):
		return 0
	meta, names = frappe.get_meta(doctype), hanging.hung_on(doctype, records)
	values = {field: _nothing(meta, field) for field in fields if meta.has_field(field)}
	for some in _batches(names if values else []):
		frappe.db.set_value(doctype, {"name": ("in", some)}, values, update_modified=False)
	return len(names)


def _nothing(meta, field: str) -> str | None:
	return "Sealed" if meta.get_field(field).reqd or field == meta.title_field else None


def _mask_versions(records: Names) -> int:
	"""Who changed which field and when remains, as with the fields of levels."""
	return _rewrite("Version", "data", hanging.hung_on("Version", records), _masked)


def _masked(row: frappe._dict) -> str:
	return versions.masked(row.ref_doctype, row.data)


def _empty_deleted(records: Names) -> int:
	"""What was deleted is kept whole, and says in its text what it hung on."""
	table = frappe.qb.DocType("Deleted Document")
	found: set[str] = set()
	for some in _batches(sorted({name for names in records.values() for name in names})):
		mentions = Criterion.any(table.data.like(f'%"{name}"%') for name in some)
		found.update(frappe.qb.from_(table).select(table.name).where(mentions).run(pluck=True))
	return _rewrite("Deleted Document", "data", sorted(found), _bare)


def _bare(row: frappe._dict) -> str:
	data = json.loads(row.data or "{}")
	return json.dumps({field: data.get(field) for field in ("doctype", "name", "owner", "creation", "case")})


def _rewrite(doctype: str, field: str, names: list[str], rewritten: Callable[[frappe._dict], str]) -> int:
	for some in _batches(names):
		for row in frappe.get_all(doctype, {"name": ("in", some)}, ["*"]):
			with writing():  # the history of governed records is kept: here it keeps all but the words
				frappe.db.set_value(doctype, row.name, field, rewritten(row), update_modified=False)
	return len(names)


def _empty_columns(records: Names) -> None:
	for doctype, names in records.items():
		columns = [column for column in COLUMNS if frappe.db.has_column(doctype, column)]
		table = frappe.qb.DocType(doctype)
		for column in columns:
			frappe.qb.update(table).set(table[column], None).where(table.name.isin(names)).run()


def _forget(records: Names) -> None:
	"""Search and caches."""
	search = frappe.qb.Table("__global_search")
	for doctype, names in records.items():
		frappe.qb.from_(search).delete().where((search.doctype == doctype) & search.name.isin(names)).run()
		for name in names:
			frappe.clear_document_cache(doctype, name)


def _batches(names: list[str]) -> Iterable[list[str]]:
	return (names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE))
