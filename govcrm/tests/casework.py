"""What tests of cases share: three workers of two departments."""

import frappe

from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_case, make_worker

ALICE, SUE, BOB = "alice@example.org", "sue@example.org", "bob@example.org"


class CaseTestCase(GovCRMTestCase):
	"""Alice works in Public Works, Sue supervises it, Bob works at Water."""

	def setUp(self) -> None:
		super().setUp()
		make_worker(ALICE)
		make_worker(SUE, supervisor=True)
		make_worker(BOB, "Water")

	def case(self, as_user: str | None = None, **values):
		case = make_case(**values)
		frappe.set_user(as_user or frappe.session.user)
		return frappe.get_doc("Case", case.name)

	def events(self, case) -> list[str]:
		return frappe.get_all("Case Event", {"case": case.name}, pluck="verb", order_by="creation, name")

	def last_event(self, case):
		return frappe.get_last_doc("Case Event", {"case": case.name})
