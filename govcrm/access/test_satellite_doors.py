"""The list of doors, 1.3: one test for each table of Frappe's that tells of records, asked for as a page would ask.

Nobody's role lets them in here: they are managers of the site as well, to whom Frappe shows every row.
"""

import random
from itertools import product

import frappe

from govcrm.access import subjects, telling
from govcrm.access.satellites import bracketed
from govcrm.access.satellites.references import scoped
from govcrm.access.test_satellites import hang, put
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, BOB
from govcrm.tests.factories import make_case, make_citizen, make_request, make_worker

CANARY = "canary-4711"
NAMED = {"fields": '["name"]'}


class SatelliteTestCase(AskingTestCase):
	"""Alice may read the case, Bob may not, and both manage the site."""

	def setUp(self) -> None:
		super().setUp()
		bracketed.install()
		telling.install()
		for user, department in ((ALICE, "Public Works"), (BOB, "Water")):
			make_worker(user, department)
			frappe.get_doc("User", user).add_roles("System Manager")
		self.case = make_case().name

	def lists(self, user: str, doctype: str, name: str, **more) -> bool:
		frappe.set_user(user)
		filters = frappe.as_json([[doctype, "name", "=", name]])
		answer = self.ask(f"/api/resource/{doctype}", filters=filters, **NAMED, **more)
		frappe.set_user("Administrator")

		return name in answer.text

	def opens(self, user: str, doctype: str, name: str) -> bool:
		frappe.set_user(user)
		answer = self.ask(f"/api/resource/{doctype}/{name}")
		frappe.set_user("Administrator")
		return answer.status == 200

	def follows_the_case(self, row, **more) -> None:
		"""In the list and by its name."""
		for user, expected in ((ALICE, True), (BOB, False)):
			self.assertEqual(self.lists(user, row.doctype, row.name, **more), expected, (row.doctype, user))
			self.assertEqual(self.opens(user, row.doctype, row.name), expected, (row.doctype, user))


class TestTables(SatelliteTestCase):
	def test_versions(self) -> None:
		self.follows_the_case(hang("Version", "Case", self.case, data="{}"))

	def test_comments(self) -> None:
		self.follows_the_case(hang("Comment", "Case", self.case, content=CANARY, comment_type="Comment"))

	def test_communications(self) -> None:
		medium = {"communication_medium": "Phone", "sent_or_received": "Sent"}
		self.follows_the_case(hang("Communication", "Case", self.case, subject=CANARY, **medium))
		linked = put("Communication", subject=CANARY, **medium)
		on = {"parent": linked.name, "parenttype": "Communication", "parentfield": "timeline_links"}
		put("Communication Link", link_doctype="Case", link_name=self.case, **on)
		self.follows_the_case(linked)

	def test_communication_links(self) -> None:
		mail = hang("Communication", "Case", self.case, communication_medium="Phone")
		on = {"parent": mail.name, "parenttype": "Communication", "parentfield": "timeline_links"}
		row = put("Communication Link", link_doctype="Note", link_name="x", **on)
		for user, expected in ((ALICE, True), (BOB, False)):
			self.assertEqual(self.lists(user, row.doctype, row.name, parent="Communication"), expected, user)

	def test_files(self) -> None:
		values = {"file_name": "x.pdf", "file_url": f"/private/files/{CANARY}.pdf", "is_private": 1}
		for owner in (ALICE, BOB):  # who uploaded it, Frappe always lets in
			self.follows_the_case(hang("File", "Case", self.case, owner=owner, **values))

	def test_todos(self) -> None:
		self.follows_the_case(hang("ToDo", "Case", self.case, description=CANARY))

	def test_view_logs(self) -> None:
		self.follows_the_case(hang("View Log", "Case", self.case))

	def test_access_logs(self) -> None:
		self.follows_the_case(put("Access Log", export_from="Case", reference_document=self.case))

	def test_activity_logs(self) -> None:
		self.follows_the_case(hang("Activity Log", "Case", self.case, subject=CANARY))

	def test_deleted_documents(self) -> None:
		"""Whose record is gone cannot be asked about: Administrator alone reads it."""
		comment = {"doctype": "Comment", "reference_doctype": "Case", "reference_name": self.case}
		for deleted in ({"doctype": "Case", "name": self.case}, comment):
			kept = {"deleted_doctype": deleted["doctype"], "data": frappe.as_json(deleted)}
			row = put("Deleted Document", deleted_name="x", **kept)
			self.assertFalse(self.lists(BOB, row.doctype, row.name), deleted)
			self.assertFalse(self.opens(BOB, row.doctype, row.name), deleted)

	def test_email_queue(self) -> None:
		row = hang("Email Queue", "Case", self.case, message=CANARY, status="Sent")
		self.follows_the_case(row)

	def test_error_logs(self) -> None:
		self.follows_the_case(hang("Error Log", "Case", self.case, error=CANARY))

	def test_shares(self) -> None:
		self.follows_the_case(hang("DocShare", "Case", self.case, user=ALICE))

	def test_share_keys(self) -> None:
		self.follows_the_case(hang("Document Share Key", "Case", self.case, key=CANARY))

	def test_follows(self) -> None:
		self.follows_the_case(hang("Document Follow", "Case", self.case, user=ALICE))

	def test_notifications(self) -> None:
		own = hang("Notification Log", "Case", self.case, for_user=BOB, subject=CANARY)
		others = put("Notification Log", for_user=ALICE, subject=CANARY)
		for row in (own, others):
			self.assertFalse(self.lists(BOB, row.doctype, row.name))
			self.assertFalse(self.opens(BOB, row.doctype, row.name))

	def test_workflow_actions(self) -> None:
		row = hang("Workflow Action", "Case", self.case, status="Open", workflow_state=CANARY)
		on = {"parent": row.name, "parenttype": row.doctype, "parentfield": "permitted_roles"}
		put("Workflow Action Permitted Role", role="Caseworker", **on)
		self.follows_the_case(row)

	def test_prepared_reports(self) -> None:
		report = {"doctype": "Report", "report_name": CANARY, "ref_doctype": "Case", "is_standard": "No"}
		name = frappe.get_doc({**report, "report_type": "Report Builder"}).insert().name
		row = put("Prepared Report", report_name=name, status="Completed")
		frappe.db.set_value("Prepared Report", row.name, "owner", ALICE)
		self.follows_the_case(row)

	def test_tags(self) -> None:
		self.follows_the_case(hang("Tag Link", "Case", self.case, tag="x", title=CANARY))

	def test_saved_filters(self) -> None:
		values = {"reference_doctype": "Case", "filter_name": "x", "filters": CANARY}
		rows = [put("List Filter", for_user=user, **values) for user in (ALICE, BOB, "")]
		for user, expected in ((ALICE, [True, False, True]), (BOB, [False, True, True])):
			self.assertEqual([self.lists(user, row.doctype, row.name) for row in rows], expected)
			self.assertEqual([self.opens(user, row.doctype, row.name) for row in rows], expected)


class TestChildTables(SatelliteTestCase):
	"""1.1: `parent=` is asked about as a DocType alone."""

	def setUp(self) -> None:
		super().setUp()
		self.kin = make_citizen(contact_points=[{"channel": "Phone", "value": "+15551234567"}])
		self.row = self.kin.contact_points[0]
		values = {"doctype": "Recusal", "user": BOB, "citizen": self.kin.name, "relation": "Family"}
		frappe.get_doc({**values, "reason": "Her brother."}).insert()
		subjects.forget()

	def test_rows_of_a_table_are_listed_like_the_record_they_stand_in(self) -> None:
		found = [self.lists(user, self.row.doctype, self.row.name, parent="Citizen") for user in (ALICE, BOB)]
		self.assertEqual(found, [True, False])

	def test_a_row_by_its_name_is_opened_like_the_record_it_stands_in(self) -> None:
		"""By a request, which the gate sees; and by what asks Frappe alone about a row that it has loaded."""
		for user, expected in ((ALICE, True), (BOB, False)):
			self.assertEqual(self.opens(user, self.row.doctype, self.row.name), expected, user)
			row = frappe.get_doc(self.row.doctype, self.row.name)
			self.assertEqual(row.has_permission("read", user=user), expected, user)


class TestRandomRows(SatelliteTestCase):
	"""Whatever hangs on what: the list shows no row that does not open, and of rows one step away all that do."""

	KINDS = ("Comment", "File", "ToDo", "Version", "Tag Link", "View Log", "Document Follow")
	CARRIERS = ("Comment", "ToDo", "File")

	def test_list_is_form_for_random_rows(self) -> None:
		chance = random.Random(4711)
		hosts = [*self.hosts(), ("Note", "anything"), (None, None), ("Case", "CASE-00000-NONE")]
		rows = []
		for _step in range(60):
			doctype = chance.choice(self.KINDS)
			host = chance.choice(hosts)
			row = hang(doctype, *host, owner=chance.choice((ALICE, BOB)))
			rows.append((row, host))
			if doctype in self.CARRIERS and host[0] not in self.CARRIERS:
				hosts.append((doctype, row.name))
		shown = 0
		for (row, host), user in product(rows, (ALICE, BOB)):
			listed, opened = self.sees(user, row)
			shown += listed
			self.assertTrue(opened or not listed, (row.as_dict(), user))
			if host[0] in (None, "Note", *scoped()):
				self.assertEqual(listed, opened, (row.as_dict(), user))
		self.assertGreater(shown, 20)
		self.assertLess(shown, 110)

	def sees(self, user: str, row) -> tuple[bool, bool]:
		frappe.set_user(user)
		listed = bool(frappe.get_list(row.doctype, {"name": row.name}))
		opened = bool(frappe.has_permission(row.doctype, "read", doc=row.name))
		frappe.set_user("Administrator")
		return listed, opened

	def hosts(self) -> list[tuple[str, str]]:
		other = make_case(department="Water", confidentiality="Restricted").name
		request = make_request()
		shut = make_case(confidentiality="Sealed").name
		return [("Case", self.case), ("Case", other), ("Case", shut), ("Service Request", request.name)]
