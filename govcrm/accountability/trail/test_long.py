"""Texts near to and beyond what the database takes in one statement."""

import frappe

from govcrm import compat
from govcrm.accountability.trail import payload
from govcrm.accountability.trail.test_capture import TrailTestCase
from govcrm.casework.importing import writer
from govcrm.tests.connections import another_connection

MEGABYTE = 10**6


def comment(megabytes: int):
	return frappe.get_doc(
		doctype="Comment",
		comment_type="Info",
		reference_doctype="Role",
		reference_name="Guest",
		content="x" * (megabytes * MEGABYTE),
	).insert()


class TestLongTexts(TrailTestCase):
	def test_a_long_comment_is_told_whole(self) -> None:
		made = comment(3)
		self.assertEqual(payload.read(self.only("Comment"))["content/after"], made.content)

	def test_a_comment_that_is_too_long_is_refused_and_nothing_of_it_stays(self) -> None:
		"""20 MB Frappe itself cannot write where a statement has 16; 13 MB it can, but not with their event."""
		if frappe.db.db_type != "mariadb" or compat.largest_statement() > 17 * MEGABYTE:
			comment(20)
			self.assertEqual(len(payload.read(self.only("Comment"))["content/after"]), 20 * MEGABYTE)
			return
		for megabytes, refusal in ((13, "max_allowed_packet"), (20, "")):
			with another_connection():
				with self.assertRaisesRegex(Exception, refusal):
					comment(megabytes)
				if refusal:
					frappe.db.rollback()
			frappe.db.rollback()
			found = frappe.get_all("Comment", {"reference_doctype": "Role", "reference_name": "Guest"})
			self.assertEqual(found, [], megabytes)
			self.assertEqual(self.new("Comment"), [], megabytes)

	def test_rows_with_long_texts_are_fewer_in_a_statement(self) -> None:
		rows = ["('" + "x" * 400_000 + "')"] * 5 + ["('ö')"] * 600
		statements = list(writer._statements(rows))
		self.assertEqual(",".join(statements), ",".join(rows))
		self.assertLessEqual(max(map(len, statements)), writer.CHARACTERS_IN_STATEMENT)
		self.assertEqual([one.count("(") for one in statements], [2, 2, 251 - 1, 250, 101])
