"""Whether the log as a whole is the one that was there before: what no single event or checkpoint can tell."""

from collections.abc import Collection, Mapping

import frappe

from govcrm.accountability.reconciling import log, remembered
from govcrm.accountability.reconciling.shredded import unrecorded
from govcrm.domain.ledger.replay import LOG, SEAL, Damage


def of_log(keys: Mapping[str, str]) -> list[Damage]:
	"""Its end, its past and its keys, by what the site remembers outside of it."""
	return [*_end(), *_past(), *_foreign_keys(keys)]


def of_keys(subjects: Collection[str]) -> list[Damage]:
	"""Matters without a key, of whose destruction the log knows nothing."""
	return [Damage("keyless", (subject,), "Audit Key", subject) for subject in unrecorded(subjects)]


def _end() -> list[Damage]:
	size, found = log.size(), []
	if beyond := log.numbered_beyond(size):
		found.append(Damage("beyond", (beyond, size), SEAL, str(size)))
	if (known := remembered.largest_known()) > size:
		found.append(Damage("shorter", (known, size), LOG, str(known)))
	return found


def _past() -> list[Damage]:
	if not remembered.is_contradicted():
		return []
	size = remembered.read().size
	return [Damage("contradicted", (size,), SEAL, str(size))]


def _foreign_keys(keys: Mapping[str, str]) -> list[Damage]:
	present = frappe.get_all(log.SIGNING_KEY, pluck="name", order_by="name")
	return [Damage("key", (name,), log.SIGNING_KEY, name) for name in present if name not in keys]
