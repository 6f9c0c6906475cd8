"""Who acts and from where: what a header says of it, and what it does not believe."""

import frappe
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm.accountability import trail
from govcrm.accountability.trail import actors, context, payload
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_user

HEADERS = {"X-Forwarded-For": "198.51.100.7", "X-Request-Id": "chosen-by-the-client"}


class TestContext(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.forget)
		self.forget()

	def forget(self) -> None:
		for name in ("request", "job", "govcrm_request_id", "govcrm_trail_context"):
			setattr(frappe.local, name, None)

	def asking(self, **headers: str) -> None:
		"""As in a request from 192.0.2.1."""
		builder = EnvironBuilder(
			path="/api/method/ping", headers={**HEADERS, **headers}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
		)
		frappe.local.request = Request(builder.get_environ())
		frappe.local.govcrm_trail_context = None

	def fields(self) -> dict:
		return context.current().fields

	def test_a_session_is_told_by_a_hash(self) -> None:
		make_user("carla@example.org")
		self.asking()
		frappe.set_user("carla@example.org")
		frappe.session.sid = "5ce1d1e5e5510n"
		fields = self.fields()
		self.assertEqual((fields["via"], fields["auth"]), ("request", "session"))
		self.assertRegex(fields["session"], "^[0-9a-f]{16}$")
		self.assertEqual(fields["actor"], actors.pseudonym("carla@example.org"))

	def test_keys_and_tokens_are_told_from_sessions(self) -> None:
		make_user("carla@example.org")
		for header, auth in (("token a:b", "token"), ("Basic YTpi", "token"), ("Bearer abc", "oauth")):
			self.asking(Authorization=header)
			frappe.set_user("carla@example.org")
			self.assertEqual((self.fields()["auth"], self.fields()["session"]), (auth, None))

	def test_a_header_makes_nobody_of_a_guest(self) -> None:
		self.asking(Authorization="token a:b")
		frappe.set_user("Guest")
		self.assertEqual(self.fields()["auth"], "guest")

	def test_who_stands_behind_an_impersonated_user_is_told(self) -> None:
		make_user("carla@example.org")
		self.asking()
		frappe.set_user("carla@example.org")
		frappe.session.data = frappe._dict(impersonated_by="Administrator")
		self.assertEqual(self.fields()["impersonator"], actors.pseudonym("Administrator"))

	def test_nothing_a_client_says_is_taken_for_true(self) -> None:
		self.asking()
		name = trail.record("read", subject="Site/Test")
		event, told = frappe.get_doc("Audit Event", name), payload.read(name)
		self.assertNotIn("chosen-by-the-client", event.header)
		self.assertEqual((told["peer"], told["detail/forwarded_for"]), ("192.0.2.1", "198.51.100.7"))
		for address in ("192.0.2.1", "198.51.100.7"):
			self.assertNotIn(address, event.header)

	def test_all_events_of_a_request_carry_its_id_and_the_next_another(self) -> None:
		self.asking()
		first = {
			frappe.db.get_value("Audit Event", trail.record("read", subject="Site/Test"), "request_id")
			for _ in range(3)
		}
		self.forget()
		self.asking()
		self.assertEqual(len(first), 1)
		self.assertNotIn(self.fields()["request"], first)

	def test_jobs_commands_and_scripts_are_told_apart(self) -> None:
		frappe.local.job = frappe._dict(method="frappe.ping", kwargs={"secret": "canary"}, job_name="x")
		self.assertEqual((self.fields()["via"], self.fields()["method"]), ("job", "frappe.ping"))
		self.forget()
		frappe.local.job = frappe._dict(method=context.SCHEDULED, kwargs={"job_type": "tasks.sweep"})
		self.assertEqual((self.fields()["via"], self.fields()["method"]), ("scheduler", "tasks.sweep"))
		self.forget()
		self.assertEqual(self.fields()["via"], "script")

	def test_time_is_utc_with_the_offset_of_the_site(self) -> None:
		event = frappe.get_doc("Audit Event", trail.record("read", subject="Site/Test"))
		header = frappe.parse_json(event.header)
		self.assertRegex(header["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
		self.assertRegex(header["offset"], r"^[+-]\d\d:\d\d$")
		self.assertEqual(header["at"][:-1].replace("T", " "), event.at_utc.strftime("%Y-%m-%d %H:%M:%S.%f"))
