"""What intake looks up: services, callers, duplicates, and how a request stands."""

from collections.abc import Callable, Mapping
from typing import Any

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import getdate

from govcrm.api.intake.exceptions import UnknownReference
from govcrm.api.intake.services import check_program, is_staff, require_requester, require_staff
from govcrm.api.intake.submission import Sent
from govcrm.casework.duplicates import find_duplicates
from govcrm.casework.questions import described_questions
from govcrm.constituents.lookup import contacts_of, find_citizens
from govcrm.domain import coercion
from govcrm.domain.references import is_valid_reference, normalise_reference
from govcrm.faults import refuse_field
from govcrm.service_catalogue.versions import version_in_force

MAP_POINTS = 2000  # more than a person tells apart, fewer than a browser chokes on
STATUS_CALLS = 60  # a minute from one address: a person needs one, a guesser 2^40

TRANSPORT = {"cmd", "csrf_token", "sid", "_lang"}
CATALOGUE = {
	"service_code": "service_code",
	"program_name": "service_name",
	"kind": "kind",
	"program_group": "group",
	"keywords": "keywords",
	"public_description": "description",
	"department": "agency_responsible",
}
TOLD = ("status_notes", "requested_datetime", "updated_datetime", "expected_datetime", "closed_datetime")


def without_transport(sent: Mapping[str, Sent]) -> dict[str, Sent]:
	"""What Frappe's own clients add to every call is no field."""
	return {name: value for name, value in sent.items() if name not in TRANSPORT}


def with_header(sent: dict[str, Sent]) -> dict[str, Sent]:
	"""The key may come in the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header)."""
	header = frappe.get_request_header("Idempotency-Key") if frappe.request else None
	return {**sent, "idempotency_key": sent.get("idempotency_key") or header}


def limited(endpoint: Callable[..., Any]) -> Callable[..., Any]:
	return rate_limit(limit=STATUS_CALLS, seconds=60)(endpoint)


def duplicates(service_code: Sent, latitude: Sent, longitude: Sent) -> list[dict]:
	require_staff()
	code = _text("service_code", service_code)
	check_program(code)
	return find_duplicates(code, _number("latitude", latitude), _number("longitude", longitude))


def find_citizen(text: Sent) -> list[dict]:
	"""Needs the right to read names: permlevel 1 of Citizen."""
	require_staff()
	if not frappe.has_permission("Citizen", "read") or 1 not in _readable_levels("Citizen"):
		frappe.throw(_("You may not look up citizens."), frappe.PermissionError)
	found = find_citizens(_text("text", text))
	contacts = contacts_of([citizen.name for citizen in found])
	return [_shown(citizen, contacts.get(citizen.name, [])) for citizen in found]


def _readable_levels(doctype: str) -> list[int]:
	return frappe.get_meta(doctype).get_permlevel_access("read")


def _shown(citizen: frappe._dict, contacts: list[str]) -> dict[str, Any]:
	return {
		"name": citizen.name,
		"label": f"{citizen.full_name} ({citizen.preferred_name})"
		if citizen.preferred_name
		else citizen.full_name,
		"contacts": contacts,
		"place": ", ".join(filter(None, [citizen.address_line, citizen.city])),
		"language": citizen.preferred_language,
		"needs": citizen.accessibility_needs,
	}


def program(service_code: Sent) -> dict[str, Any]:
	require_requester()
	code = _text("service_code", service_code)
	check_program(code)
	version = frappe.get_cached_doc("Program Version", version_in_force(code, getdate()))
	return {
		"service_code": code,
		"version": version.name,
		"questions": described_questions(version.name),
		"anonymous_allowed": bool(version.anonymous_allowed),
		"location_rule": version.location_rule,
		"expected_days": version.expected_days,
	}


def catalogue(text: Sent) -> list[dict[str, Any]]:
	"""All services, or those in which every word of `text` occurs, those named so first."""
	require_requester()
	words = _text("text", text).casefold().split() if text else []
	services = [service for service in _services() if all(word in _haystack(service) for word in words)]
	return sorted(services, key=lambda service: (_misses(service, words), service["service_name"].casefold()))


def _services() -> list[dict[str, Any]]:
	filters = {"active": 1, "current_version": ["is", "set"]}
	if not is_staff():
		filters["is_public"] = 1
	rows = frappe.get_all(
		"Agency Program", filters=filters, fields=list(CATALOGUE), order_by="program_name asc"
	)
	return [{shown: row[field] for field, shown in CATALOGUE.items()} for row in rows]


def _haystack(service: Mapping[str, Any]) -> str:
	return " ".join(str(value) for value in service.values() if value).casefold()


def _misses(service: Mapping[str, Any], words: list[str]) -> int:
	return sum(word not in service["service_name"].casefold() for word in words)


def public_status(reference: Sent) -> dict[str, Any]:
	"""Whoever has the reference may know how the request stands; of a Restricted one, nothing but open or closed.

	What is missing, misspelt or more secret than that is answered alike.
	"""
	request = _find_request(_text("reference", reference))
	if not request or request.confidentiality not in ("Public", "Internal", "Restricted"):
		frappe.throw(
			_("There is no request with this reference. Please check every character."), UnknownReference
		)
	told = {"reference": request.name, "status": request.status}
	if request.confidentiality == "Restricted":
		return told
	name = frappe.get_cached_value("Agency Program", request.program, "program_name")
	return {**told, "service_name": name, **{field: request[field] for field in TOLD}}


def _find_request(text: str) -> frappe._dict | None:
	if not is_valid_reference(text, "SR"):
		return None
	fields = ["name", "status", "confidentiality", "program", *TOLD]
	return frappe.db.get_value("Service Request", normalise_reference(text), fields, as_dict=True)


def map_points(filters: Sent) -> dict[str, Any]:
	"""The latest requests that the user may read and that have a place, as GeoJSON (RFC 7946)."""
	rows = frappe.get_list(
		"Service Request",
		filters=[*_filters(filters), ["Service Request", "latitude", "!=", 0]],
		fields=["name", "latitude", "longitude"],
		order_by="requested_datetime desc",
		limit=MAP_POINTS,
	)
	return {"type": "FeatureCollection", "features": [_feature(row) for row in rows]}


def _filters(sent: Sent) -> list:
	"""As the list view sends them: lists of DocType, field, operator, value, and whether hidden."""
	try:
		filters = frappe.parse_json(sent) or []
	except ValueError:
		filters = None
	if not isinstance(filters, list) or not all(isinstance(one, list) and len(one) >= 4 for one in filters):
		refuse_field("filters", _("Expected a list of filters."))
	return [one[:4] for one in filters]


def _feature(row: frappe._dict) -> dict[str, Any]:
	point = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
	return {"type": "Feature", "properties": {"name": row.name}, "geometry": point}


# What was sent --------------------------------------------------------------------------------------------


def _text(field: str, value: Sent) -> str:
	try:
		text = coercion.to_string(value) if value is not None else ""
	except coercion.Refused as refused:
		refuse_field(field, _(refused.message).format(*refused.values))
	if not text:
		refuse_field(field, _("Please fill this in."))
	return text


def _number(field: str, value: Sent) -> float:
	try:
		return float(coercion.to_number(value))
	except coercion.Refused as refused:
		refuse_field(field, _(refused.message).format(*refused.values))
		raise
