"""What the text of letters, prints, notices and pages, and conditions of workflows, may ask of governed records.

Frappe hands every template the whole database: `frappe.get_all`, `frappe.db.sql`, the query builder. Whoever may write one, be
it a preview of a mail, reads every case with it, and the gate sees no name in the request. What is handed out here asks the
rule for the reader where it is about governed records, and is Frappe's own for all others. A template that runs by
the clock is read by nobody whom the rule knows: what it is about is given to it, and it asks for no more.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn

import frappe
from frappe import _
from frappe.model import workflow
from frappe.utils import jinja

from govcrm.gate import asked, check, governed
from govcrm.wrapping import wrap

ADMINISTRATOR = "Administrator"
PLACES = ("fields", "filters")  # of arguments without a name
# Taken away from what a template asks: as whom, and past which rule, is not for it to say.
ASKED_AS = ("ignore_permissions", "user", "ignore_ifnull", "join", "query")
LOADING = ("get_doc", "get_cached_doc", "get_last_doc")


def install() -> None:
	"""Hook `before_request` and `before_job`."""
	wrap(jinja, "get_jenv", _ruled)
	wrap(workflow, "get_workflow_safe_globals", _ruled_conditions)


def _ruled_conditions(make: Callable) -> Callable:
	"""A condition of a workflow answers yes or no, and whoever may write one asks letter by letter."""

	def get_workflow_safe_globals() -> dict[str, Any]:
		given = make()
		database = given["frappe"]["db"]
		database["get_value"] = _unless_governed(database["get_value"], _value)
		database["get_list"] = _unless_governed(database["get_list"], _list)
		return given

	return get_workflow_safe_globals


def _ruled(make: Callable) -> Callable:
	def get_jenv():
		environment = make()
		space = environment.globals["frappe"]
		if not space.get("govcrm_ruled"):  # made anew for each request and job
			_rule(space)
			space["govcrm_ruled"] = True
		return environment

	return get_jenv


def _rule(space: dict[str, Any]) -> None:
	for given in (space, space["db"]):
		for name in ("get_all", "get_list"):
			given[name] = _unless_governed(given[name], _list)
	for name in LOADING:
		space[name] = _unless_governed(space[name], _load)
	for name in ("new_doc", "get_mapped_doc"):
		space[name] = _unless_governed(space[name], _refuse)
	for name, ruled in (("get_value", _value), ("exists", _exists), ("count", _count)):
		space["db"][name] = _unless_governed(space["db"][name], ruled)
	space["db"]["sql"] = _without_governed_tables(space["db"]["sql"])
	space["call"] = _through_the_gate(space["call"])
	space["qb"] = _Builder(space["qb"])


def _is_free() -> bool:
	"""Administrator at a screen, who is exempt."""
	return frappe.session.user == ADMINISTRATOR and bool(getattr(frappe.local, "request", None))


def _is_governed(doctype: Any) -> bool:
	if isinstance(doctype, Mapping):
		doctype = doctype.get("doctype")
	return bool(governed.meant(doctype)) or (isinstance(doctype, str) and doctype in governed.telling())


def _unless_governed(function: Callable, ruled: Callable) -> Callable:
	"""Frappe calls the first argument by many names."""

	@wraps(function)
	def chosen(*args, **kwargs):
		doctype = args[0] if args else kwargs.get("doctype", kwargs.get("dt", kwargs.get("from_doctype")))
		if _is_free():
			return function(*args, **kwargs)
		if not _is_governed(doctype):
			_refuse_reaching(doctype, kwargs)
			return function(*args, **kwargs)
		if frappe.session.user == ADMINISTRATOR:
			_refuse(doctype)
		return ruled(*args, **kwargs)

	return chosen


def _refuse_reaching(doctype: Any, kwargs: Mapping[str, Any]) -> None:
	if isinstance(doctype, str) and (why := check.objection_to_terms(doctype, kwargs)):
		frappe.throw(why, frappe.PermissionError)


def _refuse(doctype: Any = None, *_args, **_kwargs) -> NoReturn:
	message = _("A template does not ask for {0} here. Use what it is given, or frappe.get_list.")
	name = doctype.get("doctype") if isinstance(doctype, Mapping) else doctype
	frappe.throw(message.format(frappe.utils.escape_html(str(name or ""))), frappe.PermissionError)


# The rule in place of Frappe's functions ---------------------------------------------------------------------


def _list(doctype: str, *args, **kwargs) -> list:
	if len(args) > len(PLACES):
		_refuse(doctype)
	kwargs |= dict(zip(PLACES, args, strict=False))
	for name in ASKED_AS:
		kwargs.pop(name, None)
	if why := check.objection_to_terms(doctype, {**kwargs, "pluck": None}):
		frappe.throw(why, frappe.PermissionError)
	return frappe.get_list(doctype, **kwargs)


def _load(doctype: Any, *args, **kwargs) -> Any:
	"""Not from the cache: there others would find what is left out here."""
	if not isinstance(doctype, str):
		_refuse(doctype)
	found = frappe.get_doc(doctype, *args, **kwargs)
	found.check_permission("read")
	found.apply_fieldlevel_read_permissions()
	return found


def _value(
	doctype: str, filters: Any = None, fieldname: Any = "name", *_args, as_dict: bool = False, **_kwargs
) -> Any:
	names = [fieldname] if isinstance(fieldname, str) else list(fieldname)
	rows = _list(doctype, names, _filters(filters), limit_page_length=1)
	if not rows or as_dict:
		return rows[0] if rows else None
	values = tuple(rows[0].get(name) for name in names)
	return values[0] if isinstance(fieldname, str) else values


def _exists(doctype: Any, filters: Any = None, **_kwargs) -> str | None:
	if isinstance(doctype, Mapping):
		filters = {name: value for name, value in doctype.items() if name != "doctype"}
		doctype = doctype["doctype"]
	return _value(doctype, filters)


def _count(doctype: str, filters: Any = None, **_kwargs) -> int:
	return len(_list(doctype, ["name"], filters, limit_page_length=0))


def _filters(given: Any) -> Any:
	return {"name": given} if isinstance(given, str | int) else given


# Ways to the database that no rule can be asked for ------------------------------------------------------------


def _without_governed_tables(function: Callable) -> Callable:
	@wraps(function)
	def sql(query, *args, **kwargs):
		if not _is_free() and governed.read_by(str(query)):
			_refuse(str(query)[:80])
		return function(query, *args, **kwargs)

	return sql


def _through_the_gate(function: Callable) -> Callable:
	@wraps(function)
	def call(method, *args, **kwargs):
		if not _is_free():
			if why := check.objection(asked.called(str(method), kwargs)):
				frappe.throw(why, frappe.PermissionError)
			kwargs = {name: value for name, value in kwargs.items() if name not in check.DROPPED}
		return function(method, *args, **kwargs)

	return call


class _Builder:
	"""`frappe.qb`, which runs what it has built by itself."""

	def __init__(self, builder: Any) -> None:
		self._builder = builder

	def __getattr__(self, name: str) -> Any:
		return getattr(self._builder, name) if _is_free() else _refuse("frappe.qb")
