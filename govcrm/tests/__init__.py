"""Tests that run on a real site: under `bench run-tests --app govcrm` and under pytest in the bench's Python."""

import frappe

from govcrm.compat import MAJOR

if MAJOR >= 16:
	from frappe.tests import IntegrationTestCase as FrappeTestCase
else:
	from frappe.tests.utils import FrappeTestCase


class GovCRMTestCase(FrappeTestCase):
	"""Base of all site tests: each test starts as Administrator and is rolled back.

	Records are made by `govcrm.tests.factories`, in the test or in `setUp`. What `setUpClass` makes lives only until
	the end of the first test.
	"""

	@classmethod
	def setUpClass(cls) -> None:
		_want_no_test_records(cls.__module__)
		super().setUpClass()

	def setUp(self) -> None:
		super().setUp()
		frappe.set_user("Administrator")
		# In tests Frappe sends the mail of a notification at once, and sending commits.
		frappe.flags.mute_emails = True
		self.addCleanup(_forget_everything)


def _forget_everything() -> None:
	frappe.set_user("Administrator")
	frappe.db.rollback()
	# Kept outside the database until the next rename writes it down, for users who are gone by then.
	frappe.cache.delete_value("_user_settings")
	frappe.local.message_log = []
	frappe.flags.mute_messages = False
	frappe.flags.mute_emails = False


def _want_no_test_records(module: str) -> None:
	"""Frappe 16 makes test records of every linked DocType for a test beside a DocType, unless it knows some."""
	parts = module.split(".")
	if MAJOR >= 16 and "doctype" in parts:
		frappe.local.test_objects.setdefault(_doctype_of(parts[parts.index("doctype") + 1]), [])


def _doctype_of(folder: str) -> str | None:
	return next(
		(name for name in frappe.get_all("DocType", pluck="name") if frappe.scrub(name) == folder), None
	)
