"""The address that limits count by, log-ins are recorded with and users are restricted to.

Frappe takes the first entry of `X-Forwarded-For`, which is whatever the caller wrote there: a limit of ten a minute is none for who
writes another address each time. Here the caller is found by `govcrm.domain.addresses`. `govcrm_trusted_proxies` in the
configuration of the site or the bench names the proxies where there is more than one, or one that is no neighbour.
"""

from collections.abc import Callable

import frappe
from frappe import _
from frappe.auth import HTTPRequest, LoginManager
from frappe.twofactor import should_run_2fa

from govcrm.domain import addresses
from govcrm.wrapping import OURS, wrap

CONFIGURED = "govcrm_trusted_proxies"


def install(*_event, **_more) -> None:
	"""Hook `before_request`, `before_login` and of the records of log-ins, which come before it in the first request of a process.

	That request has its address already, and gets the right one here.
	"""
	is_first = not hasattr(HTTPRequest.set_request_ip, OURS)
	wrap(HTTPRequest, "set_request_ip", _counted)
	if is_first and getattr(frappe.local, "request", None):
		frappe.local.request_ip = address()


def judge_anew(login_manager: LoginManager) -> None:
	"""Hook `on_login`. Frappe 15 has asked by then whether this address needs a second factor.

	By an address that was only claimed, in the first request of a process, it was asked of somebody else.
	"""
	claimed = frappe.local.request_ip
	install()
	if frappe.local.request_ip != claimed and should_run_2fa(login_manager.user):
		frappe.throw(_("Log in again."), frappe.AuthenticationError)


def _counted(claimed: Callable) -> Callable:
	def set_request_ip(self: HTTPRequest) -> None:
		frappe.local.request_ip = address()

	return set_request_ip


def address() -> str:
	"""Of who asks. A configuration that cannot be read trusts nobody further than the first neighbour."""
	request = frappe.local.request
	try:
		proxies = trusted()
	except ValueError:
		proxies = []
	return addresses.caller(
		request.environ.get("REMOTE_ADDR"), request.headers.get("X-Forwarded-For"), proxies
	)


def trusted() -> list[addresses.Network]:
	"""Raises ValueError where the configuration names what is no address."""
	return addresses.networks(frappe.conf.get(CONFIGURED))
