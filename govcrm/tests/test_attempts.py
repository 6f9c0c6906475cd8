"""Acts of which one may fail without the others."""

import frappe

from govcrm.casework.attempts import alone, attempt, refusal
from govcrm.tests import GovCRMTestCase

TITLE = "Attempted"


def note(text: str) -> None:
	frappe.get_doc({"doctype": "Note", "title": f"{TITLE} {text}", "public": 1}).insert()


def refuse() -> None:
	note("refused")
	frappe.throw("Not <b>this</b> way")


def break_down() -> None:
	note("broken")
	raise ZeroDivisionError


def notes() -> list[str]:
	return frappe.get_all("Note", {"title": ("like", f"{TITLE}%")}, pluck="title", order_by="title")


class TestWithinATransaction(GovCRMTestCase):
	def test_a_refusal_is_told_in_its_own_words_and_undone(self):
		self.assertEqual(attempt(refuse, TITLE), "Not this way")
		self.assertEqual(refusal(refuse), "Not this way")
		self.assertEqual(notes(), [])

	def test_what_is_unforeseen_is_logged_or_raised(self):
		self.assertIn("Error Log", attempt(break_down, TITLE))
		self.assertRaises(ZeroDivisionError, refusal, break_down)

	def test_what_succeeds_belongs_to_the_transaction(self):
		self.assertIsNone(attempt(lambda: note("done"), TITLE))
		frappe.db.rollback()
		self.assertEqual(notes(), [])


class TestAlone(GovCRMTestCase):
	"""These commit, and clean up."""

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self.clean_up)

	def clean_up(self) -> None:
		frappe.db.rollback()
		frappe.db.delete("Note", {"title": ("like", f"{TITLE}%")})
		frappe.db.delete("Error Log", {"method": TITLE})
		frappe.db.commit()

	def test_what_succeeds_stays_and_what_fails_leaves_nothing(self):
		self.assertIsNone(alone(lambda: note("first"), TITLE))
		self.assertEqual(alone(refuse, TITLE), "Not this way")
		self.assertIn("Error Log", alone(break_down, TITLE))
		self.assertIsNone(alone(lambda: note("last"), TITLE))
		frappe.db.rollback()
		self.assertEqual(notes(), [f"{TITLE} first", f"{TITLE} last"])
		self.assertEqual(frappe.db.count("Error Log", {"method": TITLE}), 1)

	def test_it_does_not_keep_what_was_begun_before(self):
		note("begun")
		alone(lambda: note("own"), TITLE)
		self.assertEqual(notes(), [f"{TITLE} own"])
