"""Events of the audit log, one by one, for those who read the log."""

from typing import Any

import frappe

from govcrm.api.accountability import services


@frappe.whitelist(methods=["GET", "POST"])
def seen(name: str) -> dict[str, Any]:
	"""What an audit event tells the reader: who, what, when, from where, why, and the values they may know."""
	return services.seen(name)


@frappe.whitelist(methods=["GET", "POST"])
def check(name: str) -> dict[str, Any]:
	"""{results: [{label, ok, says}], verdict}: whether the event is what was sealed, as far as this site can tell."""
	return services.check(name)


@frappe.whitelist(methods=["POST"])
def proof(name: str) -> dict[str, Any]:
	"""The inclusion proof of an event under the newest checkpoint, with openings of what the reader may know. Recorded."""
	return services.proof(name)


@frappe.whitelist(methods=["GET", "POST"])
def consistency(old: int, new: int) -> dict[str, Any]:
	"""The proof that the log of `new` events begins with that of `old`; both are sizes of checkpoints."""
	return services.consistency(old, new)


@frappe.whitelist(methods=["GET", "POST"])
def choices() -> dict[str, Any]:
	"""{verbs, doctypes} to filter the list of events by."""
	return services.choices()
