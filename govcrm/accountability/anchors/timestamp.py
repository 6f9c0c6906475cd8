"""A time-stamping authority signs that the checkpoint existed at a time (RFC 3161).

The time stamp is over the SHA-256 of the checkpoint's text. Its whole answer is kept, in DER and base64, so that it can
be verified for ever by anybody: `openssl ts -verify -in answer.tsr -data checkpoint.json -CAfile root.pem`.
"""

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import frappe
from cryptography.x509 import Certificate, load_pem_x509_certificates
from frappe import _
from rfc3161_client import (
	HashAlgorithm,
	TimestampRequestBuilder,
	TimeStampResponse,
	VerificationError,
	VerifierBuilder,
	decode_timestamp_response,
)

from govcrm.accountability.anchors import sending
from govcrm.accountability.anchors.checkpoints import Checkpoint
from govcrm.accountability.anchors.der import with_sorted_certificates
from govcrm.accountability.anchors.kinds import AnchorError, Receipt
from govcrm.accountability.anchors.webhook import Web
from govcrm.faults import Fault

HEADERS = {
	"Content-Type": "application/timestamp-query",
	"Accept": "application/timestamp-reply",
}  # section 3.4
TOLERANCE = timedelta(minutes=10)  # between their clock and ours


class TimeStamp(Web):
	def faults(self) -> Iterator[Fault]:
		yield from super().faults()
		if not _certificates(self.anchor.certificates):
			yield Fault("certificates", _("Paste the root certificate of the authority, as PEM."))

	def deliver(self, checkpoint: Checkpoint) -> Receipt:
		text = checkpoint.checkpoint.encode()
		request = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
		answer = with_sorted_certificates(sending.post(self.anchor.url, request.as_bytes(), HEADERS))
		stamp = _verified(answer, text, VerifierBuilder.from_request(request), self.anchor.certificates)
		_check_clock(stamp.tst_info.gen_time)
		note = _("Stamped at {0}, number {1}.")
		return Receipt(
			base64.b64encode(answer).decode(),
			note.format(stamp.tst_info.gen_time.isoformat(), stamp.tst_info.serial_number),
		)


def _verified(answer: bytes, text: bytes, builder: VerifierBuilder, trusted: str) -> TimeStampResponse:
	"""The answer, once its signature, chain, purpose, nonce and digest are right; else AnchorError."""
	try:
		stamp = decode_timestamp_response(answer)
		_trusting(builder, _certificates(trusted)).build().verify_message(stamp, text)
	except (VerificationError, ValueError) as error:
		frappe.throw(_("The time stamp is not to be trusted. {0}").format(error), AnchorError)
	return stamp


def _trusting(builder: VerifierBuilder, certificates: list[Certificate]) -> VerifierBuilder:
	for certificate in certificates:
		if certificate.issuer == certificate.subject:
			builder = builder.add_root_certificate(certificate)
		else:
			builder = builder.add_intermediate_certificate(certificate)
	return builder


def _certificates(pem: str | None) -> list[Certificate]:
	"""None, if there is no root among them."""
	try:
		found = load_pem_x509_certificates((pem or "").encode())
	except ValueError:
		return []
	return found if any(one.issuer == one.subject for one in found) else []


def _check_clock(stamped: datetime) -> None:
	if abs(datetime.now(timezone.utc) - stamped) > TOLERANCE:
		words = _("The authority says it is {0}. Either its clock is wrong or this server's.")
		frappe.throw(words.format(stamped.isoformat()), AnchorError)
