"""Pages of the website that show records: Frappe finds them by more addresses than one, and no gate knows them all.

So they are judged where they are made, by whichever address they were asked for.
"""

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe.website.doctype.web_form import web_form
from frappe.www import list as lists
from frappe.www import printview

from govcrm.gate import asked, check, governed
from govcrm.wrapping import wrap

ADMINISTRATOR = "Administrator"
LISTED = "frappe.www.list.get"


def install() -> None:
	"""Hook `before_request`."""
	wrap(lists, "prepare_filters", judged_list)
	wrap(printview, "get_context", judged_print)
	wrap(web_form, "get_link_options", readable_options)


def judged_list(prepare: Callable) -> Callable:
	"""A list takes any field of the address for a filter, of a level that the reader may not read too."""

	def prepare_filters(doctype: str, controller: type, kwargs: dict[str, Any]) -> dict[str, Any]:
		_let_through(LISTED, {"doctype": doctype})
		return prepare(doctype, controller, kwargs)

	return prepare_filters


def judged_print(get_context: Callable) -> Callable:
	"""What is not there and what is not for the reader are one."""

	def context_of(context: dict[str, Any]) -> dict[str, Any]:
		_let_through(asked.PRINTED, frappe.local.form_dict)
		return get_context(context)

	return context_of


def readable_options(options_of: Callable) -> Callable:
	"""Frappe lists every record there is to whoever opens a form of the website with a link to its DocType."""

	def get_link_options(
		web_form_name: str, doctype: str, allow_read_on_all_link_options: bool = False
	) -> str | list:
		if frappe.session.user == ADMINISTRATOR or not _tells_of_records(doctype):
			return options_of(web_form_name, doctype, allow_read_on_all_link_options)
		offered = options_of(web_form_name, doctype, allow_read_on_all_link_options)
		allowed = frappe.has_permission(doctype, "read")
		return _those_of(
			offered, set(frappe.get_list(doctype, pluck="name", limit_page_length=0) if allowed else ())
		)

	return get_link_options


def _those_of(offered: str, readable: set[str]) -> str:
	"""Frappe offers names, or where the DocType shows titles, JSON of {value, label}."""
	if offered.startswith("["):
		return frappe.as_json([one for one in json.loads(offered) if str(one["value"]) in readable])
	return "\n".join(name for name in offered.split("\n") if name in readable)


def _tells_of_records(doctype: str) -> bool:
	return bool(governed.meant(doctype)) or governed.tells_of_records(doctype)


def _let_through(method: str, args: dict[str, Any]) -> None:
	if frappe.session.user == ADMINISTRATOR:
		return
	if why := check.objection(asked.called(method, args)):
		frappe.local.flags.disable_traceback = True
		frappe.throw(why, frappe.PermissionError)
