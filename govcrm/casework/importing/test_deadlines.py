"""What an import makes of deadlines: policies for the programs it makes, and clocks of history that have run out."""

from datetime import datetime

import frappe
from frappe.utils import get_datetime

from govcrm.casework.importing import deadlines, mappings
from govcrm.casework.importing.test_runner import MAPPING, ImportTestCase
from govcrm.service_catalogue import calendars
from govcrm.tests.factories import make_area, make_published_program

LIGHTS, CALENDAR, TEN_DAYS = "Street Lights of Nowhere", "Boston City Hours", "Boston: 10 Working Days"
# A Wednesday morning; ten working days later is a Wednesday again.
OPENED, DUE = "2011-07-06 10:00:00", datetime(2011, 7, 20, 10)


class DeadlineTestCase(ImportTestCase):
	def setUp(self):
		super().setUp()
		self.promise_lights()
		self.rows = self.rows[:1]
		self.row = self.rows[0]
		self.row |= {"type": LIGHTS, "open_dt": OPENED, "target_dt": "2011-07-20 09:59:58"}

	def promise_lights(self) -> None:
		"""A program that no site has, not even one that holds real requests."""
		mapping = frappe.get_doc("Request Import Mapping", MAPPING)
		mapping.append("deadlines", {"program": LIGHTS, "deadline_policy": TEN_DAYS})
		mapping.save()

	def bring(self, closed: str | None, *, bulk: bool = True):
		"""The clock and the case of one request."""
		self.row |= {"closed_dt": closed or "", "case_status": "Closed" if closed else "Open"}
		run = self.run_import(bulk=bulk)
		self.assertEqual(run.tally.rows_imported, 1, run.errors.sample)
		case = frappe.get_doc("Case", self.request(self.row).case)
		return frappe.get_doc("Case Deadline", {"case": case.name}), case

	def kinds(self, clock) -> list[tuple[str, datetime]]:
		rows = frappe.get_all(
			"Case Deadline Event", {"case_deadline": clock.name}, ["kind", "at"], order_by="at, idx"
		)
		return [(row.kind, row.at) for row in rows]


class TestClocksOfHistory(DeadlineTestCase):
	def test_what_was_closed_in_time_arrives_with_a_clock_that_was_stopped_in_time(self):
		for bulk in (True, False):
			with self.subTest(bulk=bulk):
				self.row["case_enquiry_id"] += str(int(bulk))
				clock, case = self.bring("2011-07-20 10:00:00", bulk=bulk)
				self.assertEqual((clock.status, clock.breached, clock.next_at), ("Stopped", 0, None))
				self.assertEqual((clock.due, clock.stopped_at), (DUE, DUE))
				self.assertEqual(self.kinds(clock), [("Start", get_datetime(OPENED)), ("Stop", DUE)])
				self.assertIsNone(case.next_due)

	def test_what_was_closed_late_was_missed_when_it_was_due(self):
		clock, _case = self.bring("2011-07-20 10:00:01")
		self.assertEqual((clock.status, clock.breached, clock.breached_at), ("Stopped", 1, DUE))
		self.assertIn(("Breach", DUE), self.kinds(clock))
		self.assertFalse(frappe.db.exists("Case Deadline Event", {"case_deadline": clock.name, "pending": 1}))

	def test_what_is_still_open_runs_on_and_is_found_by_the_sweep(self):
		clock, case = self.bring(None)
		self.assertEqual((clock.status, clock.breached, clock.due), ("Running", 0, DUE))
		self.assertLess(clock.next_at, datetime(2011, 7, 22))
		self.assertEqual((case.next_due, case.next_deadline), (DUE, clock.label))

	def test_the_date_that_the_city_gave_is_kept_beside_the_one_that_is_computed(self):
		self.row["target_dt"] = "2011-08-29 11:59:00"  # changed by hand there
		clock, case = self.bring(None)
		given = datetime(2011, 8, 29, 11, 59)
		self.assertEqual((case.expected_datetime, self.request(self.row).expected_datetime), (given, given))
		self.assertEqual(clock.due, DUE)

	def test_a_case_in_a_service_area_says_so_and_so_does_its_clock(self):
		make_area("Back Bay", west=-72.0, south=42.0)
		self.row |= {"latitude": "42.3594", "longitude": "-71.0587"}
		clock, case = self.bring("2011-07-07 10:00:00")
		self.assertEqual((clock.service_area, case.service_area), ("Back Bay", "Back Bay"))
		self.assertEqual(self.request(self.row).service_area, "Back Bay")


class TestPoliciesOfMadePrograms(DeadlineTestCase):
	def version(self):
		return frappe.get_doc("Program Version", self.request(self.row).program_version)

	def test_a_program_that_is_made_gets_calendar_and_policy_of_the_mapping(self):
		self.row["type"] = "STREET  lights of nowhere"
		self.run_import()
		version = self.version()
		self.assertEqual((version.deadline_policy, version.calendar), (TEN_DAYS, CALENDAR))
		self.assertEqual(frappe.parse_json(version.deadline_snapshot)["milestones"][0]["amount"], 10)

	def test_a_type_that_no_policy_is_known_for_gets_none_and_no_clock(self):
		self.row["type"] = "Potholes of Nowhere"
		self.run_import()
		version = self.version()
		self.assertEqual((version.deadline_policy, version.calendar), (None, None))
		self.assertFalse(frappe.db.exists("Case Deadline", {"case": self.request(self.row).case}))

	def test_a_program_that_the_site_has_keeps_what_it_has(self):
		make_published_program("LIGHTS", version={"effective_from": "2010-01-01"}, program_name=LIGHTS)
		self.run_import()
		self.assertIsNone(self.version().deadline_policy)

	def test_what_an_agency_has_made_of_policy_calendar_and_mapping_stays(self):
		policy = frappe.get_doc("Deadline Policy", TEN_DAYS)
		policy.milestones[0].amount = 12
		policy.save()
		calendar = frappe.get_doc("Business Calendar", CALENDAR)
		calendar.hours[0].starts = "07:00:00"
		calendar.save()
		mapping = frappe.get_doc("Request Import Mapping", MAPPING)
		mapping.set("deadlines", mapping.deadlines[:1])
		mapping.save()
		for path in deadlines.shipped():
			deadlines.seed(path)
		self.assertEqual(frappe.get_doc("Deadline Policy", TEN_DAYS).milestones[0].amount, 12)
		hours = frappe.get_doc("Business Calendar", CALENDAR).hours[0]
		self.assertEqual(calendars.seconds(hours.starts), 7 * 3600)
		self.assertEqual(len(mappings.load(MAPPING).policies), 1)

	def test_a_mapping_is_told_of_the_second_row_for_a_program(self):
		mapping = frappe.get_doc("Request Import Mapping", MAPPING)
		mapping.append("deadlines", {"program": "street LIGHTS  of Nowhere", "deadline_policy": TEN_DAYS})
		with self.assertRaisesRegex(frappe.ValidationError, "street LIGHTS"):
			mapping.save()
