import frappe

from govcrm import traces
from govcrm.tests import GovCRMTestCase
from govcrm.tests.trail import traceback_with_values

WORD = "Ziegenpeter"


class TestTraces(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		traces.install()

	def test_what_is_written_down_of_an_error_holds_no_values(self) -> None:
		told = self.fail_with(lambda: frappe.log_error("It failed").error)
		self.assertIn("in fail_with", told)
		self.assertIn("ZeroDivisionError", told)
		self.assertNotIn(WORD, told)

	def test_in_developer_mode_it_does(self) -> None:
		self.assertIn(WORD, self.fail_with(traceback_with_values))

	def fail_with(self, report) -> str:
		said = {"description": f"{WORD} hit me"}
		try:
			len(said) / 0
		except ZeroDivisionError:
			return report()
