"""What the routing rules may know about a request: the facts of `govcrm.domain.routing.FACTS`, read where needed."""

from datetime import date, datetime
from functools import cached_property

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime, getdate

from govcrm.domain.areas import Area
from govcrm.domain.matching import is_place
from govcrm.domain.routing import WEEKDAYS, Known
from govcrm.service_catalogue import calendars

FULL_AGE = 18
CITIZEN_FIELDS = ("citizen_type", "preferred_language", "date_of_birth", "deceased", "accessibility_needs")


class About:
	"""A request, a document or a row, with its version and the areas in which its place lies, nearest first."""

	def __init__(self, request: Document | frappe._dict, version: Document, areas: tuple[Area, ...]) -> None:
		self.request, self.version, self.areas = request, version, [area.name for area in areas]

	@cached_property
	def made(self) -> datetime:
		return get_datetime(self.request.requested_datetime)

	@cached_property
	def citizen(self) -> frappe._dict:
		"""Empty for somebody anonymous."""
		name = self.request.get("citizen")
		found = name and frappe.db.get_value("Citizen", name, CITIZEN_FIELDS, as_dict=True)
		return found or frappe._dict()

	def is_working_time(self) -> bool | None:
		"""None without a calendar: then nobody knows."""
		calendar = calendars.choose(self.version, None, "Program")
		return calendar and calendars.load(calendar).is_open(calendars.instant(self.made))

	def is_minor(self) -> bool | None:
		born = self.citizen.date_of_birth
		return _age(getdate(born), self.made.date()) < FULL_AGE if born else None

	def flag(self, field: str) -> bool | None:
		return bool(self.citizen[field]) if self.citizen else None


FACTS = {
	"request.channel": lambda about: about.request.get("channel"),
	"request.anonymous": lambda about: not about.request.get("citizen"),
	"request.represented": lambda about: bool(about.request.get("representative")),
	"request.has_place": lambda about: is_place(
		about.request.get("latitude"), about.request.get("longitude")
	),
	"request.area": lambda about: next(iter(about.areas), None),
	"request.areas": lambda about: about.areas,
	"request.postal_code": lambda about: about.request.get("postal_code") or None,
	"request.date": lambda about: about.made.date().isoformat(),
	"request.time": lambda about: about.made.strftime("%H:%M"),
	"request.hour": lambda about: about.made.hour,
	"request.weekday": lambda about: WEEKDAYS[about.made.weekday()],
	"request.working_time": About.is_working_time,
	"citizen.organisation": lambda about: about.citizen.citizen_type == "Organisation",
	"citizen.language": lambda about: about.citizen.preferred_language or None,
	"citizen.minor": About.is_minor,
	"citizen.deceased": lambda about: about.flag("deceased"),
	"citizen.accessibility_needs": lambda about: about.flag("accessibility_needs"),
}


def known_of(about: About) -> Known:
	"""Answers and facts, for conditions."""
	return Known(answers_of(about.request), about, FACTS)


def answers_of(request: Document | frappe._dict) -> dict:
	"""All checked answers of a request, wherever they stand."""
	return {
		**frappe.parse_json(request.get("sensitive_answers") or "{}"),
		**frappe.parse_json(request.get("answers") or "{}"),
	}


def _age(born: date, on: date) -> int:
	"""In whole years; who was born on 29 February turns older on 1 March of other years."""
	return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
