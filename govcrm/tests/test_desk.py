"""The Desk's own doors: counts, charts, boards and the landing workspace obey the rule and the verbs."""

import frappe

from govcrm import boot
from govcrm.api import desk as endpoints
from govcrm.setup import desk
from govcrm.setup.demo import organisation
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_case, make_department, make_worker

CHART = "Open Cases by Department"


class TestChartsAndCounts(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_department("Desk Parks")
		self.parks = make_worker("desk-parks@example.org", "Desk Parks").name
		self.nobody = make_worker("desk-nobody@example.org", "Desk Empty").name
		make_case("DESK-POTHOLE", department="Desk Parks")
		make_case("DESK-POTHOLE", department="Desk Parks")

	def test_a_chart_drawn_for_one_reader_is_not_shown_to_the_next(self):
		frappe.set_user(self.parks)
		self.assertEqual(endpoints.get_chart(chart_name=CHART)["datasets"][0]["values"], [2])
		frappe.set_user(self.nobody)
		self.assertFalse(endpoints.get_chart(chart_name=CHART))

	def test_a_chart_of_other_records_is_left_to_frappe(self):
		self.assertIn("labels", endpoints.get_chart(chart_name="Programs by Kind", refresh=1))

	def test_cases_are_counted_for_who_may_read_them(self):
		for user, count in ((self.parks, 2), (self.nobody, 0)):
			frappe.set_user(user)
			self.assertEqual(self.count("Case"), count)
			self.assertEqual(self.count("Case", distinct="true"), count)

	def test_other_records_are_counted_as_ever(self):
		self.assertEqual(self.count("Agency Program"), frappe.db.count("Agency Program"))

	def count(self, doctype: str, **form: str) -> int:
		frappe.local.form_dict = frappe._dict(doctype=doctype, filters="[]", fields="[]", **form)
		return endpoints.get_count()


class TestBoards(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		desk.seed_boards()
		self.worker = make_worker("desk-parks@example.org", "Desk Parks").name
		self.case = make_case("DESK-POTHOLE", department="Desk Parks")

	def test_a_card_changes_its_column_by_no_dragging(self):
		frappe.set_user(self.worker)
		with self.assertRaisesRegex(frappe.ValidationError, "choose an action"):
			endpoints.move_card(desk.BOARD, self.case.name, "Open", "Closed", 0, 0)
		self.assertEqual(frappe.db.get_value("Case", self.case.name, "state_category"), "Open")

	def test_a_board_keeps_no_names_of_cases(self):
		frappe.set_user(self.worker)
		endpoints.update_board(desk.BOARD, {"Open": [self.case.name]})
		endpoints.move_card(desk.BOARD, self.case.name, "Open", "Open", 0, 1)
		board = frappe.get_doc("Kanban Board", desk.BOARD)
		self.assertNotIn(self.case.name, frappe.as_json(board))

	def test_the_board_is_made_without_names_on_a_site_that_has_cases(self):
		frappe.delete_doc("Kanban Board", desk.BOARD)
		desk.seed_boards()
		board = frappe.get_doc("Kanban Board", desk.BOARD)
		self.assertEqual([row.column_name for row in board.columns], list(desk.COLUMNS))
		self.assertNotIn(self.case.name, frappe.as_json(board))

	def test_a_board_that_an_agency_made_is_left_alone(self):
		frappe.db.set_value("Kanban Board", desk.BOARD, "show_labels", 0)
		desk.seed_boards()
		self.assertEqual(frappe.db.get_value("Kanban Board", desk.BOARD, "show_labels"), 0)


class TestLanding(GovCRMTestCase):
	def test_each_role_lands_on_its_workspace(self):
		for role, workspace in (
			("Intake Agent", "Intake"),
			("Caseworker", "Casework"),
			("Agency Auditor", "Audit"),
			("Agency Administrator", "Agency Setup"),
			("Elected Official", "Service Performance"),
		):
			self.assertEqual(boot.landing_of(["All", role])["name"], workspace)

	def test_people_of_the_demo_city_land_where_their_first_role_does(self):
		for roles, workspace in (
			(["Agency Auditor"], "Audit"),
			(["Intake Agent", "Caseworker"], "Intake"),
			(["Constituent"], None),
		):
			self.assertEqual(organisation.workspace_of({"roles": roles}), workspace)

	def test_nobody_of_ours_lands_where_frappe_says(self):
		self.assertIsNone(boot.landing_of(["All", "Website Manager"]))
		self.assertIsNone(boot.landing_of(["Administrator", "Caseworker"]))

	def test_a_workspace_that_was_hidden_is_no_landing(self):
		frappe.db.set_value("Workspace", "Intake", "is_hidden", 1)
		self.assertIsNone(boot.landing_of(["Intake Agent"]))

	def test_who_chose_a_workspace_keeps_it(self):
		bootinfo = frappe._dict(user=frappe._dict(default_workspace={"name": "Build"}))
		boot.extend_bootinfo(bootinfo)
		self.assertEqual(bootinfo.user.default_workspace, {"name": "Build"})
