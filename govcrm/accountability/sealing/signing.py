"""The keys that sign checkpoints: which is in force, and how one follows another."""

import frappe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from frappe import _

from govcrm import compat
from govcrm.accountability import folder, trail
from govcrm.accountability.guard import writing
from govcrm.accountability.sealing import times
from govcrm.domain.ledger import checkpoint

SIGNING_KEY = "Audit Signing Key"
ROTATE = "rotate key"


def make_first() -> None:
	"""Have a key in force on a site that never had one."""
	if not folder.in_use():
		_put_in_force(folder.new_sealing_key(), from_size=0)


def active() -> tuple[str, Ed25519PrivateKey]:
	"""Id and private key that sign now. Raises folder.KeysMissing."""
	key = active_id()
	private = folder.sealing_key(key)
	if checkpoint.key_id(checkpoint.public_of(private)) != key:
		frappe.throw(_("The file of the sealing key {0} holds another key.").format(key), folder.KeysMissing)
	return key, private


def active_id() -> str:
	"""The id of the key in force. Raises folder.KeysMissing where no record names one."""
	found = frappe.get_all(SIGNING_KEY, {"active": 1}, pluck="name", order_by="valid_from_size desc", limit=1)
	if not found:
		frappe.throw(_("No key of this site is in force for signing checkpoints."), folder.KeysMissing)
	return found[0]


def rotate(reason: str | None = None) -> str:
	"""Put a new key in force, endorsed by the one before. Gives its id; the caller commits.

	The old file stays: nothing asks for it again, and whoever removes it does so after the commit.
	"""
	compat.lock_row("DocType", "Audit Seal")
	old, private = active()
	public = folder.new_sealing_key()
	size = sealed_size()
	statement = checkpoint.key_statement(origin=folder.log_id(), public=public, from_size=size)
	with trail.act(ROTATE, reason=reason):
		_take_out_of_force(old)
		return _put_in_force(
			public, from_size=size, endorsed_by=old, endorsement=checkpoint.endorse(private, statement)
		)


def sealed_size() -> int:
	"""How many events the newest checkpoint speaks for."""
	newest = frappe.get_all("Audit Seal", pluck="size", order_by="name desc", limit=1)
	return newest[0] if newest else 0


def _put_in_force(public: str, *, from_size: int, **endorsed) -> str:
	values = {"public_key": public, "valid_from_size": from_size, "active": 1, **endorsed}
	key = frappe.get_doc({"doctype": SIGNING_KEY, "created_at_utc": times.stored(times.now()), **values})
	with writing():
		key.insert(
			set_name=checkpoint.key_id(public),
			ignore_permissions=True,  # set-up and the command for rotation come here, and nobody else
		)
	return key.name


def _take_out_of_force(name: str) -> None:
	key = frappe.get_doc(SIGNING_KEY, name)
	key.active = 0
	with writing():
		key.save(ignore_permissions=True)  # by the command for rotation; no role may write these records
