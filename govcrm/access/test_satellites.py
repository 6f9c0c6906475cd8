"""What hangs on a record is shown to whoever may read the record: list, count and form alike, System Managers included."""

from unittest.mock import patch

import frappe
from frappe.utils import now_datetime

from govcrm.access import subjects
from govcrm.access.satellites import bracketed
from govcrm.access.satellites.references import references_of, satellites
from govcrm.tests.casework import ALICE, BOB, CaseTestCase
from govcrm.tests.factories import make_user

MANAGER = "manager.satellites@example.org"
OF_MANY = (
	"Comment",
	"Version",
	"ToDo",
	"File",
	"View Log",
	"Tag Link",
	"Email Queue",
	"Error Log",
	"DocShare",
)
MORE = (
	"Communication",
	"Activity Log",
	"Document Share Key",
	"Document Follow",
	"Milestone",
	"Integration Request",
)


def put(doctype: str, **values):
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.name = frappe.generate_hash(length=10)
	if doc.owner:
		doc.creation = doc.modified = now_datetime()  # else Frappe has the owner be who inserts
	doc.db_insert()
	return doc


def hang(doctype: str, host: str | None, name: str | None, **values):
	reference = next(reference for reference in references_of(doctype) if not reference.fixed)
	return put(doctype, **{reference.type_field: host, reference.name_field: name}, **values)


class TestSatellites(CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		bracketed.install()
		make_user(MANAGER, "System Manager")
		for user in (ALICE, BOB):
			make_user(user, "System Manager")
		self.closed = self.case().name

	def shown(self, user: str, doc) -> tuple[bool, int, bool]:
		"""Whether the row is listed, how many are counted, whether it opens."""
		frappe.set_user(user)
		try:
			listed = frappe.get_list(doc.doctype, {"name": doc.name}, pluck="name")
			counted = frappe.get_list(doc.doctype, {"name": doc.name}, ["count(name) as n"])[0].n
			opened = frappe.has_permission(doc.doctype, "read", doc=doc.name)
		finally:
			frappe.set_user("Administrator")
		return bool(listed), counted, bool(opened)

	def test_a_row_on_a_case_is_listed_and_opened_by_who_may_read_the_case_alone(self):
		for doctype in (*OF_MANY, *MORE):
			row = hang(doctype, "Case", self.closed)
			for user, expected in ((ALICE, True), (BOB, False), (MANAGER, False)):
				with self.subTest(doctype=doctype, user=user):
					self.assertEqual(self.shown(user, row), (expected, int(expected), expected))

	def test_a_public_file_of_a_closed_case_is_not_listed_either(self):
		row = hang("File", "Case", self.closed, is_private=0, file_name="x.pdf", file_url="/files/x.pdf")
		self.assertEqual([self.shown(user, row)[0] for user in (ALICE, BOB, MANAGER)], [True, False, False])

	def test_a_row_that_hangs_on_nothing_scoped_is_left_to_frappe(self):
		for doctype in ("Comment", "Version", "View Log", "Tag Link"):
			row = hang(doctype, "Note", "anything")
			listed, _, opened = self.shown(MANAGER, row)
			self.assertEqual((listed, opened), (True, True), doctype)

	def test_a_file_of_a_mail_follows_the_case_that_the_mail_is_about(self):
		mail = hang("Communication", "Case", self.closed)
		row = hang("File", "Communication", mail.name, is_private=1)
		self.assertEqual([self.shown(user, row)[0] for user in (ALICE, BOB)], [True, False])
		self.assertEqual([self.shown(user, row)[2] for user in (ALICE, BOB)], [True, False])

	def test_every_satellite_has_both_hooks(self):
		for hook in ("permission_query_conditions", "has_permission"):
			self.assertEqual(set(satellites()) - set(frappe.get_hooks(hook)), set())

	def test_a_field_that_an_app_adds_is_asked_about_with_no_worker_restarted(self) -> None:
		frappe.set_user("Administrator")
		note = put("Comment", comment_type="Comment")
		hooks = {**satellites(), "Comment": [*satellites()["Comment"], "reference_owner:comment_email"]}
		frappe.db.set_value("Comment", note.name, {"reference_owner": "Case", "comment_email": self.closed})
		self.assertEqual(self.shown(BOB, note), (True, 1, True))
		with patch("govcrm.access.satellites.references.satellites", return_value=hooks):
			subjects.forget()
			self.assertEqual(self.shown(BOB, note), (False, 0, False))
