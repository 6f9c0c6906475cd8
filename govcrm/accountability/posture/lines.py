"""What is told on the page Security Posture: each line whether it is in force, why it matters, and what to do.

What cannot be looked at counts as not in force, as with the health of the log (`govcrm.accountability.health`).
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint
from frappe.utils.safe_exec import is_safe_exec_enabled

from govcrm import peers
from govcrm.accountability import health
from govcrm.accountability.posture import settings
from govcrm.setup.roles import DESK_ROLES

OK, PARTLY, BAD = "ok", "partly", "bad"
TWO_FACTOR = "two_factor"
STAFF = sorted({*DESK_ROLES, "System Manager"})
# Of the configuration of the site or the bench: (key, whether a value is safe).
TEST_SWITCHES = ("developer_mode", "allow_tests", "ignore_csrf")


class Line(NamedTuple):
	"""`value` is what is so, `reason` why it matters, `advice` what to do where no click mends it."""

	key: str
	label: str
	value: str
	state: str
	reason: str
	advice: str = ""
	mend: bool = False


def lines() -> list[Line]:
	return [line for check in CHECKS for line in _safely(check)]


def states() -> dict[str, str]:
	"""The state of each line by its key."""
	return {line.key: line.state for line in lines()}


def _safely(check: Callable[[], Iterator[Line]]) -> list[Line]:
	try:
		return list(check())
	except Exception as error:
		frappe.log_error(title="Security posture")
		value, advice = f"{type(error).__name__}: {error}", _("It is in the Error Log.")
		return [Line(check.__name__, check.__name__, value, BAD, _("It could not be looked at."), advice)]


# Settings ------------------------------------------------------------------------------------------------------


def of_settings() -> Iterator[Line]:
	doc = frappe.get_doc("System Settings")
	for setting in settings.settings():
		value = doc.get(setting.field)
		met = setting.met(value)
		shown = _shown(doc, setting.field, value)
		yield Line(setting.field, setting.label, shown, OK if met else BAD, setting.reason, mend=not met)


def _shown(doc: Any, field: str, value: Any) -> str:
	df = doc.meta.get_field(field)
	if df.fieldtype == "Check":
		value = _("On") if cint(value) else _("Off")
	return _("{0}: {1}").format(_(df.label), " ".join(str(value or _("Empty")).split()))


def two_factor() -> Iterator[Line]:
	label = _("Staff log in with a second factor")
	reason = _(
		"A password alone is enough for whoever finds it out. An app on the telephone shows the second factor."
	)
	without = staff_without_second_factor()
	if not cint(frappe.db.get_single_value("System Settings", "enable_two_factor_auth")):
		value, state = _("Off"), BAD
	else:
		value, state = _("On, not for: {0}").format(", ".join(map(_, without))), PARTLY
	if not without:
		yield Line(TWO_FACTOR, label, _("On for all roles of staff"), OK, reason)
		return
	objection = objection_to_second_factor()
	yield Line(TWO_FACTOR, label, value, state, reason, objection, mend=not objection)


def staff_without_second_factor() -> list[str]:
	"""Roles of staff whose holders log in with a password alone."""
	if not cint(frappe.db.get_single_value("System Settings", "enable_two_factor_auth")):
		return STAFF
	asked = set(frappe.get_all("Role", {"two_factor_auth": 1}, pluck="name"))
	return [] if "All" in asked else [role for role in STAFF if role not in asked]


def objection_to_second_factor() -> str:
	"""Why it is not switched on by a click: Frappe sends the key of the app by mail, and nobody without it gets in."""
	if not frappe.db.exists("Email Account", {"enable_outgoing": 1, "default_outgoing": 1}):
		return _(
			"Set up an Email Account that sends first: the key for the app comes by mail, and nobody without it gets in."
		)
	if not is_encrypted():
		return _("Have the site answer over HTTPS first: second factors would be read on their way.")
	return ""


# The server ----------------------------------------------------------------------------------------------------


def encrypted() -> Iterator[Line]:
	label, reason = (
		_("The site answers over HTTPS"),
		_("On the way everybody could read passwords and cases."),
	)
	advice = _("Have the proxy speak TLS and set X-Forwarded-Proto. See docs/security.md.")
	state = OK if is_encrypted() else BAD
	value = _("This request came over HTTPS") if state == OK else _("This request came over HTTP")
	yield Line("encrypted", label, value, state, reason, "" if state == OK else advice)


def is_encrypted() -> bool:
	request = getattr(frappe.local, "request", None)
	return bool(request) and "https" in (request.scheme, request.headers.get("X-Forwarded-Proto"))


def callers() -> Iterator[Line]:
	label = _("Limits count who asks")
	reason = _(
		"Whoever could choose the address they are counted under would meet no limit of log-ins or requests."
	)
	advice = _("Name the proxies: bench set-config -gp {0} '[\"10.0.0.5\"]'").format(peers.CONFIGURED)
	try:
		proxies = peers.trusted()
	except ValueError as error:
		yield Line("callers", label, str(error), PARTLY, reason, advice)
		return
	if proxies:
		value = _("Trusted proxies: {0}").format(", ".join(map(str, proxies)))
		yield Line("callers", label, value, OK, reason)
	else:
		value = _("No proxies are named: one neighbour of this server is believed, whichever it is.")
		yield Line("callers", label, value, PARTLY, reason, advice)


def rate_limit() -> Iterator[Line]:
	label, reason = _("Requests are limited"), _("One caller could keep the site busy for everybody.")
	limit = frappe.conf.get("rate_limit")
	advice = _(
		'Limit the seconds of work in a window: bench set-config -gp rate_limit \'{"window": 3600, "limit": 3600}\''
	)
	value = (
		_("{0} s of work in {1} s").format(limit.get("limit"), limit.get("window"))
		if limit
		else _("No limit")
	)
	yield Line("rate_limit", label, value, OK if limit else BAD, reason, "" if limit else advice)


def server_scripts() -> Iterator[Line]:
	label, on = _("Nobody writes code in the browser"), is_safe_exec_enabled()
	reason = _("A Server Script reads every record, whoever asks, and passes the access rule.")
	advice = _("Take it away: bench set-config -g server_script_enabled 0")
	value = _("Server scripts are on") if on else _("Server scripts are off")
	yield Line("server_scripts", label, value, BAD if on else OK, reason, advice if on else "")


def test_switches() -> Iterator[Line]:
	label = _("Nothing of a test bench is on")
	reason = _(
		"These open what is meant for developers: forms without protection, test data, code written from the browser."
	)
	on = [key for key in TEST_SWITCHES if cint(frappe.conf.get(key))]
	on += ["allow_cors"] if "*" in str(frappe.conf.get("allow_cors") or "") else []
	advice = _("Set them to 0 in site_config.json and common_site_config.json.")
	value = _("On: {0}").format(", ".join(on)) if on else _("All off")
	yield Line("test_switches", label, value, BAD if on else OK, reason, advice if on else "")


def audit_log() -> Iterator[Line]:
	label, reason = (
		_("The audit log is well"),
		_("What is not recorded, sealed and taken outside cannot be proved."),
	)
	state = health.worst(health.lines())
	words = {
		health.OK: _("All is well"),
		health.WARN: _("It needs a look"),
		health.BAD: _("It needs help now"),
	}
	own = {health.OK: OK, health.WARN: PARTLY, health.BAD: BAD}[state]
	yield Line(
		"audit_log", label, words[state], own, reason, "" if own == OK else _("See Health of the Audit Log.")
	)


CHECKS = (of_settings, two_factor, encrypted, callers, rate_limit, server_scripts, test_switches, audit_log)
