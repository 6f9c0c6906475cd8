import frappe

from govcrm.service_catalogue.doctype.agency_department.agency_department import add_department
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_department, make_user


def member(user="alice@example.org", first=None, last=None, role="Member"):
	return {"user": user, "from_date": first, "to_date": last, "role": role}


class TestAgencyDepartment(GovCRMTestCase):
	def setUp(self):
		super().setUp()
		for user in ("alice@example.org", "bob@example.org"):
			make_user(user)

	def assert_refused(self, text, **values):
		with self.assertRaises(frappe.ValidationError) as refused:
			make_department("Tree Test", **values)
		self.assertIn(text, str(refused.exception))

	def test_several_departments_may_be_at_the_top(self):
		tops = [make_department(f"Top {index}", is_group=1) for index in range(2)]
		self.assertTrue(all(top.reload().lft for top in tops))

	def test_a_child_lies_within_its_parent(self):
		parent = make_department("Works", is_group=1)
		child = make_department("Roads", parent_agency_department="Works").reload()
		parent.reload()
		self.assertTrue(parent.lft < child.lft < child.rgt < parent.rgt)

	def test_a_parent_must_be_a_group(self):
		make_department("Leaf")
		self.assert_refused("Has Departments Below", parent_agency_department="Leaf")

	def test_no_department_is_below_itself(self):
		make_department("Works", is_group=1)
		roads = make_department("Roads", is_group=1, parent_agency_department="Works")
		works = frappe.get_doc("Agency Department", "Works")
		works.parent_agency_department = roads.name
		self.assertRaises(frappe.ValidationError, works.save)

	def test_a_time_zone_is_an_iana_name(self):
		self.assert_refused("America/New_York", timezone="Boston")
		for name in ("../../etc/passwd", "America", "/etc"):
			self.assert_refused("time zone", timezone=name)
		self.assertTrue(make_department("Zoned", timezone="Europe/Vienna"))

	def test_a_membership_ends_after_it_begins(self):
		self.assert_refused("before it begins", members=[member(first="2026-02-01", last="2026-01-31")])

	def test_nobody_is_a_member_twice_on_one_day(self):
		twice = [member(last="2026-02-01"), member(first="2026-02-01", role="Supervisor")]
		self.assert_refused("listed twice", members=twice)
		self.assert_refused("listed twice", members=[member(), member(first="2020-01-01", last="2020-01-01")])

	def test_a_member_may_be_promoted_on_a_day(self):
		rows = [
			member(last="2026-01-31"),
			member(first="2026-02-01", role="Supervisor"),
			member("bob@example.org"),
		]
		self.assertEqual(len(make_department("Promotions", members=rows).members), 3)

	def test_the_tree_view_adds_at_the_top_and_below(self):
		add_department("Tree Works", parent="Departments", is_root=True, is_group=True)
		add_department("Tree Roads", parent="Tree Works")
		self.assertIsNone(frappe.db.get_value("Agency Department", "Tree Works", "parent_agency_department"))
		self.assertEqual(
			frappe.db.get_value("Agency Department", "Tree Roads", "parent_agency_department"), "Tree Works"
		)

	def test_the_tree_view_adds_for_nobody_who_may_not(self):
		make_user("clerk@example.org", "Caseworker")
		frappe.set_user("clerk@example.org")
		self.assertRaises(
			frappe.PermissionError, add_department, "Tree Works", parent="Departments", is_root=True
		)
