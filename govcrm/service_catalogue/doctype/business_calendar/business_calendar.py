"""When an agency works."""

from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, format_time, formatdate

from govcrm.arguments import parsed
from govcrm.domain.calendar import sources, year
from govcrm.domain.calendar.plan import span
from govcrm.service_catalogue import calendars

MOST_YEARS = 20
LARGEST_FILE = 1_000_000


class BusinessCalendar(Document):
	"""Hours, holidays and exceptions of an agency, in a time zone. Working time of deadlines is counted on it."""

	def validate(self):
		self.check_timezone()
		self.clear_hours_of_whole_days()
		self.check_hours()
		self.check_holidays()
		self.check_special_days()
		self.set_holidays_until()

	def on_update(self):
		calendars.forget(self.name)

	def on_trash(self):
		calendars.forget(self.name)

	def after_rename(self, old, new, merge=False):
		calendars.forget(old)
		calendars.forget(new)

	def check_timezone(self):
		if not calendars.is_timezone(calendars.zone_of(self)):
			frappe.throw(
				_("{0} is no known time zone. Use an IANA name, such as America/New_York.").format(
					frappe.bold(self.timezone)
				)
			)

	def clear_hours_of_whole_days(self):
		"""Frappe fills an empty Time field of a new row with the time of day."""
		for row in self.holidays:
			if not row.part_day:
				row.closed_from = row.closed_to = None

	def check_hours(self):
		for one, other in year.overlapping_hours({row.idx: calendars.hours_of(row) for row in self.hours}):
			frappe.throw(
				_("Opening hours {0} and {1} overlap. Change one, or join them into one row.").format(
					*(self._hours_in_words(self.hours[idx - 1]) for idx in (one, other))
				)
			)

	def _hours_in_words(self, row):
		return frappe.bold(
			_("{0} {1} to {2} (row {3})").format(_(row.weekday), _time(row.starts), _time(row.ends), row.idx)
		)

	def check_holidays(self):
		seen = {}
		for row in self.holidays:
			self.check_part_of_day(row)
			holiday = calendars.holiday_of(row)
			first = seen.setdefault((holiday.day, holiday.recurring, holiday.closed), row.idx)
			if first != row.idx:
				frappe.throw(
					_("Holidays: {0} stands in rows {1} and {2}. Remove one of them.").format(
						frappe.bold(formatdate(row.date)), first, row.idx
					)
				)

	def check_part_of_day(self, row):
		if not row.part_day:
			return
		starts, ends = calendars.seconds(row.closed_from), calendars.seconds(row.closed_to)
		if None in (starts, ends) or span(starts, ends)[1] > year.DAY:
			frappe.throw(
				_(
					"Holidays, row {0}: a holiday for part of a day needs the hours from when to when it is closed,"
					" the second after the first. 00:00 is the end of the day."
				).format(row.idx)
			)

	def check_special_days(self):
		by_day = {}
		for row in self.special_days:
			special = calendars.special_day_of(row)
			by_day.setdefault(special.day, []).append((span(special.starts, special.ends), row.idx))
		for day, spans in by_day.items():
			for one, other in year.overlapping(spans):
				frappe.throw(
					_(
						"Special working days: the hours of {0} in rows {1} and {2} overlap. Change one of them."
					).format(frappe.bold(formatdate(day)), *sorted((one, other)))
				)

	def set_holidays_until(self):
		self.holidays_until = year.known_until(calendars.days_of_holidays(self))

	# For the form, of the rows as they stand there, saved or not ------------------------------------------

	def year_view(self, year: int) -> dict:
		"""What the year looks like: {"days": [{date, kind, hours, titles}], "working_days", "working_hours"}."""
		self.check_timezone()
		return calendars.year_of(self, cint(year))

	def holidays_of_country(
		self, country: str, first_year: int, last_year: int, subdivision: str | None = None
	) -> list[dict]:
		"""Public holidays as rows to choose from, by the package `holidays`. Nothing is kept."""
		years = _years(first_year, last_year)
		try:
			return self._candidates(sources.of_country(country, subdivision, years))
		except sources.UnknownPlace:
			frappe.throw(
				_("No holidays are known for {0}.").format(frappe.bold(f"{country} {subdivision or ''}"))
			)

	def holidays_of_file(self, content: str, first_year: int, last_year: int) -> list[dict]:
		"""Holidays of an iCalendar file as rows to choose from. Nothing is kept, the file neither."""
		self.check_timezone()
		years = _years(first_year, last_year)
		if len(content) > LARGEST_FILE:
			frappe.throw(_("This file is larger than 1 MB. Export the holidays alone, without other events."))
		try:
			return self._candidates(sources.of_file(content, ZoneInfo(calendars.zone_of(self)), years))
		except sources.BadFile:
			frappe.throw(
				_("This is no iCalendar file with events. Export the calendar as .ics and choose that file.")
			)

	def _candidates(self, found):
		"""Each found holiday as a row of the table, with `known` where the calendar has it."""
		entered = [calendars.holiday_of(row) for row in self.holidays if row.date]
		new = set(sources.not_yet_among(entered, found))
		return [{**calendars.row_of(holiday), "known": holiday not in new} for holiday in found]


def _years(first, last):
	first, last = cint(first), cint(last)
	if not (1900 <= first <= last <= 2300 and last - first < MOST_YEARS):
		frappe.throw(_("Choose at most {0} years, the last not before the first.").format(MOST_YEARS))
	return range(first, last + 1)


def _time(value):
	return format_time(value, "HH:mm")


# Not methods of the document: the form would take back what these answer with, over what is typed meanwhile.


@frappe.whitelist(methods=["POST"])
def year_view(calendar: str | dict, year: int) -> dict:
	"""What a year looks like by the rows of a form; see `BusinessCalendar.year_view`."""
	return _of_form(calendar).year_view(year)


@frappe.whitelist(methods=["POST"])
def holidays_of_country(
	calendar: str | dict, country: str, first_year: int, last_year: int, subdivision: str | None = None
) -> list[dict]:
	"""Public holidays to choose from for a form; see `BusinessCalendar.holidays_of_country`."""
	return _of_form(calendar).holidays_of_country(country, first_year, last_year, subdivision)


@frappe.whitelist(methods=["POST"])
def holidays_of_file(calendar: str | dict, content: str, first_year: int, last_year: int) -> list[dict]:
	"""Holidays of an iCalendar file to choose from for a form; see `BusinessCalendar.holidays_of_file`."""
	return _of_form(calendar).holidays_of_file(content, first_year, last_year)


def _of_form(calendar: str | dict) -> BusinessCalendar:
	frappe.has_permission("Business Calendar", "read", throw=True)
	return frappe.get_doc({**parsed(calendar, dict), "doctype": "Business Calendar"})


@frappe.whitelist(methods=["GET"])
def places() -> dict:
	"""Codes of the countries whose holidays are known, each with those of its parts."""
	frappe.has_permission("Business Calendar", "read", throw=True)
	return sources.places()
