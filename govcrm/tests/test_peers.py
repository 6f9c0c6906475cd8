"""A limit counts who asks, not who they say they are: `X-Forwarded-For`, read by `HTTPRequest` and `rate_limit`."""

from contextlib import suppress
from unittest.mock import patch

import frappe
from frappe.auth import HTTPRequest
from frappe.rate_limiter import rate_limit
from frappe.utils.password import update_password
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm import peers, wrapping
from govcrm.tests import GovCRMTestCase
from govcrm.tests.casework import SUE
from govcrm.tests.factories import make_user

REAL = "203.0.113.7"
PASSWORD = "a-long-one-that-nobody-has-4711"


class PeersTestCase(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		peers.install()
		for name in ("request", "request_ip", "form_dict"):
			self.addCleanup(setattr, frappe.local, name, getattr(frappe.local, name, None))

	def asking(self, forwarded: str, path: str = "/"):
		headers, environ = {"X-Forwarded-For": forwarded}, {"REMOTE_ADDR": "127.0.0.1"}
		built = EnvironBuilder(path, method="POST", headers=headers, environ_base=environ)
		return patch.multiple(
			frappe.local,
			create=True,
			request=Request(built.get_environ()),
			request_ip=None,
			form_dict=frappe._dict(cmd=f"govcrm.test.{self.id()}"),
		)


class TestPeers(PeersTestCase):
	def address(self) -> str:
		HTTPRequest.set_request_ip(HTTPRequest.__new__(HTTPRequest))
		return frappe.local.request_ip

	def test_a_limit_is_met_whatever_address_a_caller_invents(self):
		limited = rate_limit(limit=3, seconds=60)(lambda: True)
		answers = []
		for number in range(5):
			with self.asking(f"192.0.2.{number}, {REAL}"):
				self.address()
				try:
					answers.append(limited())
				except frappe.RateLimitExceededError:
					answers.append(False)
		self.assertEqual(answers, [True, True, True, False, False])

	def test_proxies_are_those_of_the_configuration(self):
		chain = f"192.0.2.1, {REAL}, 198.51.100.1"
		with self.asking(chain), patch.dict(frappe.conf, {peers.CONFIGURED: "127.0.0.1,198.51.100.1"}):
			self.assertEqual(self.address(), REAL)
		with self.asking(chain), patch.dict(frappe.conf, {peers.CONFIGURED: "the proxy"}):
			self.assertEqual(self.address(), "198.51.100.1")

	def test_a_site_without_the_app_has_frappes_address(self):
		with (
			self.asking(f"192.0.2.1, {REAL}"),
			patch.object(frappe, "get_installed_apps", lambda: ["frappe"]),
			patch.object(frappe.local, wrapping.KEPT, None, create=True),
		):
			self.assertEqual(self.address(), "192.0.2.1")

	def test_the_first_request_of_a_process_has_the_right_address_too(self):
		claimed = HTTPRequest.set_request_ip.__wrapped__
		with patch.object(HTTPRequest, "set_request_ip", claimed), self.asking(f"192.0.2.1, {REAL}"):
			peers.install()
			self.assertEqual(frappe.local.request_ip, REAL)


class TestFirstLogIn(PeersTestCase):
	"""A log-in as the first request of a process: Frappe sees to it before any hook of a request."""

	WRONG = "not-the-password"

	def setUp(self) -> None:
		super().setUp()
		self.enterContext(patch.object(HTTPRequest, "set_request_ip", HTTPRequest.set_request_ip.__wrapped__))
		self.enterContext(patch.object(frappe.db, "commit"))  # Frappe keeps what was refused at once
		self.addCleanup(setattr, frappe.local, "login_manager", getattr(frappe.local, "login_manager", None))
		make_user(SUE)
		update_password(SUE, PASSWORD)

	def log_in(self, password: str) -> str | None:
		"""The address that Frappe's log of log-ins has, where a caller claims another."""
		with self.asking(f"192.0.2.1, {REAL}", "/login"):
			frappe.form_dict.update(cmd="login", usr=SUE, pwd=password)
			with suppress(frappe.AuthenticationError), patch.object(frappe.local, "response", frappe._dict()):
				HTTPRequest()
		frappe.set_user("Administrator")
		rows = frappe.get_all(
			"Activity Log", {"user": SUE}, ["ip_address"], order_by="creation desc", limit=1
		)
		return rows[0].ip_address if rows else None

	def test_one_that_fails_is_logged_with_the_peers_address(self):
		self.assertEqual(self.log_in(self.WRONG), REAL)

	def test_one_that_succeeds_is_logged_with_the_peers_address(self):
		self.assertEqual(self.log_in(PASSWORD), REAL)

	def test_an_address_that_was_claimed_does_not_pass_over_the_second_factor(self):
		with self.asking(f"192.0.2.1, {REAL}"), patch.object(peers, "should_run_2fa", return_value=True):
			frappe.local.request_ip = "192.0.2.1"
			with self.assertRaises(frappe.AuthenticationError):
				peers.judge_anew(frappe._dict(user=SUE))
			peers.judge_anew(frappe._dict(user=SUE))  # the next time it was asked by the right address
