"""The team board: who has what, as far as the reader may see it."""

from unittest.mock import patch

import frappe
from frappe.utils import add_to_date, now_datetime, today

from govcrm.casework.queues import board
from govcrm.casework.queues.board import CARDS
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_case, make_department, make_profile, make_user, make_worker


class TestTeamBoard(CaseTestCase):
	def given(self, user: str | None = ALICE, **values) -> str:
		case = make_case()
		frappe.db.set_value("Case", case.name, {"assignee": user, **values})
		return case.name

	def board(self, user: str = SUE, **filters) -> dict:
		frappe.set_user(user)
		return board.board(**filters)

	def column(self, user: str, **filters) -> dict:
		return next(each for each in self.board(**filters)["people"] if each["user"] == user)

	def test_each_member_has_a_column_and_what_nobody_has_one_too(self):
		mine, nobodys = self.given(), self.given(None)
		seen = self.board()
		self.assertEqual({each["user"] for each in seen["people"]}, {ALICE, SUE})
		self.assertEqual([card["name"] for card in seen["unassigned"]["cards"]], [nobodys])
		self.assertEqual([card["name"] for card in self.column(ALICE)["cards"]], [mine])

	def test_cards_stand_in_the_order_of_their_due_dates(self):
		now = now_datetime()
		never, late, soon = (
			self.given(next_due=due) for due in (None, add_to_date(now, days=3), add_to_date(now, days=1))
		)
		self.assertEqual([card["name"] for card in self.column(ALICE)["cards"]], [soon, late, never])

	def test_counts_tell_what_is_overdue_and_at_risk(self):
		self.given(next_due=add_to_date(now_datetime(), hours=-1))
		self.given(next_due=add_to_date(now_datetime(), days=9), deadline_status="At Risk")
		counts = self.column(ALICE)["counts"]
		self.assertEqual((counts["cases"], counts["overdue"], counts["at_risk"]), (2, 1, 1))

	def test_a_clock_that_stands_still_is_not_overdue(self):
		self.given(next_due=add_to_date(now_datetime(), hours=-1), deadline_status="Paused")
		column = self.column(ALICE)
		self.assertEqual((column["counts"]["overdue"], column["cards"][0]["due"]), (0, "later"))

	def test_due_today_ends_at_midnight(self):
		noon = now_datetime().replace(hour=12, minute=0, second=0, microsecond=0)
		self.given(next_due=noon.replace(hour=23))
		self.given(next_due=add_to_date(noon.replace(hour=0), days=1))
		with patch.object(board, "now_datetime", lambda: noon):
			column = self.column(ALICE)
		self.assertEqual(column["counts"]["today"], 1)
		self.assertEqual([card["due"] for card in column["cards"]], ["today", "later"])

	def test_more_cards_than_fit_are_counted_and_can_be_asked_for(self):
		names = {self.given() for _ in range(CARDS + 3)}
		column = self.column(ALICE)
		self.assertEqual((len(column["cards"]), column["counts"]["cases"]), (CARDS, CARDS + 3))
		more = board.more_cards("Public Works", None, ALICE, CARDS)
		self.assertEqual({card["name"] for card in [*column["cards"], *more]}, names)

	def test_a_reader_sees_no_card_and_no_count_of_what_the_access_rule_hides(self):
		self.given(None, confidentiality="Restricted")
		self.assertEqual(self.board(SUE)["unassigned"]["counts"]["cases"], 1)
		hidden = self.board(ALICE)["unassigned"]
		self.assertEqual((hidden["cards"], hidden["counts"]["cases"]), ([], 0))

	def test_the_board_of_another_department_is_closed(self):
		with self.assertRaises(frappe.PermissionError):
			self.board(BOB, department="Public Works")
		with self.assertRaises(frappe.PermissionError):
			board.more_cards("Public Works", None, ALICE, 0)

	def test_who_works_on_no_cases_sees_no_board(self):
		with self.assertRaises(frappe.PermissionError):
			self.board(make_user("clerk@example.org", "Intake Agent").name)

	def test_cases_of_departments_below_stand_on_the_board_as_well(self):
		works = frappe.get_doc("Agency Department", "Public Works")
		works.update({"is_group": 1}).save()
		make_department("Lights", parent_agency_department="Public Works")
		make_worker("lou@example.org", "Lights")
		case = make_case(department="Lights")
		names = [card["name"] for card in self.board()["unassigned"]["cards"]]
		self.assertIn(case.name, names)
		self.assertIn("lou@example.org", [each["user"] for each in self.board()["people"]])

	def test_the_program_narrows_the_board(self):
		self.given()
		make_case("SIGN")
		self.assertEqual(self.board(program="SIGN")["unassigned"]["counts"]["cases"], 1)
		self.assertEqual(self.column(ALICE, program="SIGN")["counts"]["cases"], 0)

	def test_who_is_away_or_full_is_marked(self):
		self.given()
		make_profile(ALICE, away_from=today(), away_to=today(), deputy=SUE, max_open_cases=1)
		column = self.column(ALICE)
		self.assertTrue(column["away"] and column["full"])
		self.assertEqual((str(column["away_to"]), column["deputy"]), (today(), "Sue"))

	def test_only_supervisors_are_offered_to_assign(self):
		self.assertTrue(self.board(SUE)["may_assign"])
		self.assertFalse(self.board(ALICE)["may_assign"])

	def test_the_number_of_queries_does_not_grow_with_people_and_cases(self):
		self.given()
		before = self.queries()
		for number in range(5):
			make_worker(f"more-{number}@example.org")
			self.given(f"more-{number}@example.org")
		self.assertEqual(self.queries(), before)

	def queries(self) -> int:
		self.board()  # warms what is kept for the request
		with patch.object(frappe.db, "sql", wraps=frappe.db.sql) as sql:
			board.board()
		return sql.call_count
