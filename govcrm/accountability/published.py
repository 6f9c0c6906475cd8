"""What everybody may know of the audit log: its newest checkpoint and the keys that sign. Nothing in it is about a person."""

import json
from typing import Any

import frappe
from frappe.utils.caching import redis_cache

from govcrm.accountability.anchors import checkpoints
from govcrm.accountability.anchors.checkpoints import Checkpoint

FRESH = 5  # seconds: as often as the log is sealed; all who ask meanwhile cost one query


@redis_cache(ttl=FRESH)
def newest() -> dict[str, Any] | None:
	"""The newest checkpoint as `told` gives it, a few seconds old at most; None before the first."""
	found = checkpoints.newest()
	return told(found) if found else None


def of_size(size: int) -> dict[str, Any] | None:
	"""The checkpoint of an earlier size, if one was made just then."""
	found = checkpoints.of_size(size)
	return told(found) if found else None


def told(checkpoint: Checkpoint) -> dict[str, Any]:
	"""`checkpoint` is the signed text itself, so that who keeps the whole can check it later (`govcrm-verify --checkpoint`).

	`said` is the same for reading: {v, origin, size, root, time (UTC), previous, key}.
	"""
	return {
		"t": "c",
		"checkpoint": checkpoint.checkpoint,
		"signature": checkpoint.signature,
		"hash": checkpoint.checkpoint_hash,
		"said": json.loads(checkpoint.checkpoint),
		"keys": keys(),
	}


def keys() -> list[dict[str, Any]]:
	"""All keys that ever signed, in their order: {key, public, from_size, endorsed_by, endorsement}, as in an export."""
	fields = ["name", "public_key", "valid_from_size", "endorsed_by", "endorsement"]
	rows = frappe.get_all(
		"Audit Signing Key", fields=fields, order_by="valid_from_size asc, created_at_utc asc"
	)
	return [
		{
			"key": row.name,
			"public": row.public_key,
			"from_size": int(row.valid_from_size or 0),
			"endorsed_by": row.endorsed_by or None,
			"endorsement": row.endorsement or None,
		}
		for row in rows
	]
