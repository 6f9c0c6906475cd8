"""Arguments for functions that nobody has read: by the names of their parameters, what a curious caller would send.

It knows DocTypes, records (also those that the caller must not see), fields, filters, reports, files and addresses.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import frappe

from govcrm.tests.canaries.asking import Ask


def _words(text: str) -> frozenset[str]:
	return frozenset(text.split())


OUTSIDER = "outsider@example.org"
# What parameters are called, by what is sent for them.
DOCTYPES = _words("dt document_type doc_type party_type parenttype link_to voucher_type entity")
NAMES = _words(
	"""dn names value values parent reference communication comment fid voucher_no party case request
	citizen task event file contact selected docs_name items source"""
)
DOCUMENTS = _words("doc docs document doc_json doclist data args kwargs dialog_data chart card")
FIELDS = _words("fields fieldnames columns with_fields")
FIELD = _words("fieldname field searchfield group_by_field key title_field value_field title")
FILTERS = _words("filters or_filters current_filters filter filter_fields conditions stats_filter")
TEXTS = _words("txt text search_term searchtext search_string query_txt term q keyword")
PEOPLE = _words("user users owner assign_to recipient recipients email emails send_to allocated_to")
NUMBERS = _words("start page_length limit limit_start limit_page_length page_len page limit_page_len")
ADDRESSES = _words("file_url url link path route image attachment attachments")
GIVEN = {
	"report_name": "report", "report": "report", "web_form": "web_form", "web_form_name": "web_form",
	"chart_name": "chart", "dashboard_name": "dashboard", "card_name": "card", "print_format": "print_format",
	"board_name": "board", "notification": "notification", "workspace": "workspace", "letterhead": "letterhead",
}  # fmt: skip
FIXED = {
	"file_format_type": "CSV", "format": "Standard", "export_type": "All", "file_type": "CSV", "order_by": "creation desc",
	"ptype": "read", "perm_type": "read", "permtype": "read", "ignore_user_permissions": "1", "as_dict": "1", "debug": "0",
	"action": "Save", "mode": "html", "with_comment_count": "1", "content": "A word.", "subject": "A word.", "no_letterhead": "1",
	"message": "A word.", "limit_page_length": "500", "page_length": "500", "limit": "500", "as_list": "0", "send_email": "1",
	"from_date": "2020-01-01", "to_date": "2040-01-01", "start_date": "2020-01-01", "end_date": "2040-01-01", "is_tree": "0",
	"timespan": "Last Year", "time_interval": "Monthly", "no_cache": "1", "refresh": "1", "group_by": "", "share": "1", "read": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Target:
	"""What a call is about: a record, and an address of a file of the same matter."""

	doctype: str
	name: str
	url: str = ""
	kind: str = ""


@dataclass
class Site:
	"""Names that are no secret: one of each kind of thing that functions are told of."""

	things: dict[str, str] = field(default_factory=dict)

	@classmethod
	def of_this(cls) -> "Site":
		kinds = {
			"report": ("Report", {"ref_doctype": "Case", "report_type": ("!=", "Report Builder")}),
			"web_form": ("Web Form", {}),
			"chart": ("Dashboard Chart", {"document_type": "Case"}),
			"dashboard": ("Dashboard", {}),
			"card": ("Number Card", {"document_type": "Case"}),
			"print_format": ("Print Format", {"doc_type": ("in", ("Service Request", "Case"))}),
			"board": ("Kanban Board", {}),
			"notification": ("Notification", {}),
			"workspace": ("Workspace", {}),
			"letterhead": ("Letter Head", {}),
		}
		return cls({kind: frappe.db.get_value(*where, "name") or "" for kind, where in kinds.items()})


def asks_of(name: str, function: Callable, targets: list[Target], site: Site) -> Iterator[Ask]:
	"""Requests for one whitelisted function, about each target in two ways: what it needs, and all that it takes."""
	parameters = _parameters(function)
	if _is_of_documents(function):
		yield from _of_documents(name, function, targets)
		return
	about = targets if _takes_records(parameters) else targets[:1]
	for target in about:
		said = None
		for everything in (False, True):
			args = {one.name: _value(one, target, site) for one in parameters if everything or _needed(one)}
			if args != said:
				yield Ask(f"/api/method/{name}", args, _http(function), of=name)
			said = args


def is_told_of_records(function: Callable) -> bool:
	"""A function that names a DocType, a record, a document, filters, a report or a text to look for among what it takes."""
	return not _is_of_documents(function) and any(_is_telling(one.name) for one in _parameters(function))


def _parameters(function: Callable) -> list[inspect.Parameter]:
	try:
		found = inspect.signature(function).parameters.values()
	except (TypeError, ValueError):
		return []
	if any(one.kind is one.VAR_KEYWORD for one in found) or not found:
		known = {one.name for one in found}
		extra = [name for name in ("doctype", "name", "filters", "fields") if name not in known]
		found = [*found, *(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in extra)]
	return [
		one for one in found if one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL) and one.name != "self"
	]


def _is_of_documents(function: Callable) -> bool:
	return "." in function.__qualname__


def _takes_records(parameters: list[inspect.Parameter]) -> bool:
	return any(_is_doctype(one.name) or _is_name(one.name) or one.name in DOCUMENTS for one in parameters)


def _is_telling(name: str) -> bool:
	known = (DOCUMENTS, FILTERS, TEXTS, ADDRESSES, {"report_name", "report", "query"})
	return _is_doctype(name) or _is_name(name) or any(name in some for some in known)


def _needed(one: inspect.Parameter) -> bool:
	told = _is_doctype(one.name) or one.name in ("name", "docname", "dn", "txt", "filters")
	return told or one.default is one.empty


def _http(function: Callable) -> str:
	allowed = frappe.allowed_http_methods_for_whitelisted_func.get(function, ["POST"])
	return "POST" if "POST" in allowed else next(iter(allowed))


def _of_documents(name: str, function: Callable, targets: list[Target]) -> Iterator[Ask]:
	"""A method of a document: by its stored record, by a document that the caller made up, by the address of a record."""
	member = function.__name__
	for target in targets:
		document = _document(member, target)
		said = json.dumps({"name": target.name, "doctype": target.doctype})
		yield Ask(
			"/api/method/run_doc_method",
			{"dt": target.doctype, "dn": target.name, "method": member},
			"POST",
			of=name,
		)
		yield Ask(
			"/api/method/run_doc_method", {"docs": document, "method": member, "args": said}, "POST", of=name
		)
		yield Ask(f"/api/v2/document/{target.doctype}/{target.name}/method/{member}", {}, "POST", of=name)


def _is_doctype(name: str) -> bool:
	return "doctype" in name or name in DOCTYPES


def _is_name(name: str) -> bool:
	return name in NAMES or ("name" in name and name not in FIELD and name not in GIVEN)


def _value(one: inspect.Parameter, target: Target, site: Site) -> Any:
	for is_meant, give in _KINDS:
		if is_meant(one.name):
			return give(one.name, target, site)
	if _is_number(one):
		return "1"
	return target.name if one.default is one.empty else json.dumps([["name", "like", "%"]])


def _is_number(one: inspect.Parameter) -> bool:
	return isinstance(one.default, int | float) or one.annotation in (
		int,
		bool,
		float,
		"int",
		"bool",
		"float",
	)


def _named(name: str, target: Target, site: Site) -> str:
	many = name.endswith("names") or name in ("selected", "items", "docs_name", "values")
	return json.dumps([target.name]) if many else target.name


def _document(name: str, target: Target, *rest: object) -> str:
	own = {"doctype": target.doctype, "name": target.name, "document_type": target.doctype, "__islocal": 0}
	also = {"reference_doctype": target.doctype, "reference_name": target.name, "file_url": target.url}
	chart = {
		"type": "Count",
		"chart_type": "Count",
		"function": "Count",
		"filters_json": "[]",
		"based_on": "creation",
	}
	return json.dumps(own | also | chart)


def _filters(name: str, target: Target, site: Site) -> str:
	return "{}" if name == "filters" and target.doctype == "Report" else json.dumps([["name", "like", "%"]])


_KINDS: tuple[tuple[Callable[[str], bool], Callable], ...] = (
	(FIXED.__contains__, lambda name, *rest: FIXED[name]),
	(GIVEN.__contains__, lambda name, target, site: site.things[GIVEN[name]] or target.name),
	(_is_doctype, lambda name, target, site: target.doctype),
	(FIELDS.__contains__, lambda *rest: '["*"]'),
	(FIELD.__contains__, lambda *rest: "name"),
	(FILTERS.__contains__, _filters),
	(TEXTS.__contains__, lambda *rest: "canary"),
	(PEOPLE.__contains__, lambda *rest: OUTSIDER),
	(NUMBERS.__contains__, lambda *rest: "0"),
	(ADDRESSES.__contains__, lambda name, target, site: target.url),
	(DOCUMENTS.__contains__, _document),
	(_is_name, _named),
)
