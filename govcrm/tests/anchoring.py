"""Seals, anchors and the places they go to, for tests."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import frappe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from frappe.model.document import Document

from govcrm.accountability import guard
from govcrm.accountability.anchors import checkpoints, memory, running
from govcrm.accountability.anchors.checkpoints import Checkpoint
from govcrm.appending import append
from govcrm.domain.ledger import checkpoint as ledger
from govcrm.tests import GovCRMTestCase

ORIGIN = "0123456789abcdef" * 2
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\7" * 32)
PUBLIC = ledger.public_of(PRIVATE)


def seal(events: int = 3, root: str = "a" * 64) -> Checkpoint:
	"""A signed checkpoint above those the site has."""
	before = checkpoints.newest()
	size = (before.size if before else 0) + events
	now = checkpoints.utc_now()
	text = ledger.body(
		origin=ORIGIN,
		size=size,
		root=root,
		time=f"{now:%Y-%m-%dT%H:%M:%S.%f}Z",
		previous=before.checkpoint_hash if before else ledger.NONE_BEFORE,
		key=signing_key(),
	)
	row = frappe.new_doc("Audit Seal")
	row.update(
		{
			"sealed_at_utc": now,
			"size": size,
			"events": events,
			"root": root,
			"previous": frappe.parse_json(text.decode())["previous"],
			"checkpoint_hash": ledger.hash_of(text),
			"signing_key": signing_key(),
			"checkpoint": text.decode(),
			"signature": ledger.sign(PRIVATE, text),
			"frontier": "[]",
		}
	)
	with guard.writing():
		append(row, checkpoints.seal_name(size))
	return checkpoints.newest()


def signing_key() -> str:
	name = ledger.key_id(PUBLIC)
	if not frappe.db.exists("Audit Signing Key", name):
		row = frappe.new_doc("Audit Signing Key")
		row.update({"public_key": PUBLIC, "created_at_utc": checkpoints.utc_now(), "valid_from_size": 0})
		with guard.writing():
			append(row, name)
	return name


def make_anchor(kind: str = "File", **values: object) -> Document:
	values.setdefault("anchor_name", f"{kind} of the test")
	return frappe.get_doc({"doctype": "Audit Anchor", "kind": kind, "every_minutes": 5, **values}).insert()


def receipts_of(anchor: Document) -> list[frappe._dict]:
	fields = ["size", "checkpoint_hash", "receipt", "note", "seal", "kind"]
	return frappe.get_all("Audit Anchor Receipt", {"anchor": anchor.name}, fields, order_by="anchored_at_utc")


class AnchorTestCase(GovCRMTestCase):
	"""Jobs commit; here that stays within the transaction of the test. What the site remembers is out of reach."""

	def setUp(self) -> None:
		super().setUp()
		folder = TemporaryDirectory()
		self.addCleanup(folder.cleanup)
		self.folder = Path(folder.name)
		self.enter(patch.object(memory, "path", lambda: self.folder / "anchored.json"))

	def enter(self, context):
		value = context.__enter__()
		self.addCleanup(context.__exit__, None, None, None)
		return value

	def run_job(self, anchor: Document, now: bool = True) -> Document:
		"""What the job makes of the anchor."""
		with committing_within():
			running.run(anchor.name, now)
		return anchor.reload()

	def assert_taken(self, anchor: Document, checkpoint: Checkpoint) -> frappe._dict:
		self.assertEqual((anchor.last_error, anchor.failures), (None, 0))
		self.assertEqual(anchor.last_size, checkpoint.size)
		receipt = receipts_of(anchor)[-1]
		self.assertEqual(receipt.checkpoint_hash, checkpoint.checkpoint_hash)
		self.assertEqual(receipt.seal, checkpoint.name)
		return receipt

	def assert_fails(self, anchor: Document, words: str) -> None:
		before = receipts_of(anchor)
		anchor = self.run_job(anchor)
		self.assertRegex(anchor.last_error or "", words)
		self.assertGreater(anchor.failures, 0)
		self.assertEqual(receipts_of(anchor), before)


@contextmanager
def committing_within() -> Iterator[None]:
	"""A commit becomes a savepoint, and a rollback goes back to the last one."""
	roll_back = frappe.db.rollback
	frappe.db.savepoint("of_a_job")
	with (
		patch.object(frappe.db, "commit", lambda: frappe.db.savepoint("of_a_job")),
		patch.object(frappe.db, "rollback", lambda save_point="of_a_job": roll_back(save_point=save_point)),
	):
		yield


@contextmanager
def http_server(answer: Callable[[BaseHTTPRequestHandler, bytes], tuple[int, dict, bytes]]) -> Iterator[str]:
	"""A server on this machine that answers each POST as it is told. Gives its address."""

	class Handler(BaseHTTPRequestHandler):
		def do_POST(self) -> None:
			body = self.rfile.read(int(self.headers["Content-Length"]))
			status, headers, content = answer(self, body)
			self.send_response(status)
			for name, value in {"Content-Length": str(len(content)), **headers}.items():
				self.send_header(name, value)
			self.end_headers()
			self.wfile.write(content)

		def log_message(self, *_args: object) -> None:
			pass

	server = HTTPServer(("127.0.0.1", 0), Handler)
	threading.Thread(target=server.serve_forever, daemon=True).start()
	try:
		yield f"http://127.0.0.1:{server.server_port}"
	finally:
		server.shutdown()
		server.server_close()


def reaching_this_machine():
	return patch.dict(frappe.local.conf, {"govcrm_anchor_hosts": ["127.0.0.1"]})
