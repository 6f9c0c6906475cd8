"""Events of one matter or record, in order, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import frappe
from frappe.query_builder import Criterion, DocType
from frappe.query_builder.functions import Count
from frappe.utils import get_datetime

from govcrm.accountability.history.words import LOOKS
from govcrm.service_catalogue import calendars

# The values of these hang together under one key, so that all of it is one story.
MATTERS = frozenset({"Case", "Citizen"})
COLUMNS = (
	"name",
	"seq",
	"at_utc",
	"actor",
	"impersonator",
	"verb",
	"reference_doctype",
	"reference_name",
	"subject",
	"outcome",
	"request_id",
	"leaf",
	"header",
	"payload",
)


@dataclass(frozen=True)
class Wanted:
	"""Which events: by whom (a pseudonym), of which verb, from which day to which, and whether also mere looks."""

	actor: str | None = None
	verb: str | None = None
	first: date | None = None
	last: date | None = None
	reads: bool = False


def events_of(
	doctype: str, name: str, wanted: Wanted, after: str | None = None, limit: int = 50
) -> list[frappe._dict]:
	"""Rows of *Audit Event*, the oldest first; `after` is the name of the last one that is already known."""
	event = DocType("Audit Event")
	query = frappe.qb.from_(event).select(*(event[column] for column in COLUMNS))
	query = query.where(_about(event, doctype, name)).where(_meets(event, wanted))
	if after:
		query = query.where(_behind(event, after))
	return query.orderby(event.at_utc).orderby(event.name).limit(limit).run(as_dict=True)


def count_of(doctype: str, name: str, wanted: Wanted) -> int:
	event = DocType("Audit Event")
	query = frappe.qb.from_(event).select(Count("*"))
	return query.where(_about(event, doctype, name)).where(_meets(event, wanted)).run()[0][0]


def people_and_verbs(doctype: str, name: str, reads: bool) -> tuple[list[str], list[str]]:
	"""Pseudonyms and verbs that occur in the history, to choose from."""
	event = DocType("Audit Event")
	query = frappe.qb.from_(event).select(event.actor, event.verb).distinct()
	rows = query.where(_about(event, doctype, name)).where(_meets(event, Wanted(reads=reads))).run()
	return sorted({actor for actor, _verb in rows if actor}), sorted({verb for _actor, verb in rows})


def _about(event, doctype: str, name: str) -> Criterion:
	if doctype in MATTERS:
		return event.subject == f"{doctype}/{name}"
	return (event.reference_doctype == doctype) & (event.reference_name == name)


def _meets(event, wanted: Wanted) -> Criterion:
	conditions = [
		event.actor == wanted.actor if wanted.actor else None,
		event.verb == wanted.verb if wanted.verb else None,
		event.at_utc >= day_begins(wanted.first) if wanted.first else None,
		event.at_utc < day_begins(wanted.last + timedelta(days=1)) if wanted.last else None,
		None if wanted.reads else event.verb.notin(sorted(LOOKS)) & (event.outcome == "Success"),
	]
	return Criterion.all([condition for condition in conditions if condition is not None])


def _behind(event, after: str) -> Criterion:
	"""Events of one microsecond have an order too: that of their names."""
	at = get_datetime(frappe.db.get_value("Audit Event", after, "at_utc"))
	return (event.at_utc > at) | ((event.at_utc == at) & (event.name > after))


def day_begins(day: date) -> datetime:
	"""When a day of the site begins, in UTC as the log keeps it."""
	return calendars.utc_naive(datetime.combine(day, time.min, tzinfo=calendars.zone()))
