"""Tests that run on a real site: under `bench run-tests --app govcrm` and under pytest in the bench's Python."""

from govcrm.compat import MAJOR

if MAJOR >= 16:
	from frappe.tests import IntegrationTestCase as FrappeTestCase
else:
	from frappe.tests.utils import FrappeTestCase


class GovCRMTestCase(FrappeTestCase):
	"""Base of all site tests: each test is rolled back."""
