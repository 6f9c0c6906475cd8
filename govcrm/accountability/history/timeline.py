"""The history of a record as one story: acts in order, each with the events that belong to it."""

from collections.abc import Iterator
from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr, getdate

from govcrm.accountability.history import words
from govcrm.accountability.history.reading import Wanted, events_of, people_and_verbs
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.history.telling import Teller
from govcrm.domain import story

HISTORIES = ("Case", "Service Request", "Citizen")
PAGE = 50


def page(doctype: str, name: str, filters: dict, after: str | None = None) -> dict[str, Any]:
	"""{acts, next, may_see_reads, people, verbs}. `next` is what to give as `after` for the page that follows.

	People and verbs to choose from come with the first page only. Who may not read the record is refused.
	"""
	reader = checked_reader(doctype, name)
	wanted = wanted_of(filters, reader.may_see_reads(doctype, name))
	rows = events_of(doctype, name, wanted, after, PAGE + 1)
	teller = Teller(reader)
	found = {
		"acts": list(acts_of(rows[:PAGE], teller)),
		"next": rows[PAGE - 1].name if len(rows) > PAGE else None,
		"may_see_reads": reader.may_see_reads(doctype, name),
	}
	return found if after else {**found, **_choices(doctype, name, wanted, teller)}


def checked_reader(doctype: str, name: str) -> Reader:
	"""The present user, who must be allowed to read the record."""
	if doctype not in HISTORIES:
		frappe.throw(_("There is a history of cases, service requests and citizens."))
	frappe.has_permission(doctype, "read", doc=name, throw=True)
	return Reader()


def wanted_of(filters: dict, may_see_reads: bool) -> Wanted:
	"""What the filters of the page or of the print ask for. Who asks for reads and may not see them gets none."""
	if not isinstance(filters, dict) or any(isinstance(value, dict | list) for value in filters.values()):
		frappe.throw(_("Filters are an object of plain values: actor, verb, from_date, to_date, reads."))
	wanted = Wanted(
		actor=cstr(filters.get("actor")) or None,
		verb=cstr(filters.get("verb")) or None,
		first=getdate(filters["from_date"]) if filters.get("from_date") else None,
		last=getdate(filters["to_date"]) if filters.get("to_date") else None,
		reads=bool(filters.get("reads")) and may_see_reads,
	)
	if wanted.first and wanted.last and wanted.first > wanted.last:
		frappe.throw(_("The period ends before it begins. Choose a first day that is not after the last."))
	return wanted


def acts_of(rows: list[dict], teller: Teller) -> Iterator[dict[str, Any]]:
	"""{key, who, at, local, events}: events of one request by one person are one act.

	Events that say why, or that tell of another kind of act than a mere save, `lead`: the others only go with them.
	"""
	for act in story.acts(teller.told_together(rows), _key):
		first = {key: act[0][key] for key in ("who", "at", "local")}
		yield {**first, "key": _key(act[0]), "events": [{**event, "lead": _leads(event)} for event in act]}


def _key(event: dict) -> str | None:
	return f"{event['request']}/{event['who'] and event['who']['actor']}" if event["request"] else None


def _leads(event: dict) -> bool:
	record = event["record"]
	return (
		bool(event["reason"])
		or event["verb"] not in words.SAVES
		or (record or {}).get("doctype") in HISTORIES
	)


def _choices(doctype: str, name: str, wanted: Wanted, teller: Teller) -> dict[str, list]:
	people, verbs = people_and_verbs(doctype, name, wanted.reads)
	teller.names.learn(actors=people)
	return {
		"people": sorted(map(teller.person, people), key=lambda person: person["name"]),
		"verbs": [{"verb": verb, "said": words.said(verb)} for verb in verbs],
	}
