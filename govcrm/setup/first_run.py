"""What `bin/up` runs on a new site: the answers of the set-up wizard, and the demo city with its progress."""

from datetime import timedelta

import frappe
from frappe.desk.page.setup_wizard.setup_wizard import setup_complete
from frappe.geo.country_info import get_country_info
from frappe.utils import get_datetime

from govcrm.setup import demo


def finish_wizard(
	country: str = "United States", time_zone: str = "America/New_York", language: str = "English"
) -> None:
	"""Give Frappe the answers of its set-up wizard, so that the first page after login is work.

	Names as Frappe's Country and Language records have them; the currency is the country's. Does nothing on a site
	whose wizard is done. Other apps' own steps run too, as in the browser.
	"""
	currency = get_country_info(country).get("currency") or "USD"
	setup_complete({"language": language, "country": country, "timezone": time_zone, "currency": currency})


def start_tasks(args: dict | None = None) -> None:
	"""Hook of the set-up wizard: the agency's scheduled work begins now, whatever time zone was chosen.

	A job that never ran counts from its creation, which Frappe noted in the zone the site had before. In a zone further
	west that lies hours ahead, and until then no deadline would be watched.
	"""
	jobs = frappe.get_all(
		"Scheduled Job Type",
		{"method": ("like", "govcrm.%")},
		["name", "creation", "last_execution"],
		order_by="name",
	)
	for job in jobs:
		if job.last_execution:
			continue
		before = get_datetime(job.creation) - WIDEST_SHIFT
		frappe.db.set_value("Scheduled Job Type", job.name, "creation", before, update_modified=False)


WIDEST_SHIFT = timedelta(hours=26)  # from UTC+14 to UTC-12


def make_demo_city() -> None:
	"""Make the demo city and print how far it is."""
	demo.make_demo_city(_Tenths())


class _Tenths:
	"""Prints `progress: what, done of total` when another tenth is done; of few things only when all are."""

	def __init__(self) -> None:
		self.last = ("", 0)

	def __call__(self, what: str, done: int, total: int) -> None:
		tenth = (what, 10 * done // total if total > 100 else done == total)
		if tenth != self.last and tenth[1]:
			self.last = tenth
			print(f"progress: {what}, {done} of {total}", flush=True)
