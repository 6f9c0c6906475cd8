"""The newest checkpoint of the audit log, for everybody. Works without JavaScript and without an account."""

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import convert_utc_to_system_timezone, format_datetime, get_system_timezone
from frappe.utils.jinja_globals import is_rtl

from govcrm.accountability import published

no_cache = True
sitemap = 0


def get_context(context: dict) -> None:
	found = published.newest()
	context.update(
		title=_("Proof of our records"),
		agency=frappe.get_cached_doc("GovCRM Settings").agency_name or _("The agency"),
		lang=frappe.local.lang,
		text_direction="rtl" if is_rtl() else "ltr",
		checkpoint=found and found["said"],
		signature=found and found["signature"],
		sealed=found and in_words(found["said"]["time"]),
		keys=published.keys(),
	)


def in_words(time: str) -> str:
	"""A time in UTC as the agency's clocks show it, with the zone."""
	local = convert_utc_to_system_timezone(datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ"))
	return _("{0} ({1})").format(format_datetime(local), get_system_timezone())
