"""The hook of the gate: `auth_hooks`, after it is known who asks and before anything is done."""

import frappe
from frappe import _

from govcrm.domain.query_terms import NotPlain
from govcrm.gate import asked, methods, terms
from govcrm.gate.asked import Asked
from govcrm.gate.terms import NotReadable

ADMINISTRATOR = "Administrator"


def check() -> None:
	"""Let the request through, or throw PermissionError with a sentence. What cannot be judged is not let through."""
	try:
		found = asked.of_request()
		why = _objection(found) if found and frappe.session.user != ADMINISTRATOR else None
	except Exception:
		frappe.logger("govcrm.gate").error("denied: no answer for %s", frappe.request.path, exc_info=True)
		why = _("This request cannot be judged, and so is not let through. Ask for a list or a record.")
	if why:
		frappe.throw(why, frappe.PermissionError, title=_("Not Let Through"))


def _objection(found: Asked) -> str | None:
	if methods.is_own(found.method):
		return None
	governed = found.names() & _governed()
	if not governed:
		return None
	if found.method not in methods.known():
		message = _("{0} is not asked about {1}. Use its list, its form, or /api/resource.")
		return message.format(frappe.utils.escape_html(found.method), _(min(governed)))
	return _objection_to_terms(found) if found.doctype in governed else None


def _objection_to_terms(found: Asked) -> str | None:
	if found.method in methods.LOOK_UPS:
		frappe.local.form_dict.pop(
			"ignore_user_permissions", None
		)  # to Frappe it means: ask for no permission
		if _is_foreign_query(found.args.get("query")):
			return _("This look-up is not used for {0}.").format(_(found.doctype))
	try:
		terms.check(found.doctype, found.args)
	except NotPlain as error:
		return _("{0} is no field. Lists are asked for by names of fields.").format(_quoted(error))
	except NotReadable as error:
		return _("{0} is no field that you may read.").format(_quoted(error))
	return None


def _is_foreign_query(query: str | None) -> bool:
	return bool(query) and not methods.is_own(query)


def _quoted(error: ValueError) -> str:
	return frappe.utils.escape_html(str(error.args[0])[:80])


def _governed() -> frozenset[str]:
	return frozenset(frappe.get_hooks("govcrm_scoped_doctypes"))
