"""What the set-up wizard leaves behind."""

from datetime import timedelta

import frappe
from frappe.utils import now_datetime

from govcrm.setup import first_run
from govcrm.tests import GovCRMTestCase

SWEEP = {"method": "govcrm.tasks.sweep_deadlines"}


class TestTasks(GovCRMTestCase):
	def test_they_begin_at_once_in_a_zone_far_west_of_the_one_the_site_had(self):
		job = frappe.get_doc("Scheduled Job Type", SWEEP)
		job.db_set({"creation": now_datetime() + timedelta(hours=20), "last_execution": None})
		self.assertFalse(frappe.get_doc("Scheduled Job Type", SWEEP).is_event_due())
		first_run.start_tasks()
		self.assertTrue(frappe.get_doc("Scheduled Job Type", SWEEP).is_event_due())

	def test_what_has_run_before_keeps_its_time(self):
		job = frappe.get_doc("Scheduled Job Type", SWEEP)
		job.db_set("last_execution", now_datetime())
		before = frappe.db.get_value("Scheduled Job Type", job.name, "creation")
		first_run.start_tasks()
		self.assertEqual(frappe.db.get_value("Scheduled Job Type", job.name, "creation"), before)
