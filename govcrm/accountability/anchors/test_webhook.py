"""A POST to another system: signed, not redirected, and never a way into the server's own network."""

import hmac
import json
import socket
from unittest.mock import patch

import frappe

from govcrm.accountability.anchors import sending
from govcrm.accountability.anchors.kinds import AnchorError
from govcrm.tests.anchoring import AnchorTestCase, http_server, make_anchor, reaching_this_machine, seal

SECRET = "of both sides"


class TestWebhook(AnchorTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.checkpoint = seal()
		self.heard = []
		self.status, self.headers, self.content = 200, {}, b'{"kept": true}'
		self.url = self.enter(http_server(self.answer))

	def answer(self, request, body):
		self.heard.append((request.path, dict(request.headers), body))
		return self.status, self.headers, self.content

	def anchor(self, path: str = "/hook?of=log", **values: object):
		return make_anchor("Webhook", url=self.url + path, **values)

	def test_the_checkpoint_arrives_signed_and_the_answer_is_kept(self):
		with reaching_this_machine():
			anchor = self.run_job(self.anchor(secret=SECRET))
		self.assertEqual(self.assert_taken(anchor, self.checkpoint).receipt, '{"kept": true}')
		((path, headers, body),) = self.heard
		self.assertEqual(path, "/hook?of=log")
		self.assertEqual(json.loads(body)["checkpoint"], self.checkpoint.checkpoint)
		signed = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
		self.assertEqual(headers["X-GovCRM-Signature"], f"sha256={signed}")
		self.assertEqual(headers["Content-Type"], "application/json")
		self.assertEqual(headers["Idempotency-Key"], self.checkpoint.checkpoint_hash)

	def test_without_a_secret_there_is_no_signature(self):
		with reaching_this_machine():
			self.run_job(self.anchor())
		self.assertNotIn("X-GovCRM-Signature", self.heard[0][1])

	def test_a_redirect_is_not_followed(self):
		self.status, self.headers = 307, {"Location": self.url + "/elsewhere"}
		with reaching_this_machine():
			self.assert_fails(self.anchor(), "Redirects are not followed")
		self.assertEqual(len(self.heard), 1)

	def test_a_refusal_and_an_endless_answer_are_failures(self):
		with reaching_this_machine():
			self.status = 500
			self.assert_fails(self.anchor(), "answered 500")
			self.status, self.content = 200, b"x" * (sending.LONGEST_ANSWER + 1)
			self.assert_fails(self.anchor(anchor_name="Endless"), "too long")

	def test_nobody_there_is_a_failure_in_words(self):
		with reaching_this_machine(), socket.socket() as free:
			free.bind(("127.0.0.1", 0))
			url = f"http://127.0.0.1:{free.getsockname()[1]}"
			self.assert_fails(make_anchor("Webhook", url=url), "No answer from 127.0.0.1.*refused")

	def test_this_machine_is_not_reached_unless_the_configuration_of_the_site_lists_it(self):
		self.assert_fails(self.anchor(), "not a public address.*govcrm_anchor_hosts")
		self.assertEqual(self.heard, [])

	def test_a_public_name_that_points_inside_is_not_reached(self):
		port = int(self.url.rpartition(":")[2])
		inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
		with patch.object(sending.socket, "getaddrinfo", return_value=inside):
			self.assert_fails(
				make_anchor("Webhook", url=f"http://witness.example:{port}"), "not a public address"
			)
		self.assertEqual(self.heard, [])

	def test_what_is_no_address_of_http_is_refused(self):
		for url in (
			"",
			"ftp://example.org",
			"file:///etc/passwd",
			"https://",
			"https://user:pass@example.org",
			"https://example.org/ HTTP/1.1\r\nX: y",
			"http://[::1",
			"http://example.org:99999",
		):
			with self.assertRaises(AnchorError, msg=url):
				sending.split(url)
		with self.assertRaisesRegex(frappe.ValidationError, "begins with https"):
			make_anchor("Webhook", url="https://user:pass@example.org")


class TestPublicAddresses(AnchorTestCase):
	def test_only_what_all_the_world_can_reach_is_public(self):
		inside = (
			"127.0.0.1",
			"10.1.2.3",
			"172.16.0.1",
			"192.168.1.1",
			"169.254.169.254",
			"100.64.0.1",
			"0.0.0.0",
			"224.0.0.1",
			"255.255.255.255",
			"::1",
			"::",
			"fe80::1%eth0",
			"fd00::1",
			"ff02::1",
			"::ffff:127.0.0.1",
			"::ffff:169.254.169.254",
			"2002:7f00:1::",
		)
		self.assertEqual([address for address in inside if sending.is_public(address)], [])
		outside = ("93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34")
		self.assertEqual([address for address in outside if not sending.is_public(address)], [])
