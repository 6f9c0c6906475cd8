"""Settings that are made safe once and told for ever, who may mend them, and what stands in the way."""

from unittest.mock import patch

import frappe
from frappe.core.doctype.file.file import File
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm import peers
from govcrm.accountability import health
from govcrm.accountability.posture import hardening, lines, mending, nist, settings
from govcrm.api.accountability import posture as endpoint
from govcrm.domain.files.kinds import KINDS
from govcrm.setup import seed
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_user

SYSTEM, ADA, ANN = "System Settings", "ada@example.org", "ann@example.org"
HTTPS = {"X-Forwarded-Proto": "https"}


class PostureTestCase(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		# What is set here is taken back with the transaction, and must not stay in a cache.
		self.addCleanup(frappe.clear_cache)

	def put(self, **values: object) -> None:
		frappe.db.set_single_value(SYSTEM, values)
		frappe.clear_document_cache(SYSTEM, SYSTEM)

	def unsafe(self) -> None:
		self.put(**{one.field: one.default for one in settings.settings()})

	def value(self, field: str) -> str:
		return str(frappe.db.get_single_value(SYSTEM, field, cache=False))

	def line(self, key: str) -> lines.Line:
		return next(line for line in lines.lines() if line.key == key)

	def asked(self, **headers: str):
		request = Request(EnvironBuilder(headers=headers).get_environ())
		return patch.object(frappe.local, "request", request, create=True)

	def newest_event(self) -> frappe._dict:
		return frappe.get_all("Audit Event", fields=["*"], order_by="name desc", limit=1)[0]


class TestHardening(PostureTestCase):
	def test_a_new_site_has_every_setting_as_it_should_be(self):
		doc = frappe.get_doc(SYSTEM)
		self.assertEqual([one.field for one in settings.settings() if not one.met(doc.get(one.field))], [])

	def test_what_is_as_frappe_made_it_is_made_safe_in_one_recorded_change(self):
		self.unsafe()
		hardening.harden()
		doc = frappe.get_doc(SYSTEM)
		self.assertTrue(all(one.met(doc.get(one.field)) for one in settings.settings()))
		event = self.newest_event()
		self.assertEqual((event.verb, event.reference_doctype), ("update", SYSTEM))

	def test_what_an_agency_set_itself_stays(self):
		self.unsafe()
		self.put(session_expiry="24:00", allowed_file_extensions="EXE", document_share_key_expiry=90)
		hardening.harden()
		self.assertEqual(self.value("session_expiry"), "24:00")
		self.assertEqual(self.value("allowed_file_extensions"), "EXE")
		self.assertEqual(self.value("document_share_key_expiry"), "90")
		self.assertEqual(self.value("disable_document_sharing"), "1")

	def test_no_migrate_fights_over_it(self):
		self.unsafe()
		seed.seed()
		self.assertEqual(self.value("disable_document_sharing"), "0")

	def test_sessions_end_as_frappe_reads_it(self):
		self.assertEqual(frappe.defaults.get_global_default("session_expiry"), "10:00")

	def take(self, name: str) -> None:
		file = frappe.new_doc("File", file_name=name)
		file.set_file_type()
		self.assertTrue(file.file_type, name)
		with self.asked():
			File.validate_file_extension(file)

	def test_the_kinds_of_files_are_those_that_frappe_knows_them_by(self):
		for name in ("a.xls", "a.eml", "a.json.gz"):
			self.take(name)
		for name in ("a.html", "a.svg", "a.js", "a.exe", "a.xhtml"):
			with self.assertRaises(frappe.ValidationError):
				self.take(name)

	def test_whatever_our_kinds_of_files_end_in_passes_frappes_list_too(self):
		for ending in {ending for kind in KINDS.values() for ending in kind.endings}:
			self.take(f"a.{ending}")


class TestLines(PostureTestCase):
	def test_each_setting_is_told_as_it_is_with_a_reason(self):
		self.unsafe()
		for setting in settings.settings():
			line = self.line(setting.field)
			safe = setting.met(setting.default)
			self.assertEqual((line.state, line.mend), (lines.OK, False) if safe else (lines.BAD, True), line)
			self.assertTrue(line.reason.endswith("."))

	def test_values_that_only_look_safe_are_not(self):
		for field, value in (
			("session_expiry", "13:00"),
			("session_expiry", ""),
			("session_expiry", "0:00"),
			("allow_consecutive_login_attempts", 0),
			("allowed_file_extensions", "PDF\nsvg"),
			("document_share_key_expiry", 0),
			("minimum_password_score", ""),
		):
			self.put(**{field: value})
			self.assertEqual(self.line(field).state, lines.BAD, (field, value))

	def test_who_asks_is_told_by_the_proxies_that_are_named(self):
		for value, state in (
			(None, lines.PARTLY),
			(["10.0.0.5"], lines.OK),
			("10.0.0.0/8", lines.OK),
			("x", lines.PARTLY),
		):
			with patch.dict(frappe.conf, {peers.CONFIGURED: value}):
				self.assertEqual(self.line("callers").state, state)

	def test_the_server_is_told_as_it_is_configured(self):
		with patch.dict(frappe.conf, {"developer_mode": 1, "allow_cors": "*", "rate_limit": None}):
			self.assertIn("developer_mode", self.line("test_switches").value)
			self.assertIn("allow_cors", self.line("test_switches").value)
			self.assertEqual(self.line("rate_limit").state, lines.BAD)
		safe = {
			**dict.fromkeys(lines.TEST_SWITCHES, 0),
			"allow_cors": "",
			"rate_limit": {"window": 60, "limit": 60},
		}
		with patch.dict(frappe.conf, safe):
			self.assertEqual(
				(self.line("test_switches").state, self.line("rate_limit").state), (lines.OK, lines.OK)
			)
		with patch.object(lines, "is_safe_exec_enabled", return_value=True):
			self.assertEqual(self.line("server_scripts").state, lines.BAD)
		self.assertEqual(self.line("encrypted").state, lines.BAD)
		with self.asked(**HTTPS):
			self.assertEqual(self.line("encrypted").state, lines.OK)

	def test_the_log_is_told_by_its_health(self):
		for state, told in ((health.OK, lines.OK), (health.WARN, lines.PARTLY), (health.BAD, lines.BAD)):
			with patch.object(health, "worst", return_value=state):
				self.assertEqual(self.line("audit_log").state, told)

	def test_what_cannot_be_looked_at_is_not_in_force_and_leaves_the_others(self):
		def broken():
			raise ZeroDivisionError("of nothing")

		with patch.object(lines, "CHECKS", (broken, lines.rate_limit)):
			found = lines.lines()
		self.assertEqual((found[0].state, len(found)), (lines.BAD, 2))

	def test_lines_that_controls_need_are_there(self):
		keys = lines.states()
		wanted = {key for control in nist.CONTROLS for key in (*control.needs, *control.rests_on)}
		self.assertEqual(sorted(wanted - set(keys)), [])


class TestMending(PostureTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_user(ADA, "Agency Administrator")
		make_user(ANN, "Agency Auditor")

	def test_one_click_makes_each_setting_safe_and_is_recorded_with_its_reason(self):
		self.unsafe()
		frappe.set_user(ADA)
		for setting in settings.settings():
			mending.mend(setting.field)
			self.assertEqual(self.line(setting.field).state, lines.OK, setting.field)
		event = self.newest_event()
		self.assertEqual((event.verb, event.reference_doctype), ("update", SYSTEM))

	def test_what_is_safe_is_left_as_it_is(self):
		self.put(session_expiry="08:00")
		before = self.newest_event().name
		frappe.set_user(ADA)
		mending.mend("session_expiry")
		self.assertEqual((self.value("session_expiry"), self.newest_event().name), ("08:00", before))

	def test_auditors_look_and_do_not_touch_and_others_do_not_look(self):
		self.unsafe()
		frappe.set_user(ANN)
		self.assertFalse(endpoint.lines()["may_mend"])
		with self.assertRaises(frappe.PermissionError):
			endpoint.mend("session_expiry")
		self.assertEqual(self.value("session_expiry"), "170:00")
		make_user("carl@example.org", "Caseworker")
		frappe.set_user("carl@example.org")
		for ask in (endpoint.lines, lambda: endpoint.mend("session_expiry")):
			with self.assertRaises(frappe.PermissionError):
				ask()

	def test_only_what_the_page_tells_is_set_by_it(self):
		frappe.set_user(ADA)
		for key in ("encrypted", "app_name", "enable_scheduler"):
			with self.assertRaises(frappe.ValidationError):
				mending.mend(key)

	def test_nobody_is_locked_out_by_a_second_factor_that_cannot_reach_them(self):
		frappe.set_user(ADA)
		with (
			patch.object(frappe.db, "exists", return_value=None),
			self.assertRaisesRegex(Exception, "Email Account"),
		):
			mending.mend(lines.TWO_FACTOR)
		with (
			patch.object(frappe.db, "exists", return_value="Mail"),
			self.assertRaisesRegex(Exception, "HTTPS"),
		):
			mending.mend(lines.TWO_FACTOR)
		self.assertEqual(self.line(lines.TWO_FACTOR).state, lines.BAD)

	def test_staff_are_asked_for_a_second_factor_and_citizens_are_not(self):
		frappe.set_user(ADA)
		with patch.object(lines, "objection_to_second_factor", return_value=""):
			mending.mend(lines.TWO_FACTOR)
		self.assertEqual(self.line(lines.TWO_FACTOR).state, lines.OK)
		asked = set(frappe.get_all("Role", {"two_factor_auth": 1}, pluck="name"))
		self.assertTrue({"Caseworker", "System Manager", "Agency Administrator"} <= asked)
		self.assertFalse(asked & {"All", "Constituent", "Guest"})
		frappe.db.set_value("Role", "Caseworker", "two_factor_auth", 0)
		line = self.line(lines.TWO_FACTOR)
		self.assertEqual(line.state, lines.PARTLY)
		self.assertIn("Caseworker", line.value)

	def test_the_map_of_controls_follows_the_settings(self):
		self.unsafe()
		frappe.set_user(ADA)
		stands = {one["id"]: one["state"] for one in endpoint.lines()["controls"]}
		self.assertEqual((stands["SI-11"], stands["AC-12"]), (nist.NOT_HERE, nist.PARTLY))
		endpoint.mend("allow_error_traceback")
		found = {one["id"]: one["state"] for one in endpoint.mend("session_expiry")["controls"]}
		self.assertEqual((found["SI-11"], found["AC-12"]), (nist.IN_FORCE, nist.IN_FORCE))
