"""How a request stands, for whoever has its reference. Works without JavaScript and without an account."""

import frappe
from frappe import _
from frappe.utils.jinja_globals import is_rtl

from govcrm.api.intake.exceptions import UnknownReference
from govcrm.api.intake.looking import limited, public_status
from govcrm.faults import InvalidInput

no_cache = True
sitemap = 0

LONGEST = 64  # characters of what is typed that are shown again


def get_context(context: dict) -> None:
	reference = "".join(filter(str.isprintable, str(frappe.form_dict.get("reference") or ""))).strip()
	context.update(
		title=_("How is my request doing?"),
		agency=frappe.get_cached_doc("GovCRM Settings").agency_name or _("The agency"),
		lang=frappe.local.lang,
		text_direction="rtl" if is_rtl() else "ltr",
		reference=reference[:LONGEST],
		request=None,
		problem=None,
	)
	if reference:
		context.update(look_up(reference))


def look_up(reference: str) -> dict:
	"""Return the public status as `request`, or as `problem` why there is none, with the HTTP status for it."""
	try:
		return {"request": limited(public_status)(reference)}
	except (UnknownReference, InvalidInput):
		return _problem(404, _("No request has this reference. Please check every character."))
	except frappe.RateLimitExceededError:
		return _problem(429, _("That was often. Please wait a minute, then try again."))


def _problem(status: int, message: str) -> dict:
	frappe.clear_messages()
	frappe.local.response["http_status_code"] = status
	return {"problem": message, "http_status_code": status}
