"""What a request asks for: a method, or records over REST; the DocTypes that it names; its arguments."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import frappe

LIST, RECORD = "list of records", "record"
NESTED = 8  # levels of JSON in an argument; deeper ones are refused with the rest that cannot be read


@dataclass(frozen=True)
class Asked:
	"""`method` is a dotted path, or LIST or RECORD for what REST asks for by its address."""

	method: str
	doctype: str | None
	args: Mapping[str, Any]

	def names(self) -> frozenset[str]:
		"""Every text in the request that could be the name of a DocType."""
		return frozenset([self.doctype] if self.doctype else []) | frozenset(_texts(self.args))


def of_request() -> Asked | None:
	"""None for what is no call: pages, files, assets."""
	form = frappe.local.form_dict
	if form.get("cmd"):
		return Asked(form["cmd"], form.get("doctype"), form)
	parts = [part for part in frappe.request.path.split("/") if part]
	if not parts or parts[0] != "api":
		return None
	version = parts[1] if len(parts) > 1 and parts[1] in ("v1", "v2") else None
	return _of_address(parts[2:] if version else parts[1:], form)


def _of_address(parts: list[str], form: Mapping) -> Asked | None:
	match parts:
		case ["method", doctype, method] if frappe.request.path.startswith("/api/v2"):
			return Asked(f"{doctype}.{method}", doctype, form)
		case ["method", method, *_]:
			return Asked(method, form.get("doctype"), form)
		case ["resource" | "document", doctype]:
			return Asked(LIST if frappe.request.method == "GET" else RECORD, doctype, form)
		case ["resource" | "document", doctype, *_]:
			return Asked(RECORD, doctype, form)
		case ["doctype", doctype, "count"]:
			return Asked(LIST, doctype, form)
	return None


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
	if depth > NESTED:
		return
	if isinstance(value, str):
		yield from _in_text(value, depth)
	elif isinstance(value, Mapping):
		for name, inner in value.items():
			yield str(name)
			yield from _texts(inner, depth + 1)
	elif isinstance(value, list | tuple):
		for inner in value:
			yield from _texts(inner, depth + 1)


def _in_text(text: str, depth: int) -> Iterator[str]:
	yield text
	if text.lstrip()[:1] in ("{", "[", '"'):
		try:
			yield from _texts(json.loads(text), depth + 1)
		except (ValueError, RecursionError):
			return
