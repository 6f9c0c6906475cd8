"""Tests that run on a real site: under `bench run-tests --app govcrm` and under pytest in the bench's Python."""

from govcrm.compat import FrappeTestCase


class GovCRMTestCase(FrappeTestCase):
	"""Base of all site tests: each test is rolled back."""
