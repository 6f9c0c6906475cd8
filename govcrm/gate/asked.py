"""What a request asks for: a method, or records over REST; the DocTypes that it names; its arguments."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import frappe
from frappe.api import API_URL_MAP
from frappe.modules.utils import load_doctype_module
from werkzeug.exceptions import HTTPException

LIST, RECORD, NEW, ABOUT = "list of records", "record", "new record", "description of a DocType"
NESTED = 8  # levels of JSON in an argument that names are looked for in; what is deeper is not let through
OF_REST = {
	"document_list": LIST,
	"count": LIST,
	"create_doc": NEW,
	"read_doc": RECORD,
	"copy_doc": RECORD,
	"update_doc": RECORD,
	"delete_doc": RECORD,
	"get_meta": ABOUT,
	"upload_file": "frappe.handler.upload_file",
}
RUN_DOC_METHOD = "frappe.handler.run_doc_method"
PRINTED = "frappe.www.printview.get_html_and_style"
OF_PAGES = {"/printview": PRINTED, "/printpreview": PRINTED}


class TooDeep(ValueError):
	"""An argument that nobody would write."""


@dataclass(frozen=True)
class Asked:
	"""`method` is a dotted path, or LIST, RECORD, NEW or ABOUT for what REST asks for by its address; `member` is of a document.

	`name` is of the record that stands in the address.
	"""

	method: str
	args: Mapping[str, Any]
	doctype: str | None = None
	member: str | None = None
	name: str | None = None

	def names(self, prose: frozenset[str] = frozenset()) -> Iterator[str]:
		"""Every text in the request that could name a DocType; what stands under a key of `prose` does not."""
		if self.doctype:
			yield self.doctype
		yield from _texts(self.args, prose)

	def of(self, **changes: Any) -> "Asked":
		return replace(self, **changes)


def of_request() -> Asked | None:
	"""None for what is no call: most pages, files, assets, and addresses that Frappe does not know either."""
	form, path = frappe.local.form_dict, frappe.request.path
	if form.get("cmd"):
		return called(str(form["cmd"]), form)
	if not path.startswith("/api/"):
		page = OF_PAGES.get(f"/{path.strip('/')}")
		return called(page, form) if page else None
	try:
		endpoint, values = API_URL_MAP.bind_to_environ(frappe.request.environ).match()
	except HTTPException:
		return None
	return _of_endpoint(endpoint, values, form)


def called(method: str, form: Mapping[str, Any]) -> Asked:
	doctype = form.get("doctype")
	return Asked(method, form, doctype if isinstance(doctype, str) else None)


def _of_endpoint(endpoint, values: Mapping[str, str], form: Mapping[str, Any]) -> Asked | None:
	name, doctype, record = endpoint.__name__, values.get("doctype"), values.get("name")
	if name == "handle_rpc_call":
		return called(_method(endpoint, values), form)
	if name == "execute_doc_method" or (name == "read_doc" and "run_method" in form):
		member = str(values.get("method") or form.get("run_method"))
		return Asked(RUN_DOC_METHOD, form, doctype, member, record)
	if name in OF_REST:
		return Asked(OF_REST[name], form, doctype or form.get("doctype"), name=record)
	# The one that has no name is `run_doc_method` of the second version; the rest are log-ins and pings.
	return Asked(RUN_DOC_METHOD, form) if name == "<lambda>" else None


def _method(endpoint, values: Mapping[str, str]) -> str:
	if values.get("doctype"):
		return f"{load_doctype_module(values['doctype']).__name__}.{values['method']}"
	is_first = endpoint.__module__.endswith("v1")
	return values["method"].split("/")[0] if is_first else values["method"]


def parsed(value: Any) -> Any:
	"""An argument as its JSON says it, or as it is."""
	if isinstance(value, str) and value.lstrip()[:1] in ("{", "[", '"'):
		try:
			return json.loads(value)
		except ValueError:
			return value
	return value


def _texts(value: Any, prose: frozenset[str], depth: int = 0) -> Iterator[str]:
	if depth > NESTED:
		raise TooDeep
	if isinstance(value, str):
		yield value
	for inner in _within(value, prose):
		yield from _texts(inner, prose, depth + 1)


def _within(value: Any, prose: frozenset[str]) -> list:
	if isinstance(value, str):
		inner = parsed(value)
		return [] if inner is value else [inner]
	if isinstance(value, Mapping):
		return [*map(str, value), *(inner for name, inner in value.items() if name not in prose)]
	return list(value) if isinstance(value, list | tuple) else []
