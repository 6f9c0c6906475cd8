"""The doors through which records are read and leave the site, and what each is asked for.

By the names under which they are called. What stands in no door's line is not watched: a new way to read a record gets
its line here, other apps give theirs in the hook `govcrm_watched_doors` ({method: dotted name of a `Door`}).
"""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

import frappe
from frappe.api import API_URL_MAP
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request

from govcrm.accountability.watching.asked import (
	COUNT,
	DOWNLOAD,
	EXPORT,
	LIST,
	PRINT,
	READ,
	REQUEST,
	RUN_REPORT,
	SEARCH,
	Asked,
	Door,
	export,
	mailed,
	names_in,
	of_type,
	one,
	printed,
	printed_many,
	report,
	template,
	text,
)

_LISTS = one(LIST, name="")
_LOOKS_UP = one(SEARCH, name="")
_COUNTS = one(COUNT, name="")
DOORS: dict[str, Door] = {
	"frappe.desk.form.load.getdoc": one(READ),
	"frappe.desk.form.load.get_docinfo": one(READ),
	"frappe.desk.form.load.get_communications": one(READ),
	"frappe.client.get": one(READ),
	"frappe.client.get_value": _LISTS,
	"frappe.client.get_list": _LISTS,
	"frappe.desk.reportview.get": _LISTS,
	"frappe.desk.reportview.get_list": _LISTS,
	"frappe.client.get_count": _COUNTS,
	"frappe.desk.reportview.get_count": _COUNTS,
	"frappe.desk.reportview.get_stats": _COUNTS,
	"frappe.desk.reportview.get_sidebar_stats": _COUNTS,
	"frappe.desk.reportview.get_filter_dashboard_data": _COUNTS,
	"frappe.desk.listview.get_group_by_count": _COUNTS,
	"govcrm.api.intake.find_citizen": lambda form: [Asked(SEARCH, "Citizen", (), {"columns": "identity"})],
	"frappe.desk.search.search_link": _LOOKS_UP,
	"frappe.desk.search.search_widget": _LOOKS_UP,
	"frappe.www.printview.get_html_and_style": printed,
	"frappe.www.printview.get_rendered_raw_commands": printed,
	"frappe.utils.print_format.download_pdf": one(PRINT),
	"frappe.utils.print_format.download_multi_pdf": printed_many,
	"frappe.utils.print_format.download_multi_pdf_async": printed_many,
	"frappe.utils.print_format.print_by_server": one(PRINT),
	"frappe.utils.print_format.report_to_pdf": lambda form: [Asked(EXPORT, None, (), {"format": "PDF"})],
	"frappe.utils.weasyprint.download_pdf": one(PRINT),
	"govcrm.api.accountability.history.page": one(READ),
	"govcrm.api.accountability.history.pdf": one(PRINT),
	"frappe.core.doctype.communication.email.make": mailed,
	"download_file": lambda form: _file(form.get("file_url"), form),
	"frappe.handler.download_file": lambda form: _file(form.get("file_url"), form),
	"frappe.core.api.file.zip_files": of_type(DOWNLOAD, "File", "files"),
	"frappe.desk.reportview.export_query": export(),
	"frappe.desk.query_report.export_query": report(EXPORT),
	"frappe.desk.query_report.run": report(RUN_REPORT),
	"frappe.core.doctype.prepared_report.prepared_report.make_prepared_report": report(RUN_REPORT),
	"frappe.core.doctype.prepared_report.prepared_report.download_attachment": of_type(
		EXPORT, "Prepared Report", "dn"
	),
	"frappe.core.doctype.data_export.exporter.export_data": export(),
	"frappe.core.doctype.data_import.data_import.download_template": template,
	"frappe.core.doctype.data_import.data_import.download_errored_template": of_type(
		EXPORT, "Data Import", "data_import_name"
	),
	"frappe.core.doctype.data_import.data_import.download_import_log": of_type(
		EXPORT, "Data Import", "data_import_name"
	),
	"frappe.email.doctype.auto_email_report.auto_email_report.download": of_type(
		EXPORT, "Auto Email Report", "name"
	),
	"frappe.contacts.doctype.contact.contact.download_vcard": of_type(EXPORT, "Contact", "contact"),
	"frappe.contacts.doctype.contact.contact.download_vcards": of_type(EXPORT, "Contact", "contacts"),
}

# Names of functions behind the paths of both versions of REST.
_BY_PATH = {"read_doc": READ, "copy_doc": READ, "document_list": LIST, "count": COUNT}
_OF_DOCTYPES = ("/resource/", "/document/", "/doctype/")
_FILES, _BACKUPS = "/private/files/", "/backups/"


def asked(request: Request) -> list[Asked]:
	"""What the request was asking for; [] for nearly all."""
	path = request.path
	if path.startswith("/api/"):
		return _of_api(request, path)
	if path.startswith(_FILES):
		return _file(path, frappe.form_dict)
	if path.startswith(_BACKUPS):
		return [Asked(EXPORT, None, (), {"backup": path.removeprefix(_BACKUPS)})]
	if path.strip("/").partition(".")[0] == "printview":  # the page is found as printview.html too
		return list(one(PRINT)(frappe.form_dict))
	return _called(frappe.form_dict.get("cmd"))


def named(request: Request) -> Asked | None:
	"""The record that a request which is no look names, by the words Frappe has for that."""
	form = frappe.form_dict
	found = _by_path(request) or {}
	doctype = found.get("doctype") or form.get("doctype") or form.get("dt")
	names = names_in(found.get("name") or form.get("name") or form.get("dn"))
	return Asked(REQUEST, doctype, names) if text(doctype) else None


def method_of(request: Request) -> str | None:
	"""The name of the function that was called, if the request calls one."""
	if cmd := frappe.form_dict.get("cmd"):
		return str(cmd)
	_before, found, method = request.path.partition("/method/")
	return method.strip("/") if found else None


def _of_api(request: Request, path: str) -> list[Asked]:
	if method := method_of(request):
		return _called(method)
	found = _by_path(request) if request.method == "GET" else None
	verb = found and _BY_PATH.get(found["endpoint"])
	return [Asked(verb, found["doctype"], names_in(found.get("name")))] if verb else []


def _by_path(request: Request) -> dict[str, str] | None:
	"""What Frappe's own map of paths says of a path that names a DocType."""
	if not any(word in request.path for word in _OF_DOCTYPES):
		return None
	try:
		endpoint, values = API_URL_MAP.bind_to_environ(request.environ).match()
	except HTTPException:
		return None
	return {"endpoint": getattr(endpoint, "__name__", ""), **values} if "doctype" in values else None


def _called(method: str | None) -> list[Asked]:
	door = method and (DOORS.get(method) or _of_others(method))
	return list(door(frappe.form_dict)) if door else []


def _of_others(method: str) -> Door | None:
	named = (frappe.get_hooks("govcrm_watched_doors") or {}).get(method)
	return frappe.get_attr(named[-1]) if named else None


def _file(url: Any, form: Mapping[str, Any]) -> Iterable[Asked]:
	"""The file of this address; when several records share it, the one that was asked for or each."""
	if not isinstance(url, str) or not url.startswith(_FILES):
		return []
	filters = {"name": str(form["fid"])} if form.get("fid") else {"file_url": unquote(url)}
	names = frappe.get_all("File", filters=filters, pluck="name", limit=20, order_by="creation")
	return [Asked(DOWNLOAD, "File", tuple(names))]
