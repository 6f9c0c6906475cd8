"""What the text of letters, prints, notices and pages, and conditions of workflows, may ask of governed records.

Frappe hands every template the whole database: `frappe.get_all`, `frappe.db.sql`, the query builder. Whoever may write one, be
it a preview of a mail, reads every case with it, and the gate sees no name in the request. What is handed out here asks the
rule for the reader where it is about governed records, and is Frappe's own for all others; what is not named here is not
handed out. A template that runs by the clock is read by nobody whom the rule knows: what it is about is given to it, and it
asks for no more.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import isclass
from typing import Any, NoReturn

import frappe
from frappe import _
from frappe.model import workflow
from frappe.utils import jinja, safe_exec

from govcrm.gate import asked, check, governed, members, sinks
from govcrm.wrapping import wrap

ADMINISTRATOR = "Administrator"
PLACES = ("fields", "filters")  # of arguments without a name
PLACES_OF_VALUE = ("filters", "fieldname", "ignore", "as_dict", "debug", "order_by")
PLACES_OF_RECORD = ("filters", "order_by")
# Taken away from what a template asks: as whom, and past which rule, is not for it to say.
ASKED_AS = ("ignore_permissions", "user", "ignore_ifnull", "join", "query")
LOADING = ("get_doc", "get_cached_doc", "get_last_doc")
# Functions that a template is handed, beside those that ask the rule: of the framework, and of its database. What prints, mails,
# writes, asks other servers, or runs later and as somebody else is not among them.
HANDED = frozenset(
	{
		"bold",
		"errprint",
		"format",
		"format_date",
		"format_value",
		"get_fullname",
		"get_gravatar",
		"get_hooks",
		"get_meta",
		"get_system_settings",
		"get_url",
		"log",
		"msgprint",
		"render_template",
		"sanitize_html",
		"throw",
	}
)
HANDED_OF_DATABASE = frozenset({"escape", "get_default", "get_single_value"})
PROGRAMS = ("FrappeClient", "run_script")
WHOLE = "govcrm_whole_globals"


def install() -> None:
	"""Hook `before_request` and `before_job`."""
	wrap(safe_exec, "get_safe_globals", _ruled)
	wrap(safe_exec, "safe_exec", _unruled)
	wrap(safe_exec, "_validate_attribute_read", members.refused_in_conditions)
	wrap(jinja, "get_jenv", _guarded)
	wrap(workflow, "get_workflow_safe_globals", _ruled_conditions)
	sinks.install()


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
	"""Templates are not all that is handed them: so are fields that are computed, and alerts put them in the place of ours."""

	def get_safe_globals() -> dict[str, Any]:
		given = make()
		if not getattr(frappe.local, WHOLE, False):
			_rule(given)
		setattr(frappe.local, WHOLE, False)
		return given

	return get_safe_globals


def _unruled(run: Callable) -> Callable:
	"""Scripts, for which a server has to be configured: the first thing that they ask for is what they are handed."""

	def execute(*args, **kwargs):
		setattr(frappe.local, WHOLE, True)
		try:
			return run(*args, **kwargs)
		finally:
			setattr(frappe.local, WHOLE, False)

	return execute


def _guarded(make: Callable) -> Callable:
	def get_jenv():
		environment = make()
		if not getattr(environment, "govcrm_guarded", False):  # made anew for each request and job
			members.guard(environment, _is_free)
			environment.govcrm_guarded = True
		return environment

	return get_jenv


def _rule(given: dict[str, Any]) -> None:
	space, database = given["frappe"], given["frappe"]["db"]
	ruled = {**_records_of(space), "call": _through_the_gate(space["call"]), "qb": _Builder(space["qb"])}
	ruled_of_database = {
		name: _unless_governed(database[name], function)
		for name, function in (("get_value", _value), ("exists", _exists), ("count", _count))
	}
	_hand_out(space, HANDED, ruled)
	_hand_out(database, HANDED_OF_DATABASE, ruled_of_database | _lists_of(database))
	for name in PROGRAMS:
		given[name] = _unless_free(given[name], name)


def _records_of(space: Mapping[str, Any]) -> dict[str, Callable]:
	return {name: _unless_governed(space[name], _load) for name in LOADING} | _lists_of(space)


def _lists_of(space: Mapping[str, Any]) -> dict[str, Callable]:
	return {name: _unless_governed(space[name], _list) for name in ("get_all", "get_list")}


def _hand_out(space: dict[str, Any], handed: frozenset[str], ruled: Mapping[str, Any]) -> None:
	for name, function in list(space.items()):
		if callable(function) and name not in handed and not _is_error(function):
			space[name] = _unless_free(function, name)
	space.update(ruled)


def _is_error(given: Any) -> bool:
	return isclass(given) and issubclass(given, Exception)


def _is_free() -> bool:
	"""Administrator at a screen, who is exempt."""
	return frappe.session.user == ADMINISTRATOR and bool(getattr(frappe.local, "request", None))


def _is_governed(doctype: Any) -> bool:
	if isinstance(doctype, Mapping):
		doctype = doctype.get("doctype")
	return bool(governed.meant(doctype)) or governed.tells(doctype)


def _unless_governed(function: Callable, ruled: Callable) -> Callable:
	"""Frappe calls the first argument by many names."""

	@wraps(function)
	def chosen(*args, **kwargs):
		doctype = args[0] if args else kwargs.get("doctype", kwargs.get("dt", kwargs.get("from_doctype")))
		if _is_free():
			return function(*args, **kwargs)
		if not _is_governed(doctype):
			_refuse_reaching(doctype, {**_by_name(ruled, args[1:]), **kwargs})
			return function(*args, **kwargs)
		if frappe.session.user == ADMINISTRATOR:
			_refuse(doctype)
		return ruled(*args, **kwargs)

	return chosen


def _by_name(ruled: Callable, given: tuple) -> dict[str, Any]:
	if ruled is _list and len(given) > len(PLACES):
		_refuse()
	places = {_list: PLACES, _load: PLACES_OF_RECORD}.get(ruled, PLACES_OF_VALUE)
	return dict(zip(places, given, strict=False))


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


def _unless_free(function: Callable, name: str) -> Callable:
	def chosen(*args, **kwargs):
		return function(*args, **kwargs) if _is_free() else _refuse(name)

	return chosen


def _through_the_gate(function: Callable) -> Callable:
	@wraps(function)
	def call(method, *args, **kwargs):
		if not _is_free():
			if frappe.session.user == ADMINISTRATOR:
				_refuse(method)
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
