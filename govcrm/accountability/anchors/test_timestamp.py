"""Time stamps of a local authority made with OpenSSL, and answers that are not to be trusted."""

import base64
import shutil
import unittest
from datetime import timedelta
from unittest.mock import patch

import frappe
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from govcrm.accountability.anchors import der, timestamp
from govcrm.tests.anchoring import AnchorTestCase, http_server, make_anchor, reaching_this_machine, seal
from govcrm.tests.stamping import Authority

KIND = "Time Stamp (RFC 3161)"
REJECTED = bytes.fromhex("30053003020102")  # TimeStampResp with PKIStatus 2, rejection, and no token


@unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
class TestTimeStamp(AnchorTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.checkpoint = seal()
		self.authority = Authority(self.folder / "authority")
		self.stamp = self.authority.stamp
		self.heard = []
		self.url = self.enter(http_server(self.answer))
		self.enter(reaching_this_machine())
		self.anchor = make_anchor(KIND, url=self.url, certificates=self.authority.root)

	def answer(self, request, query):
		self.heard.append((request.headers["Content-Type"], query))
		return 200, {"Content-Type": "application/timestamp-reply"}, self.stamp(query)

	def test_the_receipt_is_a_time_stamp_over_the_checkpoint_that_openssl_verifies_too(self):
		receipt = self.assert_taken(self.run_job(self.anchor), self.checkpoint)
		answer = base64.b64decode(receipt.receipt)
		self.assertTrue(self.authority.verifies(answer, self.checkpoint.checkpoint.encode()))
		self.assertFalse(self.authority.verifies(answer, b"something else"))
		stamped = decode_timestamp_response(answer).tst_info.message_imprint.message
		self.assertEqual(stamped.hex(), self.checkpoint.checkpoint_hash)
		self.assertIn("Stamped at ", receipt.note)
		self.assertEqual(self.heard[0][0], "application/timestamp-query")

	def test_the_authority_learns_nothing_but_a_hash(self):
		self.run_job(self.anchor)
		self.assertNotIn(self.checkpoint.origin.encode(), self.heard[0][1])

	def test_a_stamp_of_another_authority_is_not_trusted(self):
		self.stamp = Authority(self.folder / "another").stamp
		self.assert_fails(self.anchor, "not to be trusted")

	def test_a_stamp_over_something_else_is_not_trusted(self):
		builder = TimestampRequestBuilder().data(b"something else").hash_algorithm(HashAlgorithm.SHA256)
		self.stamp = lambda query: self.authority.stamp(builder.build().as_bytes())
		self.assert_fails(self.anchor, "not to be trusted")

	def test_an_old_answer_played_again_is_not_trusted(self):
		builder = TimestampRequestBuilder().data(self.checkpoint.checkpoint.encode())
		old = self.authority.stamp(builder.hash_algorithm(HashAlgorithm.SHA256).build().as_bytes())
		self.stamp = lambda query: old
		self.assert_fails(self.anchor, "not to be trusted.*Nonce")

	def test_an_altered_answer_is_not_trusted(self):
		def altered(query):
			answer = bytearray(self.authority.stamp(query))
			at = bytes(answer).find(bytes.fromhex(self.checkpoint.checkpoint_hash))
			answer[at + 3] ^= 1
			return bytes(answer)

		self.stamp = altered
		self.assert_fails(self.anchor, "not to be trusted")

	def test_what_is_no_answer_or_a_refusal_fails(self):
		for answer in (b"", b"<html>no</html>", REJECTED, b"\x30\x84\xff\xff\xff\xff"):
			self.stamp = lambda query, answer=answer: answer
			self.assert_fails(self.anchor, "not to be trusted")

	def test_certificates_in_any_order_are_read_and_openssl_still_agrees(self):
		builder = TimestampRequestBuilder().data(b"data").hash_algorithm(HashAlgorithm.SHA256)
		answer = self.authority.stamp(builder.build().as_bytes())
		in_order = der.with_sorted_certificates(answer)
		start, end = der._certificates(answer)
		(first, middle), (_middle, last) = der._elements(in_order, start, end)
		swapped = in_order[:start] + in_order[middle:last] + in_order[first:middle] + in_order[end:]
		self.assertRaises(ValueError, decode_timestamp_response, swapped)
		self.assertEqual(der.with_sorted_certificates(swapped), in_order)
		for one in (answer, swapped, in_order):
			self.assertTrue(self.authority.verifies(one, b"data"))
		self.assertTrue(decode_timestamp_response(in_order))

	def test_what_is_no_time_stamp_is_left_as_it_is(self):
		builder = TimestampRequestBuilder().data(b"data").hash_algorithm(HashAlgorithm.SHA256)
		answer = self.authority.stamp(builder.build().as_bytes())
		for end in range(0, len(answer), 7):
			self.assertEqual(der.with_sorted_certificates(answer[:end]), answer[:end])
		for other in (REJECTED, b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff", b"<html>"):
			self.assertEqual(der.with_sorted_certificates(other), other)

	def test_a_clock_that_is_far_off_is_told(self):
		with patch.object(timestamp, "TOLERANCE", timedelta(minutes=-1)):
			self.assert_fails(self.anchor, "Either its clock is wrong or this server's")

	def test_without_a_root_certificate_there_is_nothing_to_trust(self):
		signer = (self.authority.folder / "signer.pem").read_text()
		for certificates in ("", "nonsense", signer):
			with self.assertRaisesRegex(frappe.ValidationError, "root certificate"):
				make_anchor(KIND, anchor_name="Untrusting", url=self.url, certificates=certificates)

	def test_certificates_in_between_may_stand_beside_the_root(self):
		self.anchor.certificates = (self.authority.folder / "signer.pem").read_text() + self.authority.root
		self.anchor.save()
		self.assert_taken(self.run_job(self.anchor), self.checkpoint)
