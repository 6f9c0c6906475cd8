"""The columns of an export: those that its reader may read, in the record itself and in the rows of its tables.

Frappe takes fields above the level of the user out of lists. Data Import's and Data Export's files read the rows of tables past
the lists, with whatever columns were asked for; and a column that is not shown tells what it holds when it is filtered by.
"""

import frappe
from frappe import _
from frappe.core.doctype.data_export.exporter import DataExporter
from frappe.core.doctype.data_import.exporter import Exporter

from govcrm.domain.query_terms import NotPlain
from govcrm.gate import terms
from govcrm.wrapping import wrap


def install() -> None:
	wrap(Exporter, "get_all_exportable_fields", _readable_of_template)
	wrap(Exporter, "get_data_as_docs", _by_readable_filters)
	wrap(DataExporter, "build_field_columns", _columns_of_readable)
	wrap(DataExporter, "append_field_column", _readable_of_export)
	wrap(DataExporter, "add_data", _by_plain_filters)


def is_readable(doctype: str, level: int | None, parent: str | None = None) -> bool:
	"""Whether the user may read fields of this level; of a table's rows by the rights to the record `parent`."""
	if not level or frappe.session.user == "Administrator":
		return True
	meta = frappe.get_meta(doctype)
	return level in meta.get_permlevel_access("read", parenttype=parent if meta.istable else None)


# Data Import: files to fill in, and records to change ----------------------------------------------------------


def _readable_of_template(find):
	def get_all_exportable_fields(self):
		found = find(self)
		shown = {key: _within(self, key, fields) for key, fields in found.items()}
		return frappe._dict({key: fields for key, fields in shown.items() if fields or key == self.doctype})

	return get_all_exportable_fields


def _within(exporter: Exporter, key: str, fields: list) -> list:
	"""`key` is the DocType, or the name of one of its tables."""
	table = None if key == exporter.doctype else exporter.meta.get_field(key)
	if table and not is_readable(exporter.doctype, table.permlevel):
		return []
	doctype = table.options if table else key
	return [df for df in fields if is_readable(doctype, df.get("permlevel"), exporter.doctype)]


def _by_readable_filters(read):
	def get_data_as_docs(self):
		_refuse_unreadable(self.doctype, self.export_filters)
		yield from read(self)

	return get_data_as_docs


# Data Export -----------------------------------------------------------------------------------------------


def _readable_of_export(append):
	def append_field_column(self, docfield, for_mandatory):
		if docfield and _is_in_reach(self, docfield.get("parent"), docfield):
			append(self, docfield, for_mandatory)

	return append_field_column


def _columns_of_readable(build):
	"""Of a table that the user may not read, or no column of it, nothing is written; for none Frappe has no place."""

	def build_field_columns(self, dt, parentfield=None):
		if not parentfield or _is_table_in_reach(self, dt, parentfield):
			build(self, dt, parentfield)

	return build_field_columns


def _is_table_in_reach(exporter: DataExporter, doctype: str, parentfield: str) -> bool:
	table = frappe.get_meta(exporter.doctype).get_field(parentfield)
	fields = frappe.get_meta(doctype).fields
	return _is_in_reach(exporter, exporter.doctype, table) and any(
		_is_in_reach(exporter, doctype, df) and not df.hidden for df in fields
	)


def _by_plain_filters(add):
	def add_data(self):
		_refuse_unreadable(self.doctype, self.filters)
		add(self)

	return add_data


def _is_in_reach(exporter: DataExporter, doctype: str | None, df) -> bool:
	return not doctype or is_readable(doctype, df.get("permlevel"), exporter.parent_doctype)


def _refuse_unreadable(doctype: str, filters: object) -> None:
	"""Raises PermissionError where a filter asks about a field that the user may not read."""
	if not filters or frappe.session.user == "Administrator":
		return
	try:
		terms.check(doctype, {"filters": filters})
	except (NotPlain, terms.NotReadable) as error:
		message = _("{0} is no field that you may filter an export by.")
		frappe.throw(
			message.format(frappe.utils.escape_html(str(error.args[0])[:80])), frappe.PermissionError
		)
