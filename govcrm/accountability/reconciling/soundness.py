"""Whether the log as a whole is the one that was there before: what no single event or checkpoint can tell."""

from collections.abc import Collection, Mapping

import frappe

from govcrm.accountability.reconciling import log, remembered
from govcrm.accountability.reconciling.shredded import forged
from govcrm.domain.ledger.replay import LOG, SEAL, Damage


def of_log(keys: Mapping[str, str]) -> list[Damage]:
	"""Its end, its past and its keys, by what the site remembers outside of it."""
	return [*_end(), *_past(), *_foreign_keys(keys)]


def of_keys(subjects: Collection[str]) -> list[Damage]:
	"""Matters without a key. Whatever an event says: the application destroys none without making the next one."""
	return [Damage("keyless", (subject,), "Audit Key", subject) for subject in sorted(subjects)]


def of_destructions(told: Mapping[str, int]) -> list[Damage]:
	"""Events that tell of a destruction and were not written by the application."""
	return [
		Damage("destruction", (seq, subject), LOG, str(seq)) for subject, seq in sorted(forged(told).items())
	]


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
