from unittest.mock import patch

import frappe
import frappe.database

from govcrm import wrapping
from govcrm.accountability.guard import backups
from govcrm.tests import GovCRMTestCase


class TestBackups(GovCRMTestCase):
	def options(self, db_type: str, **more: object) -> list[str]:
		backups.install()
		with patch.dict(frappe.conf, db_type=db_type):
			return frappe.database.get_command(user="u", password="p", db_name="d", **more)[1]

	def test_a_dump_of_mariadb_brings_no_trigger_along(self) -> None:
		self.assertIn("--skip-triggers", self.options("mariadb", dump=True))

	def test_nothing_else_is_changed(self) -> None:
		self.assertNotIn("--skip-triggers", self.options("mariadb"))
		self.assertNotIn("--skip-triggers", self.options("postgres", dump=True))

	def test_a_site_of_the_bench_without_the_app_is_dumped_as_frappe_dumps_it(self) -> None:
		with patch.object(wrapping, "is_here", return_value=False):
			self.assertNotIn("--skip-triggers", self.options("mariadb", dump=True))
