import frappe

from govcrm.tests.casework import CaseTestCase
from govcrm.tests.factories import make_area, make_department, make_published_program


def file(program="POTHOLE", **values):
	values.setdefault("address_string", "1 Main Street")
	request = frappe.get_doc({"doctype": "Service Request", "program": program, "anonymous": 1, **values})
	return request.insert()


def rule(label, condition="", **values):
	return {"label": label, "condition": condition, **values}


class TestRouting(CaseTestCase):
	def program(self, *rules, parts=(), **version):
		make_published_program("POTHOLE", {"routing_rules": rules, "routing_parts": parts, **version})

	def case_of(self, request):
		return frappe.get_doc("Case", request.case)

	def test_the_first_rule_that_fits_decides_and_the_case_says_which_and_why(self):
		self.program(
			rule("By web", 'request.channel == "Web"', department="Water"),
			rule("By phone", 'request.channel == "Phone"', department="Water", priority="High"),
			rule("Rest", department="Public Works"),
		)
		request = file(channel="Phone")
		case = self.case_of(request)
		self.assertEqual((request.department, request.priority), ("Water", "High"))
		self.assertEqual((case.department, case.priority, case.routing_rule), ("Water", "High", "By phone"))
		self.assertIn('Rule 2, By phone, fits: request.channel == "Phone"', case.routing_reason)
		self.assertIn("Water: named by the rule.", case.routing_reason)

	def test_the_department_of_the_area_comes_before_the_defaults(self):
		make_department("Parks")
		make_area("City", 10, 10, 10, is_group=1, departments=[{"department": "Parks"}])
		make_area("Ward", 11, 11, 1, parent_service_area="City")
		self.program()
		request = file(latitude=11.5, longitude=11.5)
		case = self.case_of(request)
		self.assertEqual(
			(request.department, request.service_area, case.service_area), ("Parks", "Ward", "Ward")
		)
		self.assertIn("The place lies in Ward, City.", case.routing_reason)
