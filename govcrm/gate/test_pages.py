"""Pages of the website tell nobody what others asked for."""

from unittest.mock import patch

import frappe
from frappe.website.utils import clear_cache

from govcrm.tests import GovCRMTestCase
from govcrm.tests.canaries.asking import Ask, Asker


class TestPages(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		shown = {"developer_mode": 0, "disable_website_cache": 0}  # for else Frappe keeps no page at all
		patched = patch.dict(frappe.local.conf, shown)
		patched.start()
		self.addCleanup(patched.stop)
		clear_cache("404")
		self.addCleanup(clear_cache, "404")

	def test_the_page_of_what_is_not_there_is_kept_for_nobody(self) -> None:
		with Asker() as asker:
			own = asker.ask(Ask("/no/such/page/CASE-1-MATTER"), "Administrator")
			others = asker.ask(Ask("/no/such/page"), "Guest")
		self.assertEqual((own.status, others.status), (404, 404))
		self.assertIn(b"CASE-1-MATTER", own.body)  # else this would prove nothing
		self.assertNotIn(b"CASE-1-MATTER", others.body)
