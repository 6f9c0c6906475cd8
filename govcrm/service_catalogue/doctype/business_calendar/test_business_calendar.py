"""What a calendar accepts and refuses, where its holidays come from, what its year looks like."""

from datetime import date, timedelta
from unittest.mock import patch

import frappe
from frappe.utils import getdate

from govcrm.service_catalogue import calendar_expiry, calendars
from govcrm.service_catalogue.doctype.business_calendar import business_calendar
from govcrm.setup import seed
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_user

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20261225
SUMMARY:Christmas Day
RRULE:FREQ=YEARLY
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;TZID=America/New_York:20261224T120000
DTEND;TZID=America/New_York:20261224T170000
SUMMARY:Christmas Eve
END:VEVENT
END:VCALENDAR
"""


def make_calendar(name="City Hall", **values):
	values.setdefault("timezone", "America/New_York")
	values.setdefault("hours", [row("Monday", "09:00:00", "17:00:00")])
	return frappe.get_doc({"doctype": "Business Calendar", "calendar_name": name, **values}).insert()


def row(weekday, starts, ends, effective_from=None):
	return {"weekday": weekday, "starts": starts, "ends": ends, "effective_from": effective_from}


def holiday(day, title="Holiday", **values):
	return {"date": day, "title": title, **values}


class TestHours(GovCRMTestCase):
	def assert_refused(self, words: str, **values) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, words):
			make_calendar(**values)

	def test_overlapping_hours_are_named(self) -> None:
		hours = [row("Monday", "09:00:00", "12:00:00"), row("Monday", "11:00:00", "17:00:00")]
		self.assert_refused(r"Monday 09:00 to 12:00 \(row 1\).*Monday 11:00 to 17:00 \(row 2\)", hours=hours)

	def test_hours_that_reach_into_those_of_the_next_day_overlap_also_over_the_week(self) -> None:
		hours = [row("Monday", "01:00:00", "09:00:00"), row("Sunday", "22:00:00", "02:00:00")]
		self.assert_refused(r"row 2.*row 1", hours=hours)

	def test_hours_that_touch_and_hours_of_another_date_do_not_overlap(self) -> None:
		hours = [
			row("Monday", "09:00:00", "12:00:00"),
			row("Monday", "12:00:00", "00:00:00"),
			row("Tuesday", "00:00:00", "08:00:00"),
			row("Monday", "08:00:00", "16:00:00", "2027-01-01"),
		]
		self.assertTrue(make_calendar(hours=hours).name)

	def test_an_unknown_zone_is_refused(self) -> None:
		for zone in ("Mars/Olympus", "../etc", "America"):
			self.assert_refused("IANA", timezone=zone)

	def test_without_a_zone_the_calendar_is_in_that_of_the_site(self) -> None:
		name = make_calendar(timezone=None).name
		self.assertEqual(calendars.load(name).zone.key, frappe.utils.get_system_timezone())

	def test_special_days_must_not_overlap(self) -> None:
		special = [
			{"date": "2026-12-05", "starts": "09:00:00", "ends": "12:00:00"},
			{"date": "2026-12-05", "starts": "11:00:00", "ends": "13:00:00"},
		]
		self.assert_refused("rows 1 and 2 overlap", special_days=special)


class TestHolidays(GovCRMTestCase):
	def test_an_empty_time_of_a_whole_day_stays_empty(self) -> None:
		"""Frappe would fill it with the time of day."""
		calendar = make_calendar(holidays=[holiday("2026-12-25")]).reload()
		self.assertIsNone(calendar.holidays[0].closed_from)
		self.assertFalse(calendars.load(calendar.name).is_working_day(date(2026, 12, 25)))

	def test_part_of_a_day_is_closed(self) -> None:
		part = holiday("2026-11-23", part_day=1, closed_from="12:00:00", closed_to="00:00:00")
		loaded = calendars.load(make_calendar(holidays=[part]).name)
		self.assertEqual(loaded.closing(date(2026, 11, 23)), loaded.at(date(2026, 11, 23), 12 * 3600))

	def test_part_of_a_day_that_ends_before_it_begins_is_refused(self) -> None:
		part = holiday("2026-11-23", part_day=1, closed_from="12:00:00", closed_to="11:00:00")
		with self.assertRaisesRegex(frappe.ValidationError, "row 1"):
			make_calendar(holidays=[part])

	def test_the_same_holiday_twice_is_refused(self) -> None:
		with self.assertRaisesRegex(frappe.ValidationError, "rows 1 and 2"):
			make_calendar(holidays=[holiday("2026-12-25"), holiday("2026-12-25", "Christmas")])

	def test_holidays_are_known_until_the_end_of_the_last_year_that_has_one(self) -> None:
		rows = [holiday("2026-12-25"), holiday("2027-01-01"), holiday("2040-07-04", recurring=1)]
		self.assertEqual(getdate(make_calendar(holidays=rows).holidays_until), date(2027, 12, 31))
		yearly = make_calendar("Yearly", holidays=[holiday("2026-07-04", recurring=1)])
		self.assertIsNone(yearly.holidays_until)


class TestSources(GovCRMTestCase):
	def test_holidays_of_a_country_are_shown_and_nothing_is_kept(self) -> None:
		calendar = make_calendar(holidays=[holiday("2026-12-25")])
		found = {str(one["date"]): one for one in calendar.holidays_of_country("US", 2026, 2027)}
		self.assertEqual(found["2026-07-04"]["title"], "Independence Day")
		self.assertFalse(found["2026-07-04"]["known"])
		self.assertTrue(found["2026-12-25"]["known"])
		self.assertIn("2027-12-25", found)
		self.assertEqual(len(calendar.reload().holidays), 1)

	def test_those_of_a_part_of_a_country_are_its_own(self) -> None:
		calendar = make_calendar()
		found = [str(one["date"]) for one in calendar.holidays_of_country("US", 2026, 2026, "MA")]
		self.assertIn("2026-04-20", found)  # Patriots' Day

	def test_what_was_found_can_be_added_and_is_then_known(self) -> None:
		calendar = make_calendar()
		for one in calendar.holidays_of_country("DE", 2026, 2026, "BY"):
			one.pop("known")
			calendar.append("holidays", one)
		calendar.save()
		again = calendar.reload().holidays_of_country("DE", 2026, 2026, "BY")
		self.assertTrue(again and all(one["known"] for one in again))

	def test_an_unknown_country_or_part_is_refused_in_words(self) -> None:
		for place in (("XX", None), ("DE", "XX")):
			with self.assertRaisesRegex(frappe.ValidationError, "No holidays are known"):
				make_calendar(f"For {place}").holidays_of_country(place[0], 2026, 2026, place[1])

	def test_years_are_few_and_in_order(self) -> None:
		calendar = make_calendar()
		for years in ((2027, 2026), (2026, 2126), (0, 5)):
			with self.assertRaisesRegex(frappe.ValidationError, "at most"):
				calendar.holidays_of_country("US", *years)

	def test_a_file_gives_recurring_and_partial_holidays(self) -> None:
		eve, christmas = make_calendar().holidays_of_file(ICS, 2026, 2026)
		self.assertEqual((eve["part_day"], eve["closed_from"], eve["closed_to"]), (1, "12:00:00", "17:00:00"))
		self.assertEqual((christmas["recurring"], christmas["part_day"]), (1, 0))

	def test_a_bad_file_is_refused_in_words(self) -> None:
		for content in ("", "no calendar", "BEGIN:VCALENDAR\nEND:VCALENDAR"):
			with self.assertRaisesRegex(frappe.ValidationError, "no iCalendar file"):
				make_calendar(f"For {len(content)}").holidays_of_file(content, 2026, 2026)


class TestForm(GovCRMTestCase):
	def test_the_form_asks_with_its_rows_and_nothing_is_kept(self) -> None:
		values = make_calendar().as_dict(convert_dates_to_str=True)
		values["holidays"] = [holiday("2026-12-28")]
		kinds = {day["date"]: day["kind"] for day in business_calendar.year_view(values, 2026)["days"]}
		self.assertEqual(kinds["2026-12-28"], "holiday")
		self.assertTrue(business_calendar.holidays_of_country(frappe.as_json(values), "US", 2026, 2026))
		self.assertEqual(len(business_calendar.holidays_of_file(values, ICS, 2026, 2026)), 2)
		self.assertFalse(frappe.get_doc("Business Calendar", values["name"]).holidays)

	def test_only_those_who_may_read_calendars_may_ask(self) -> None:
		values = make_calendar().as_dict(convert_dates_to_str=True)
		frappe.set_user(make_user("outsider@example.org").name)
		for ask in (business_calendar.places, lambda: business_calendar.year_view(values, 2026)):
			with self.assertRaises(frappe.PermissionError):
				ask()


class TestKeeping(GovCRMTestCase):
	def test_a_calendar_is_built_once(self) -> None:
		name = make_calendar().name
		self.assertIs(calendars.load(name), calendars.load(name))

	def test_an_edit_counts_at_once(self) -> None:
		calendar = make_calendar()
		monday = date(2026, 12, 28)
		self.assertTrue(calendars.load(calendar.name).is_working_day(monday))
		calendar.append("holidays", holiday(monday))
		calendar.save()
		self.assertFalse(calendars.load(calendar.name).is_working_day(monday))

	def test_an_edit_in_another_process_counts(self) -> None:
		calendar = make_calendar()
		calendars.load(calendar.name)
		kept = dict(calendars._built)
		calendar.timezone = "Europe/Berlin"
		calendar.save()
		with patch.object(calendars, "_built", kept):  # this process built it before the edit
			self.assertEqual(calendars.load(calendar.name).zone.key, "Europe/Berlin")

	def test_what_was_read_before_an_edit_is_not_kept_as_what_came_after_it(self) -> None:
		"""A transaction that began before an edit sees the stamp that others left after it, and the rows before it."""
		name = make_calendar().name
		after = "2099-01-01 00:00:00"
		frappe.cache.hset(calendars.STAMPS, name, after)
		calendars.load(name)
		edit = {"timezone": "Europe/Berlin", "modified": after}
		frappe.db.set_value("Business Calendar", name, edit, update_modified=False)
		self.assertEqual(calendars.load(name).zone.key, "Europe/Berlin")

	def test_a_stamp_of_before_an_edit_gives_way(self) -> None:
		calendar = make_calendar().reload()
		frappe.cache.hset(calendars.STAMPS, calendar.name, "2000-01-01 00:00:00")
		with patch.object(calendars, "_built", {}):
			calendars.load(calendar.name)
		self.assertEqual(frappe.cache.hget(calendars.STAMPS, calendar.name), str(calendar.modified))

	def test_one_without_a_zone_of_its_own_follows_the_site_to_another(self) -> None:
		name = make_calendar(timezone=None).name
		calendars.load(name)
		with patch.object(calendars, "get_system_timezone", return_value="Pacific/Auckland"):
			self.assertEqual(calendars.load(name).zone.key, "Pacific/Auckland")

	def test_a_calendar_that_is_not_there_is_missed(self) -> None:
		with self.assertRaises(frappe.DoesNotExistError):
			calendars.load("Nowhere")

	def test_a_renamed_calendar_is_found_by_its_new_name_alone(self) -> None:
		old = make_calendar().name
		calendars.load(old)
		frappe.rename_doc("Business Calendar", old, "Town Hall")
		self.assertTrue(calendars.load("Town Hall"))
		with self.assertRaises(frappe.DoesNotExistError):
			calendars.load(old)


class TestChoice(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		for name in ("Own", "Departmental", "Default"):
			make_calendar(name)
		self.department = frappe.get_doc(
			{"doctype": "Agency Department", "department_name": "Parks", "calendar": "Departmental"}
		).insert()
		frappe.db.set_single_value("GovCRM Settings", "default_calendar", "Default")
		frappe.clear_document_cache("GovCRM Settings", "GovCRM Settings")

	def test_the_source_says_whose_calendar_comes_first(self) -> None:
		version = frappe._dict(calendar="Own")
		self.assertEqual(calendars.choose(version, "Parks", "Program"), "Own")
		self.assertEqual(calendars.choose(version, "Parks", "Department"), "Departmental")

	def test_without_one_the_other_s_and_then_the_agency_s_is_taken(self) -> None:
		none = frappe._dict(calendar=None)
		self.assertEqual(calendars.choose(none, "Parks", "Program"), "Departmental")
		self.assertEqual(calendars.choose(none, None, "Department"), "Default")
		self.assertEqual(calendars.choose(None, None), "Default")


class TestYear(GovCRMTestCase):
	def test_every_day_is_told_by_its_kind_hours_and_names(self) -> None:
		rows = [
			holiday("2026-12-28", "Closure", part_day=1, closed_from="12:00:00", closed_to="00:00:00"),
			holiday("2026-12-25", "Christmas Day", recurring=1),
		]
		special = [{"date": "2026-12-05", "title": "Open Day", "starts": "22:00:00", "ends": "02:00:00"}]
		make_calendar(holidays=rows, special_days=special)
		seen = calendars.year("City Hall", 2026)
		days = {day["date"]: (day["kind"], day["hours"], day["titles"]) for day in seen["days"]}
		self.assertEqual(len(days), 365)
		self.assertEqual(days["2026-12-28"], ("partial", [("09:00", "12:00")], ("Closure",)))
		self.assertEqual(days["2026-12-25"], ("holiday", [], ("Christmas Day",)))
		self.assertEqual(days["2026-12-05"], ("special", [("22:00", "02:00")], ("Open Day",)))
		self.assertEqual(days["2026-12-21"], ("working", [("09:00", "17:00")], ()))
		self.assertEqual(days["2026-12-22"], ("closed", [], ()))
		self.assertEqual(seen["working_days"], 53)  # 52 Mondays, and the open day
		self.assertEqual(seen["working_hours"], 52 * 8 - 5 + 4)

	def test_a_year_without_holidays_of_its_own_is_marked(self) -> None:
		make_calendar(holidays=[holiday("2026-12-25")])
		self.assertFalse(calendars.year("City Hall", 2026)["lacks_holidays"])
		self.assertTrue(calendars.year("City Hall", 2027)["lacks_holidays"])

	def test_the_form_shows_rows_that_are_not_saved(self) -> None:
		calendar = make_calendar()
		calendar.append("holidays", holiday("2026-12-28"))
		kinds = {day["date"]: day["kind"] for day in calendar.year_view(2026)["days"]}
		self.assertEqual(kinds["2026-12-28"], "holiday")


class TestExpiry(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.db.set_value("Business Calendar", {"active": 1}, "active", 0)
		make_user("chief@example.org", "Agency Administrator")
		make_calendar("Short", holidays=[holiday("2026-12-25")])
		make_calendar("Long", holidays=[holiday("2027-12-25")])
		make_calendar("Recurring", holidays=[holiday("2020-12-25", recurring=1)])
		make_calendar("Old", active=0)

	def told(self) -> list[str]:
		filters = {"for_user": "chief@example.org", "document_type": "Business Calendar"}
		return frappe.get_all("Notification Log", filters, pluck="document_name", order_by=None)

	def test_from_october_administrators_are_told_once(self) -> None:
		for day in (date(2026, 10, 1), date(2026, 10, 2), date(2026, 12, 31)):
			self.assertEqual(calendar_expiry.warn(day), ["Short"])
		self.assertEqual(self.told(), ["Short"])

	def test_before_october_nobody_is_told(self) -> None:
		self.assertEqual(calendar_expiry.warn(date(2026, 9, 30)), [])
		self.assertEqual(self.told(), [])

	def test_a_year_later_they_are_told_again(self) -> None:
		calendar_expiry.warn(date(2026, 11, 1))
		calendar_expiry.warn(date(2027, 11, 1))
		self.assertEqual(sorted(self.told()), ["Long", "Short", "Short"])


class TestSiteTime(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		zone = patch.object(calendars, "get_system_timezone", return_value="America/New_York")
		zone.start()
		self.addCleanup(zone.stop)

	def test_site_time_and_instants_go_there_and_back(self) -> None:
		naive = frappe.utils.get_datetime("2026-07-01 09:30:00")
		at = calendars.instant(naive)
		self.assertEqual(at.isoformat(), "2026-07-01T13:30:00+00:00")
		self.assertEqual(calendars.site_time(at), naive)
		self.assertEqual(str(calendars.utc_naive(at)), "2026-07-01 13:30:00")
		self.assertEqual(calendars.from_utc(calendars.utc_naive(at)), at)

	def test_both_instants_of_a_repeated_hour_show_the_same_site_time(self) -> None:
		first = calendars.instant(frappe.utils.get_datetime("2026-11-01 01:30:00"))
		second = first + timedelta(hours=1)
		self.assertEqual(calendars.site_time(first), calendars.site_time(second))
		self.assertEqual(first.isoformat(), "2026-11-01T05:30:00+00:00")


class TestSeed(GovCRMTestCase):
	def test_a_new_site_has_office_hours_in_its_own_zone_and_names_them(self) -> None:
		frappe.db.set_single_value("GovCRM Settings", "default_calendar", None)
		frappe.delete_doc("Business Calendar", "Office Hours", force=True)
		seed.seed_calendar()
		self.assertEqual(frappe.db.get_single_value("GovCRM Settings", "default_calendar"), "Office Hours")
		calendar = frappe.get_doc("Business Calendar", "Office Hours")
		self.assertEqual((calendar.timezone or "", len(calendar.hours), len(calendar.holidays)), ("", 5, 0))

	def test_a_calendar_that_the_agency_has_named_stays(self) -> None:
		make_calendar("Own")
		frappe.db.set_single_value("GovCRM Settings", "default_calendar", "Own")
		seed.seed_calendar()
		self.assertEqual(frappe.db.get_single_value("GovCRM Settings", "default_calendar"), "Own")
