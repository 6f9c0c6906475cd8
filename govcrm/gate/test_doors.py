"""Doors through which a record is reached by what hangs on it: links, counts, followers, tags, comments, reports."""

import frappe

from govcrm.gate.test_gate import OWN, GateTestCase
from govcrm.tests.casework import ALICE, BOB
from govcrm.tests.factories import make_user, make_worker

NOT_YOURS = "is not there, or not for you"
MISSING = "CASE-00000-NONE"


class TestSearchAndLinks(GateTestCase):
	"""1.2 of the list of doors."""

	def test_a_look_up_asks_for_the_right_whatever_the_caller_says(self) -> None:
		for method in ("search_link", "search_widget"):
			for doctype in ("Case", "Comment"):
				args = {"doctype": doctype, "txt": "", "ignore_user_permissions": 1, "page_length": 500}
				answer = self.call(f"frappe.desk.search.{method}", **args)
				self.assertNotIn(self.shut, answer.text)
		self.assertIn(self.own, self.call("frappe.desk.search.search_link", doctype="Case", txt="").text)

	def test_a_look_up_of_what_hangs_on_cases_asks_for_the_right_too(self) -> None:
		about = {"reminder_doctype": "Case", "reminder_docname": self.shut, "description": "Call back"}
		due = {"doctype": "Reminder", "name": "gate", "user": "Administrator", "remind_at": "2030-01-01"}
		frappe.get_doc({**due, **about}).db_insert()
		args = {"doctype": "Reminder", "txt": "", "ignore_user_permissions": 1, "page_length": 500}
		fields = frappe.as_json(["description", "reminder_docname"])
		answer = self.call("frappe.desk.search.search_widget", **args, filter_fields=fields)
		self.assertNotIn(self.shut, answer.text)
		self.assertNotIn("Call back", answer.text)

	def test_a_look_up_of_cases_is_by_no_method_of_others(self) -> None:
		args = {"doctype": "Case", "txt": "", "query": "frappe.core.doctype.user.user.user_query"}
		self.refused(self.call("frappe.desk.search.search_link", **args), "is not used for")

	def test_what_is_not_there_and_what_is_not_ours_are_one_to_a_link(self) -> None:
		for method, extra in (
			("frappe.client.validate_link", {"fields": '["subject"]'}),
			("frappe.client.get_doc_permissions", {}),
			("frappe.client.has_permission", {"perm_type": "read"}),
		):
			answers = {
				self.call(method, doctype="Case", docname=name, **extra).text for name in (self.shut, MISSING)
			}
			self.assertEqual(len(answers), 1, answers)
		found = self.call(
			"frappe.client.validate_link", doctype="Case", docname=self.own, fields='["subject"]'
		)
		self.assertEqual(found.message, {"name": self.own, "subject": OWN})

	def test_a_title_is_told_to_who_may_read_the_record(self) -> None:
		meta = frappe.get_meta("Case")
		meta.show_title_field_in_link = 1
		self.addCleanup(setattr, meta, "show_title_field_in_link", 0)
		method = "frappe.desk.search.get_link_title"
		self.assertEqual(self.call(method, doctype="Case", docname=self.shut).message, self.shut)
		self.assertEqual(self.call(method, doctype="Case", docname=self.own).message, OWN)

	def test_no_scoped_doctype_shows_its_title_in_links_or_stands_in_the_global_index(self) -> None:
		for doctype in frappe.get_hooks("govcrm_scoped_doctypes"):
			meta = frappe.get_meta(doctype)
			self.assertFalse(meta.show_title_field_in_link, doctype)
			self.assertFalse([field.fieldname for field in meta.fields if field.in_global_search], doctype)

	def test_the_global_index_tells_of_records_only_to_who_may_read_them(self) -> None:
		from unittest.mock import patch

		found = [frappe._dict(doctype="Case", name=name, content="x") for name in (self.own, self.shut)]
		with patch("frappe.utils.global_search.search", return_value=found):
			answer = self.call("frappe.utils.global_search.search", text="x")
		self.assertEqual([one["name"] for one in answer.message], [self.own])

	def test_a_count_of_any_table_asks_for_the_right(self) -> None:
		count = "frappe.client.get_count"
		self.assertEqual(self.call(count, doctype="Case").message, 1)
		self.assertEqual(self.call(count, doctype="Case", filters={"name": self.shut}).message, 0)
		self.refused(self.call(count, doctype="Case", filters={"if(1,subject,0)": 1}), "is no field")
		for table in ("__Auth", "User Permission", "Error Log"):
			self.assertNotEqual(self.call(count, doctype=table).status, 200, table)

	def test_groups_by_assignee_count_what_one_may_see(self) -> None:
		frappe.set_user("Administrator")
		make_worker(ALICE)
		for name in (self.own, self.shut):
			todo = {"allocated_to": ALICE, "reference_type": "Case", "reference_name": name, "status": "Open"}
			frappe.get_doc({"doctype": "ToDo", "name": f"gate-{name}", **todo}).db_insert()
		frappe.set_user(BOB)
		for filters, counted in ((), [(ALICE, 1)]), ([["Case", "name", "like", "%no such%"]], []):
			args = {"doctype": "Case", "current_filters": frappe.as_json(filters), "field": "assigned_to"}
			answer = self.call("frappe.desk.listview.get_group_by_count", **args)
			self.assertEqual([(row["name"], row["count"]) for row in answer.message], counted)

	def test_connections_count_what_one_may_see(self) -> None:
		args = {"doctype": "Agency Program", "name": "POTHOLE", "items": '["Case", "Service Request"]'}
		answer = self.call("frappe.desk.notifications.get_open_count", **args)
		counts = {one["doctype"]: one["count"] for one in answer.message["count"]["external_links_found"]}
		self.assertEqual(counts, {"Case": 1, "Service Request": 0})

	def test_the_next_record_is_asked_for_from_one_that_one_may_read(self) -> None:
		"""Else a value of the other one is compared with those in the list."""
		method = "frappe.desk.form.utils.get_next"
		self.refused(self.call(method, doctype="Case", value=self.shut, prev=0), NOT_YOURS)
		self.assertEqual(self.call(method, doctype="Case", value=self.own, prev=0).status, 200)

	def test_states_of_a_workflow_are_not_counted_over_all_cases(self) -> None:
		method = "frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"
		args = {"doctype": "Case", "workflow_state_field": "subject", "states": "[]"}
		self.assertFalse(self.call(method, **args).message)

	def test_a_map_shows_what_the_list_shows(self) -> None:
		answer = self.call("frappe.geo.utils.get_coords", doctype="Service Request", filters="[]")
		self.assertEqual(answer.message, {"type": "FeatureCollection", "features": []})


class TestNew(GateTestCase):
	def test_a_form_of_what_is_not_there_yet_opens_as_frappe_has_it(self) -> None:
		"""Its page asks for a record called new, and makes one when that is not found."""
		for name in ("new", "new-case-1", "new-service-request-ab12"):
			answer = self.call("frappe.desk.form.load.getdoc", doctype="Case", name=name)
			self.assertEqual((answer.status, answer.message), (200, []), answer)


class TestReports(GateTestCase):
	"""1.5 of the list of doors."""

	def report(self, **values: object) -> str:
		frappe.set_user("Administrator")
		values = {"report_name": "Gate", "ref_doctype": "ToDo", "is_standard": "No", **values}
		name = frappe.get_doc({"doctype": "Report", "report_type": "Query Report", **values}).insert().name
		frappe.set_user(BOB)
		return name

	def test_a_query_report_over_cases_is_not_run(self) -> None:
		report = self.report(query="select name from `tabCase`")
		for method in ("run", "export_query", "get_script"):
			args = {"report_name": report, "filters": "{}", "file_format_type": "CSV"}
			self.refused(self.call(f"frappe.desk.query_report.{method}", **args), "past the rules")

	def test_nor_is_one_over_what_was_kept_of_cases(self) -> None:
		for table in ("`tabVersion`", "tabComment", "`__global_search`", 'U&"tab\\0043ase"'):
			report = self.report(query=f"select * from {table}", report_name=f"Gate {table[-6:-1]}")
			self.refused(self.call("frappe.desk.query_report.run", report_name=report), "past the rules")

	def test_a_report_is_run_as_oneself(self) -> None:
		from unittest.mock import patch

		report = self.report(query="select name from `tabNote`")
		with patch("frappe.desk.query_report.validate_filters_permissions") as asked_for:
			self.call("frappe.desk.query_report.run", report_name=report, user="Administrator")
		self.assertEqual([call.args[2] for call in asked_for.call_args_list], [BOB])

	def test_a_report_is_prepared_for_who_may_run_it(self) -> None:
		report = self.report(query="select name from `tabNote`", roles=[{"role": "System Manager"}])
		prepare = "frappe.core.doctype.prepared_report.prepared_report.make_prepared_report"
		self.refused(self.call(prepare, report_name=report, filters="{}"), "not for you")
		doc = frappe.get_doc({"doctype": "Prepared Report", "report_name": report, "filters": "{}"})
		with self.assertRaises(frappe.PermissionError):
			doc.insert(ignore_permissions=True)  # as Frappe's method does

	def test_a_prepared_result_is_had_by_who_had_it_prepared(self) -> None:
		report = self.report(query="select name from `tabNote`", prepared_report=1)
		frappe.set_user(ALICE)
		values = {"report_name": report, "status": "Completed"}
		prepared = frappe.get_doc({"doctype": "Prepared Report", "name": "gate-prepared", **values})
		prepared.db_insert()
		frappe.set_user(BOB)
		filters = frappe.as_json({"prepared_report_name": prepared.name})
		answer = self.call("frappe.desk.query_report.run", report_name=report, filters=filters)
		self.refused(answer, "prepared for somebody else")

	def test_there_are_no_heatmaps_of_cases_or_of_what_hangs_on_them(self) -> None:
		method = "frappe.desk.doctype.dashboard_chart.dashboard_chart.get"
		for doctype in ("Case", "Comment", "Version"):
			chart = {"document_type": doctype, "type": "Heatmap", "based_on": "creation", "timeseries": 1}
			answer = self.call(method, chart=frappe.as_json(chart), no_cache=1)
			self.assertIn("no heatmap", answer.text)


class TestCollaboration(GateTestCase):
	"""1.6 of the list of doors."""

	def test_who_may_not_read_a_record_does_not_follow_like_or_tag_it(self) -> None:
		follow, tag = "frappe.desk.form.document_follow", "frappe.desk.doctype.tag.tag"
		for name in (self.shut, MISSING):
			for method, args in (
				("frappe.desk.like.toggle_like", {"doctype": "Case", "name": name, "add": "Yes"}),
				(f"{follow}.update_follow", {"doctype": "Case", "doc_name": name, "following": 1}),
				(f"{follow}.follow_document", {"doctype": "Case", "doc_name": name, "user": BOB}),
				(f"{follow}.unfollow_document", {"doctype": "Case", "doc_name": name, "user": BOB}),
				(f"{follow}.get_follow_users", {"doctype": "Case", "doc_name": name}),
				(f"{tag}.add_tag", {"tag": "x", "dt": "Case", "dn": name}),
				(
					f"{tag}.add_tags",
					{"tags": '["x"]', "dt": "Case", "docs": frappe.as_json([self.own, name])},
				),
				(f"{tag}.remove_tag", {"tag": "x", "dt": "Case", "dn": name}),
			):
				self.refused(self.call(method, **args), NOT_YOURS)
		self.assertEqual(self.call("frappe.desk.like.toggle_like", doctype="Case", name=self.own).status, 200)

	def test_one_follows_for_oneself(self) -> None:
		args = {"doctype": "Case", "doc_name": self.own, "user": ALICE}
		self.refused(self.call("frappe.desk.form.document_follow.follow_document", **args), "for yourself")

	def test_tagged_records_are_found_in_the_list(self) -> None:
		args = {"doctype": "Case", "tag": "%"}
		self.refused(self.call("frappe.desk.doctype.tag.tag.get_tagged_docs", **args), "is not asked about")

	def test_a_comment_is_by_who_is_logged_in(self) -> None:
		said = {"content": "Approved", "comment_email": ALICE, "comment_by": "The Director"}
		method = "frappe.desk.form.utils.add_comment"
		name = self.call(method, reference_doctype="Case", reference_name=self.own, **said).message["name"]
		comment = frappe.get_doc("Comment", name)
		self.assertEqual(
			(comment.comment_email, comment.comment_by, comment.comment_type), (BOB, "Bob", "Comment")
		)
		answer = self.call(method, reference_doctype="Case", reference_name=self.shut, **said)
		self.refused(answer)

	def test_the_portal_neither_comments_on_cases_nor_discusses_them(self) -> None:
		comments, topics = (
			"frappe.templates.includes",
			"frappe.website.doctype.discussion_topic.discussion_topic",
		)
		on = {"reference_doctype": "Case", "reference_name": self.shut}
		for method, args in (
			(f"{comments}.comments.comments.add_comment", {"comment": "x", **on}),
			(f"{comments}.likes.likes.like", {"like": 1, **on}),
			(f"{topics}.submit_discussion", {"doctype": "Case", "docname": self.shut, "reply": "x"}),
		):
			for user in (BOB, "Guest"):
				frappe.set_user(user)
				self.refused(self.call(method, **args))

	def test_mail_is_not_hung_on_other_records(self) -> None:
		args = {"name": "nothing", "reference_doctype": "Case", "reference_name": self.own}
		self.refused(self.call("frappe.email.relink", **args), NOT_YOURS)

	def test_the_number_of_a_contact_is_told_to_who_may_read_it(self) -> None:
		frappe.set_user("Administrator")
		contact = frappe.get_doc({"doctype": "Contact", "first_name": "Kim", "mobile_no": "555"})
		name = contact.insert().name
		frappe.set_user(make_user("gate-nobody@example.org").name)
		args = {"contact_name": name, "ref_doctype": "User", "ref_name": "x"}
		method = "frappe.core.doctype.sms_settings.sms_settings.get_contact_number"
		self.refused(self.call(method, **args), NOT_YOURS)

	def test_what_others_may_see_is_told_to_who_looks_after_users(self) -> None:
		method = "frappe.core.doctype.user_permission.user_permission.get_user_permissions"
		self.refused(self.call(method, user=ALICE), "for yourself")
		self.assertEqual(self.call(method).status, 200)

	def test_a_mail_takes_along_files_that_one_may_read(self) -> None:
		frappe.set_user("Administrator")
		on = {"attached_to_doctype": "Case", "attached_to_name": self.shut}
		name = frappe.get_doc(
			{"doctype": "File", "file_name": "gate.txt", "content": "x", "is_private": 1, **on}
		).insert()
		frappe.set_user(BOB)
		args = {"doctype": "Case", "name": self.own, "attachments": frappe.as_json([name.name])}
		method = "frappe.core.doctype.communication.email.make"
		self.refused(self.call(method, content="x", subject="x", **args), NOT_YOURS)

	def test_no_web_form_and_no_web_list_is_about_cases(self) -> None:
		frappe.set_user("Guest")
		self.refused(self.call("frappe.www.list.get", doctype="Case"), "is not asked about")
		frappe.set_user("Administrator")
		form = {"doctype": "Web Form", "name": "gate-form", "title": "x", "doc_type": "Service Request"}
		frappe.get_doc(form).db_insert()
		frappe.set_user("Guest")
		accept = "frappe.website.doctype.web_form.web_form.accept"
		self.refused(self.call(accept, web_form="gate-form", data="{}"), "is not asked about")

	def test_links_in_mails_move_no_case(self) -> None:
		method = "frappe.workflow.doctype.workflow_action.workflow_action.apply_action"
		args = {"action": "Close", "doctype": "Case", "docname": self.own, "current_state": "x", "user": BOB}
		self.refused(self.call(method, **args), "is not asked about")
