"""Endpoints of intake: see docs/rest.md. What each does and who may call it stands in the services."""

import frappe

from govcrm.api.intake import looking, services
from govcrm.api.intake.boundary import answering, in_own_transaction
from govcrm.api.intake.submission import Sent, read


@frappe.whitelist(methods=["POST"])
@answering
def submit(
	service_code: Sent = None,
	channel: Sent = None,
	description: Sent = None,
	answers: Sent = None,
	anonymous: Sent = None,
	citizen: Sent = None,
	representative: Sent = None,
	representation_authority: Sent = None,
	address_string: Sent = None,
	area: Sent = None,
	postal_code: Sent = None,
	latitude: Sent = None,
	longitude: Sent = None,
	requested_datetime: Sent = None,
	source: Sent = None,
	source_id: Sent = None,
	join: Sent = None,
	idempotency_key: Sent = None,
	**unknown: Sent,
) -> dict | None:
	"""File a request, or join one that is open. The header `Idempotency-Key` may stand for the field."""
	sent = {name: value for name, value in locals().items() if name != "unknown"}
	submission = read(looking.with_header({**sent, **looking.without_transport(unknown)}))
	return in_own_transaction(lambda: services.take(submission))


@frappe.whitelist(methods=["GET"])
@answering
def duplicates(service_code: Sent = None, latitude: Sent = None, longitude: Sent = None) -> list | None:
	"""Open requests that may be of the same thing, likeliest first."""
	return looking.duplicates(service_code, latitude, longitude)


@frappe.whitelist(methods=["POST"])
@answering
def find_citizen(text: Sent = None) -> list | None:
	"""Citizens by phone, e-mail, name or number. POST: what is looked for belongs in no log of addresses."""
	return looking.find_citizen(text)


@frappe.whitelist(methods=["GET"])
@answering
def program(service_code: Sent = None) -> dict | None:
	"""What a service asks, by the version in force today."""
	return looking.program(service_code)


@frappe.whitelist(methods=["GET"])
@answering
def catalogue(text: Sent = None) -> list | None:
	"""Services that can be asked for today; those that `text` may mean."""
	return looking.catalogue(text)


@frappe.whitelist(methods=["GET", "POST"])
@answering
def map_points(doctype: Sent = None, filters: Sent = None, type: Sent = None) -> dict | None:
	"""The requests of a list as points of its map view, by the signature of Frappe 15's `get_coords_method`."""
	return looking.map_points(filters)


@frappe.whitelist(methods=["POST"])
def reveal_identifier(citizen: str, identifier: str, reason: str) -> str:
	"""A number of a citizen in whole, for a reason that is recorded. `identifier` is the name of its row."""
	return services.reveal_identifier(citizen, identifier, reason)


@frappe.whitelist(allow_guest=True, methods=["GET"])
@answering
@looking.limited
def public_status(reference: Sent = None) -> dict | None:
	"""What anyone who has the reference may know."""
	return looking.public_status(reference)
