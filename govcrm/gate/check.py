"""The hook of the gate: `auth_hooks`, after it is known who asks and before anything is done."""

from collections.abc import Iterator, Mapping
from typing import Any

import frappe
from frappe import _

from govcrm.access import facts
from govcrm.domain.query_terms import NotPlain
from govcrm.gate import (
	asked,
	existence,
	functions,
	governed,
	hanging,
	leading,
	methods,
	records,
	reports,
	sizes,
	terms,
)
from govcrm.gate.asked import Asked
from govcrm.gate.terms import NotReadable

ADMINISTRATOR = "Administrator"
DEEPEST = 3  # methods within methods; Frappe has one
# To Frappe these mean: ask for no permission, show the query, ask as somebody else. Here they are what is taken away.
DROPPED = ("ignore_permissions", "ignore_user_permissions", "debug", "run", "update", "ignore_ddl", "strict")

SAID = ("doctype", "dt", "reference_doctype", "ref_doctype")  # arguments that name one DocType


def check() -> None:
	"""Let the request through, or throw PermissionError with a sentence. What cannot be judged is not let through."""
	try:
		found = asked.of_request()
		if found and found.method == methods.FORM:
			facts.keep()
		why = objection(found) if found and frappe.session.user != ADMINISTRATOR else None
	except Exception:
		frappe.logger("govcrm.gate").error("denied: no answer for %s", frappe.request.path, exc_info=True)
		why = _("This request cannot be judged, and so is not let through. Ask for a list or a record.")
	if why:
		frappe.local.flags.disable_traceback = True
		frappe.throw(why, frappe.PermissionError, title=_("Not Let Through"))


def objection(found: Asked, depth: int = 0) -> str | None:
	"""Why the request is turned back, in words for the caller; None for what is let through."""
	name = functions.own_name(found.method)
	if name in methods.OF_DOCUMENTS:
		return _objection_to_member(found)
	if functions.is_own(name) and not (name := functions.stands_for(name)):
		return None
	if functions.is_own(functions.override(name)):
		return (
			_objection_to_other_name(found, name, depth)
			or _objection_to_spelling(found)
			or _judged(found, name)
		)
	if name not in methods.known() and (other := functions.override(found.method)):
		name = functions.own_name(other)
	return _objection_to_call(found.of(method=name), depth)


def _objection_to_call(found: Asked, depth: int) -> str | None:
	if found.method in methods.CLOSED:
		return _for_the_administrator()
	if why := _objection_to_spelling(found):
		return why
	if found.method not in methods.known():
		return (
			_objection_to_uncallable(found)
			or _objection_to_names(found)
			or _objection_to_nested(found, depth)
		)
	return _judged(found, found.method) or _objection_to_nested(found, depth)


def _for_the_administrator() -> str:
	return _("This is for the Administrator only.")


def _objection_to_uncallable(found: Asked) -> str | None:
	"""Frappe would not call it either. Said before what comes along is read, which takes time."""
	if functions.is_callable(found.method):
		return None
	return _("{0} is no method that you may call.").format(_quoted(found.method))


def _judged(found: Asked, method: str) -> str | None:
	"""By the arguments of a method that is known."""
	found = found.of(method=method)
	return (
		existence.objection(found)
		or records.objection(found)
		or _objection_to_list(found, method)
		or reports.objection(found)
	)


def _objection_to_spelling(found: Asked) -> str | None:
	"""Some databases take "case" for Case; nothing else that asks for the rule does."""
	for name in SAID:
		said = found.doctype if name == "doctype" else found.args.get(name)
		if (meant := governed.meant(said)) and meant != said:
			return _("There is no {0}.").format(_quoted(said))
	return None


def _objection_to_other_name(found: Asked, name: str, depth: int) -> str | None:
	"""Our own answers only where Frappe looks for it: under the method's own name or ours, and not within another method."""
	asked_for = functions.own_name(found.method)
	if depth or not (functions.is_own(asked_for) or functions.is_own(functions.override(found.method))):
		return _("{0} is asked for by its own name.").format(_quoted(name))
	return None


def _objection_to_names(found: Asked) -> str | None:
	if why := sizes.objection(found.args):
		return why
	if named := governed.named_in(sizes.counted(_all_names(found))):
		message = _("{0} is not asked about {1}. Use its list, its form, or /api/resource.")
		return message.format(_quoted(found.method), _(named))
	return hanging.objection(set(_all_names(found)).difference(found.args))


def _all_names(found: Asked) -> Iterator[str]:
	yield from found.names(methods.PROSE)
	for argument, (doctype, field) in methods.LEADING.items():
		if isinstance(name := found.args.get(argument), str):
			yield frappe.db.get_value(doctype, name, field) or ""


def _objection_to_nested(found: Asked, depth: int) -> str | None:
	"""A method that is called by name within another, with arguments that stand elsewhere than in the request."""
	method = found.args.get(methods.NESTED.get(found.method, ""))
	if not method:
		return None
	if (
		depth >= DEEPEST
		or not isinstance(method, str)
		or functions.own_name(method) in methods.by_arguments()
	):
		return _("{0} is asked for by itself.").format(_quoted(method))
	return objection(found.of(method=method), depth + 1)


def _objection_to_member(found: Asked) -> str | None:
	"""A method of a document: our own documents know what they do, others are known by name."""
	if why := existence.objection(found.of(method=asked.RUN_DOC_METHOD)):
		return why
	doctype, member = found.doctype, found.member
	if not member:
		doctype, member = _document_of(found.args), str(found.args.get("method"))
	if not isinstance(doctype, str):
		return _("A method is asked of one document.")
	if meant := governed.meant(doctype):
		doctype = meant
	method = functions.of_document(doctype, member)
	if functions.is_own(method) or method in methods.known():
		return None
	return _objection_to_unread_member(found.of(method=method, doctype=doctype))


def _objection_to_unread_member(found: Asked) -> str | None:
	"""Those of Frappe were read and are turned back, or are new. Those of other apps are about what is said or led to."""
	if why := _objection_to_names(found):
		return why
	if leading.is_closed(found.method):
		return _for_the_administrator()
	if led := next(filter(governed.leads_to_records, leading.doctypes(found.doctype, _name_of(found))), None):
		return _("{0} is not asked about {1}.").format(_quoted(found.method), _(led))
	return None


def _name_of(found: Asked) -> Any:
	if found.name or found.args.get("dn"):
		return found.name or found.args["dn"]
	document = asked.parsed(found.args.get("docs") or found.args.get("document"))
	return document.get("name") if isinstance(document, dict) else None


def _document_of(args) -> str | None:
	if args.get("dt"):
		return args["dt"]
	document = asked.parsed(args.get("docs") or args.get("document"))
	return document.get("doctype") if isinstance(document, dict) else None


def _objection_to_list(found: Asked, method: str) -> str | None:
	if method not in methods.LISTS and method not in methods.LOOK_UPS:
		return None
	found = records.as_list(found, method)
	if governed.tells_of_records(found.doctype):
		_drop(found)
	if governed.is_scoped(found.doctype) and method in methods.LOOK_UPS and found.args.get("query"):
		return _objection_to_query(found)
	return objection_to_terms(found.doctype, found.args)


def _drop(found: Asked) -> None:
	"""The arguments are the request's own, which Frappe reads after this."""
	for name in DROPPED:
		frappe.local.form_dict.pop(name, None)


def _objection_to_query(found: Asked) -> str | None:
	if functions.is_own(functions.own_name(str(found.args["query"]))):
		return None
	return _("This look-up is not used for {0}.").format(_(found.doctype))


def objection_to_terms(doctype: str | None, args: Mapping[str, Any]) -> str | None:
	"""Why a list is not asked for in these terms, in words for the caller."""
	try:
		(terms.check if governed.is_scoped(doctype) else terms.check_others)(doctype, args)
	except NotPlain as error:
		return _("{0} is no field. Lists are asked for by names of fields.").format(_quoted(error.args[0]))
	except NotReadable as error:
		return _("{0} is no field that you may read.").format(_quoted(error.args[0]))
	return None


def _quoted(said: object) -> str:
	return frappe.utils.escape_html(str(said)[:80])
