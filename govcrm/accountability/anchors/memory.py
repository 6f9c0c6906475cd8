"""What was anchored last, kept in the folder of keys: a database that is put back does not bring its own past along."""

import json
import os
from pathlib import Path

import frappe
from frappe import _

from govcrm.accountability import folder
from govcrm.accountability.anchors.checkpoints import Checkpoint
from govcrm.accountability.anchors.kinds import AnchorError, Claim

FILE = "anchored.json"


def path() -> Path:
	return folder.folder() / FILE


def read() -> Claim | None:
	"""The newest checkpoint of this site that was taken to any anchor. Raises AnchorError where the file says nothing."""
	try:
		said = json.loads(path().read_bytes())
		return Claim(said["size"], said["checkpoint_hash"], said["anchor"])
	except FileNotFoundError:
		return None
	except (ValueError, TypeError, KeyError):
		words = _(
			"{0} cannot be read. Put it back from the backup of the key folder, or remove it if you know why."
		)
		frappe.throw(words.format(path()), AnchorError)


def write(checkpoint: Checkpoint, anchor: str) -> None:
	"""Whole or not at all, also when the machine stops meanwhile."""
	said = {"size": checkpoint.size, "checkpoint_hash": checkpoint.checkpoint_hash, "anchor": anchor}
	new = path().with_suffix(f".{os.getpid()}.new")
	handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
	with os.fdopen(handle, "w") as file:
		json.dump(said, file)
		file.flush()
		os.fsync(file.fileno())
	os.replace(new, path())
