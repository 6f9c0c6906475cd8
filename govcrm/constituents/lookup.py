"""Finds out who calls, or writes down somebody new."""

from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.query_builder import DocType
from pypika import Criterion, Table

from govcrm.access.subjects import subject_of
from govcrm.constituents.doctype.citizen_contact_point.citizen_contact_point import contact_key
from govcrm.domain.contacts import looks_like_phone, plain_key
from govcrm.domain.references import is_valid_reference, normalise_reference

LIMIT = 20
SHORTEST = 3  # characters
LOCAL_NUMBER = 6  # digits
SHOWN = [
	"name",
	"full_name",
	"preferred_name",
	"preferred_language",
	"accessibility_needs",
	"city",
	"address_line",
]

PHONE_CHANNELS, EMAIL_CHANNELS = ("Phone", "SMS"), ("E-mail",)
NAME_FIELDS = ("first_name", "last_name", "organisation_name")


def find_citizens(text: str, limit: int = LIMIT) -> list[frappe._dict]:
	"""Return the citizens whom a caller's phone number, e-mail address, name or citizen number may mean.

	Only those the user may read, only fields the user may read; merged records are left out.
	"""
	text = text.strip()
	if len(text) < SHORTEST:
		return []
	if is_valid_reference(text, "CZ"):
		return _list({"name": normalise_reference(text)}, limit)
	if "@" in text:
		return _with_contact(EMAIL_CHANNELS, text, limit)
	if looks_like_phone(text):
		return _with_contact(PHONE_CHANNELS, text, limit)
	return _named(text, limit)


def contacts_of(citizens: list[str]) -> dict[str, list[str]]:
	"""Return where each of the citizens can be reached, the preferred first. The caller has checked the right."""
	point = DocType("Citizen Contact Point")
	query = (
		frappe.qb.from_(point)
		.select(point.parent, point.value)
		.where(point.parent.isin(citizens or [""]) & (point.parenttype == "Citizen"))
		.orderby(point.preferred, order=frappe.qb.desc)
		.orderby(point.idx)
	)
	found: dict[str, list[str]] = {}
	for citizen, value in query.run():
		found.setdefault(citizen, []).append(value)
	return found


def find_or_make(details: dict[str, Any]) -> str:
	"""Return the name of the citizen with these details; insert one if nobody is known by them.

	`details`: fields of Citizen, and `phone` and `email`. Known is who has the same phone number or e-mail address
	and the same name; or, where no name was given, the only one with that number or address.
	"""
	return find_known(details) or make_citizen(details).name


def find_known(details: dict[str, Any]) -> str | None:
	name = plain_key(" ".join(details.get(field) or "" for field in NAME_FIELDS))
	parents = _parents_of(details)
	_refuse_recused(parents, name)
	reached = _list({"name": ["in", parents]}, LIMIT) if parents else []
	if not reached:
		return None
	if name:
		return next((one.name for one in reached if plain_key(one.get("full_name") or "") == name), None)
	return reached[0].name if len(reached) == 1 else None


def make_citizen(details: dict[str, Any]):
	details = dict(details)
	phone, email = details.pop("phone", None), details.pop("email", None)
	points = [{"channel": "Phone", "value": phone}] if phone else []
	points += [{"channel": "E-mail", "value": email}] if email else []
	return frappe.get_doc({"doctype": "Citizen", **details, "contact_points": points}).insert()


def _parents_of(details: dict[str, Any]) -> list[str]:
	"""Who is reached at the phone number or the address, whichever is known."""
	return [
		*_parents(PHONE_CHANNELS, details.get("phone")),
		*_parents(EMAIL_CHANNELS, details.get("email")),
	]


def _refuse_recused(parents: list[str], name: str) -> None:
	"""Whom the user is recused from they do not find; a second record would let them in to what is asked under it."""
	kept_from = subject_of(frappe.session.user).recused_citizens.intersection(parents)
	if not kept_from:
		return
	known = frappe.get_all("Citizen", {"name": ("in", sorted(kept_from))}, pluck="full_name")
	if not name or name in map(plain_key, filter(None, known)):
		message = _("You are recused from this person: somebody else must take what they ask for.")
		frappe.throw(message, frappe.PermissionError)


def _parents(channels: tuple[str, ...], value: str | None) -> list[str]:
	key = contact_key(channels[0], value)[:140] if value else ""
	return _reached(channels, lambda point: point.value_key == key) if key else []


def _reached(channels: tuple[str, ...], condition: Callable[[Table], Criterion]) -> list[str]:
	point = DocType("Citizen Contact Point")
	query = (
		frappe.qb.from_(point)
		.select(point.parent)
		.distinct()
		.where(condition(point) & point.channel.isin(channels) & (point.parenttype == "Citizen"))
	)
	return query.limit(LIMIT).run(pluck=True)


def _with_contact(channels: tuple[str, ...], text: str, limit: int) -> list[frappe._dict]:
	parents = _parents(channels, text) or (_ending(text) if channels is PHONE_CHANNELS else [])
	return _list({"name": ["in", parents]}, limit) if parents else []


def _ending(text: str) -> list[str]:
	"""Callers leave out the area code."""
	digits = "".join(character for character in text if character in "0123456789").lstrip("0")
	if len(digits) < LOCAL_NUMBER:
		return []
	return _reached(PHONE_CHANNELS, lambda point: point.value_key.like(f"%{digits}"))


def _named(text: str, limit: int) -> list[frappe._dict]:
	"""By the beginning of the full or last name, which an index finds; else by every word anywhere in the name."""
	words = text.replace("%", " ").replace("_", " ").split()
	if sum(map(len, words)) < SHORTEST:
		return []
	start = " ".join(words) + "%"
	return _list({}, limit, or_filters=[["full_name", "like", start], ["last_name", "like", start]]) or _list(
		[["full_name", "like", f"%{word}%"] for word in words], limit
	)


def _list(filters: dict | list, limit: int, **more) -> list[frappe._dict]:
	merged = (
		{"merged_into": ["is", "not set"]}
		if isinstance(filters, dict)
		else [["merged_into", "is", "not set"]]
	)
	filters = {**filters, **merged} if isinstance(filters, dict) else [*filters, *merged]
	return frappe.get_list(
		"Citizen", filters=filters, fields=SHOWN, order_by="full_name asc, name asc", limit=limit, **more
	)
