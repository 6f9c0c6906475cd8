"""Doors that are no functions: the two REST interfaces, pages, files; and functions that are told more than names."""

import json
from collections.abc import Iterator

import frappe

from govcrm.tests.canaries.asking import Ask
from govcrm.tests.canaries.stage import Stage
from govcrm.tests.canaries.synthesiser import OUTSIDER, Site, Target

LIKE = json.dumps([["name", "like", "%"]])
METHOD = "/api/method/frappe."


def asks(stage: Stage, about: list[Target], site: Site) -> Iterator[Ask]:
	for doctype in dict.fromkeys(target.doctype for target in about):
		yield from _lists(doctype)
	for target in about:
		yield from _records(target)
		yield from _pages(target)
		yield from _acts(target)
	yield from _reports()
	yield from _cards_and_charts()
	yield from _searches()
	yield from _web_pages()
	for url in stage.urls.values():
		yield Ask(url, of="file")
		yield Ask("/api/method/frappe.core.doctype.file.file.download_file", {"file_url": url}, of="file")
		yield Ask(METHOD + "client.insert", {"doc": {"doctype": "File", "file_url": url}}, "POST", of="file")


def _lists(doctype: str) -> Iterator[Ask]:
	every = {"fields": '["*"]', "limit_page_length": "0"}
	yield Ask(f"/api/resource/{doctype}", every)
	yield Ask(f"/api/resource/{doctype}", {**every, "or_filters": LIKE, "parent": "Case"})
	yield Ask(f"/api/v2/document/{doctype}", {"fields": '["*"]', "limit": "0"})
	yield Ask(f"/api/v2/doctype/{doctype}/count")
	for parent in ("Case", "Citizen", "Service Request", "Communication", "Email Queue", "User"):
		args = {"doctype": doctype, "fields": '["*"]', "parent": parent, "limit_page_length": "500"}
		yield Ask(METHOD + "client.get_list", args, "POST")
	listed = {"doctype": doctype, "fields": '["*"]', "page_length": "500", "start": "0"}
	yield Ask(METHOD + "desk.reportview.get", listed, "POST")
	yield Ask(METHOD + "desk.reportview.get_list", listed, "POST")
	for form in ("CSV", "Excel"):
		exported = {"doctype": doctype, "fields": '["name", "owner"]', "file_format_type": form, "title": "x"}
		yield Ask(METHOD + "desk.reportview.export_query", exported, "POST")
	looked_up = {"doctype": doctype, "txt": "", "page_length": "500", "ignore_user_permissions": "1"}
	yield Ask(METHOD + "desk.search.search_link", looked_up, "POST")
	yield Ask(METHOD + "desk.search.search_widget", {**looked_up, "filter_fields": '["*"]'}, "POST")
	template = {
		"doctype": doctype,
		"export_fields": {doctype: ["name", "owner"]},
		"export_records": "all",
		"file_type": "CSV",
	}
	yield Ask(METHOD + "core.doctype.data_import.data_import.download_template", template, "POST")
	whole = {
		"doctype": doctype,
		"parent_doctype": doctype,
		"all_doctypes": "true",
		"with_data": "true",
		"file_type": "CSV",
	}
	yield Ask(
		METHOD + "core.doctype.data_export.exporter.export_data", {**whole, "select_columns": "{}"}, "POST"
	)
	yield Ask(METHOD + "www.list.get", {"doctype": doctype, "txt": "", "limit_start": "0"}, "POST")
	yield Ask(METHOD + "www.list.get_list_data", {"doctype": doctype}, "POST")


def _records(target: Target) -> Iterator[Ask]:
	first, second = (
		f"/api/resource/{target.doctype}/{target.name}",
		f"/api/v2/document/{target.doctype}/{target.name}",
	)
	of = f"REST record of {target.doctype}"
	yield Ask(first, of=of)
	yield Ask(second + "/", of=f"{of}, v2")
	yield Ask(first, {"owner": OUTSIDER}, "PUT", of=f"{of}, changed")
	yield Ask(second + "/", {"owner": OUTSIDER}, "PATCH", of=f"{of}, changed, v2")
	yield Ask(second + "/copy", of=f"{of}, copied")
	yield Ask(first, {}, "DELETE", of=f"{of}, deleted")
	named = {"doctype": target.doctype, "name": target.name}
	yield Ask(METHOD + "desk.form.load.getdoc", named)
	for key, name in (("fieldname", '["*"]'), ("fieldname", "owner")):
		yield Ask(METHOD + "client.get_value", {"doctype": target.doctype, "filters": target.name, key: name})
	yield Ask(METHOD + "client.save", {"doc": {**named, "modified": "2000-01-01 00:00:00"}}, "POST")
	yield Ask(METHOD + "desk.form.save.savedocs", {"doc": json.dumps(named), "action": "Save"}, "POST")


def _pages(target: Target) -> Iterator[Ask]:
	named = {"doctype": target.doctype, "name": target.name}
	yield Ask("/printview", {**named, "trigger_print": "1"})
	yield Ask("/printpreview", named)
	yield Ask(METHOD + "utils.print_format.download_pdf", {**named, "no_letterhead": "1"})
	yield Ask(METHOD + "utils.weasyprint.download_pdf", {**named, "print_format": "Standard"})
	together = {"doctype": target.doctype, "name": json.dumps([target.name]), "format": "Standard"}
	yield Ask(METHOD + "utils.print_format.download_multi_pdf", together)
	yield Ask(
		METHOD + "www.printview.get_html_and_style", {"doc": target.doctype, "name": target.name}, "POST"
	)
	yield Ask(
		METHOD + "www.printview.get_rendered_raw_commands",
		{"doc": target.doctype, "name": target.name},
		"POST",
	)
	yield Ask(f"/{frappe.scrub(target.doctype)}/{target.name}", of=f"web page of {target.doctype}")


def _acts(target: Target) -> Iterator[Ask]:
	"""What writes, tells others or hangs something on a record."""
	about = {"reference_doctype": target.doctype, "reference_name": target.name}
	named = {"doctype": target.doctype, "name": target.name}
	mail = {
		"doctype": target.doctype,
		"name": target.name,
		"recipients": OUTSIDER,
		"subject": "x",
		"content": "y",
	}
	attached = {
		"send_email": "1",
		"print_format": "Standard",
		"print_html": "",
		"communication_medium": "Email",
	}
	yield Ask(METHOD + "core.doctype.communication.email.make", {**mail, **attached}, "POST")
	comment = {**about, "content": "seen?", "comment_email": OUTSIDER, "comment_by": "Nobody"}
	yield Ask(METHOD + "desk.form.utils.add_comment", comment, "POST")
	yield Ask(METHOD + "desk.form.assign_to.add", {**named, "assign_to": json.dumps([OUTSIDER])}, "POST")
	yield Ask(METHOD + "desk.like.toggle_like", {**named, "add": "Yes"}, "POST")
	yield Ask(METHOD + "share.add", {**named, "user": OUTSIDER, "read": "1", "notify": "1"}, "POST")
	follow = {"doctype": target.doctype, "doc_name": target.name, "user": OUTSIDER}
	yield Ask(METHOD + "desk.form.document_follow.follow_document", follow, "POST")
	for doctype, fields in (("ToDo", ("reference_type", "reference_name")), ("Comment", tuple(about))):
		values = dict(zip(fields, (target.doctype, target.name), strict=True))
		values |= {"description": "x", "allocated_to": OUTSIDER, "comment_type": "Comment", "content": "x"}
		yield Ask(f"/api/resource/{doctype}", {"data": json.dumps(values)}, "POST", of=f"new {doctype}")
	key = {"docs": json.dumps(named), "method": "get_document_share_key"}
	yield Ask("/api/method/run_doc_method", key, "POST")


def _reports() -> Iterator[Ask]:
	run = METHOD + "desk.query_report."
	for report in frappe.get_all("Report", {"disabled": 0}, ["name", "ref_doctype"]):
		args = {"report_name": report.name, "filters": _report_filters(), "are_default_filters": "false"}
		yield Ask(run + "run", args, "POST", of=f"report {report.name}")
		exported = {**args, "file_format_type": "CSV", "visible_idx": "[]", "include_filters": "1"}
		yield Ask(run + "export_query", exported, "POST", of=f"report {report.name}")
		yield Ask(run + "get_script", {"report_name": report.name}, "POST", of=f"report {report.name}")


def _report_filters() -> str:
	span = {"from_date": "2020-01-01", "to_date": "2040-01-01"}
	return json.dumps(
		{**span, "doctype": "Case", "user": "Administrator", "period": "Year", "date_range": [*span.values()]}
	)


def _cards_and_charts() -> Iterator[Ask]:
	for name in frappe.get_all("Number Card", pluck="name"):
		card = frappe.get_doc("Number Card", name).as_json()
		yield Ask(
			METHOD + "desk.doctype.number_card.number_card.get_result", {"doc": card, "filters": "[]"}, "POST"
		)
	for name in frappe.get_all("Dashboard Chart", pluck="name"):
		args = {"chart_name": name, "refresh": "1", "filters": "[]"}
		yield Ask(METHOD + "desk.doctype.dashboard_chart.dashboard_chart.get", args, "POST")
	for name in frappe.get_all("Workspace", pluck="name"):
		page = json.dumps({"name": name, "title": name, "public": 1})
		yield Ask(METHOD + "desk.desktop.get_desktop_page", {"page": page}, "POST")


def _searches() -> Iterator[Ask]:
	for text in ("canary", "CASE", "617"):
		yield Ask(METHOD + "utils.global_search.search", {"text": text, "limit": "500"}, "POST")
		yield Ask(METHOD + "utils.global_search.web_search", {"text": text, "limit": "500"}, "POST")
		yield Ask(METHOD + "desk.search.search_widget", {"doctype": "Case", "txt": text}, "POST")
		yield Ask("/search", {"q": text})


def _web_pages() -> Iterator[Ask]:
	for path in (
		"/app",
		"/me",
		"/",
		"/list",
		"/sitemap.xml",
		"/rss.xml",
		"/search",
		"/contact",
		"/third_party_apps",
		"/apps",
	):
		yield Ask(path)
	for doctype in ("Case", "Service Request", "Citizen"):
		yield Ask("/list", {"doctype": doctype})
		yield Ask(f"/{frappe.scrub(doctype).replace('_', '-')}")
	for route in frappe.get_all("Web Form", pluck="route"):
		yield Ask(f"/{route}")
		yield Ask(f"/{route}/list")
