"""What the set-up wizard asks, answered without it: for `bin/up` and for sites made by a script."""

from frappe.desk.page.setup_wizard.setup_wizard import setup_complete
from frappe.geo.country_info import get_country_info


def finish_wizard(
	country: str = "United States", time_zone: str = "America/New_York", language: str = "English"
) -> None:
	"""Give Frappe the answers of its set-up wizard, so that the first page after login is work.

	Names as Frappe's Country and Language records have them; the currency is the country's. Does nothing on a site
	whose wizard is done. Other apps' own steps run too, as in the browser.
	"""
	currency = get_country_info(country).get("currency") or "USD"
	setup_complete({"language": language, "country": country, "timezone": time_zone, "currency": currency})
