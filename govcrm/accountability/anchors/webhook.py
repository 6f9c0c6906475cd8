"""A POST of the checkpoint to another system, such as a witness in another agency."""

import hmac
from collections.abc import Iterator

import frappe
from frappe import _

from govcrm.accountability.anchors import sending
from govcrm.accountability.anchors.checkpoints import Checkpoint
from govcrm.accountability.anchors.kinds import AnchorError, Kind, Receipt
from govcrm.faults import Fault

SIGNATURE = "X-GovCRM-Signature"
KEPT = 2000  # characters of the answer


class Web(Kind):
	"""What is told over HTTP."""

	def faults(self) -> Iterator[Fault]:
		try:
			sending.split(self.anchor.url or "")
		except AnchorError as error:
			frappe.clear_last_message()
			yield Fault("url", str(error))


class Webhook(Web):
	def deliver(self, checkpoint: Checkpoint) -> Receipt:
		body = checkpoint.line().encode()
		answer = sending.post(self.anchor.url, body, self._headers(body, checkpoint))
		return Receipt(answer.decode(errors="replace")[:KEPT], _("Taken by {0}.").format(self.anchor.url))

	def _headers(self, body: bytes, checkpoint: Checkpoint) -> dict[str, str]:
		"""The key lets a receiver pass over what comes twice (draft-ietf-httpapi-idempotency-key-header)."""
		headers = {"Content-Type": "application/json", "Idempotency-Key": checkpoint.checkpoint_hash}
		secret = self.anchor.get_password("secret", raise_exception=False)
		if secret:
			headers[SIGNATURE] = signature(secret, body)
		return headers


def signature(secret: str, body: bytes) -> str:
	"""HMAC-SHA-256 of the body in hexadecimal (RFC 2104)."""
	return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
