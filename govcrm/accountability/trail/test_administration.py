"""What administrators do, by each of the ways that Frappe has for it, and what the log says of it."""

from collections.abc import Callable
from functools import partial
from unittest.mock import patch

import frappe
from frappe import permissions, sessions, twofactor
from frappe.core.doctype.file.utils import update_existing_file_docs
from frappe.core.doctype.user import user as users
from frappe.core.page.permission_manager import permission_manager
from frappe.utils import install, password

from govcrm.accountability.reconciling import live
from govcrm.accountability.trail import payload, releases
from govcrm.accountability.trail.test_bare import run
from govcrm.accountability.trail.test_capture import TrailTestCase
from govcrm.setup.install import after_migrate
from govcrm.tests.factories import make_user
from govcrm.tests.trail import Watch

CARLA = "carla@example.org"
SECRET = "canary-4711-Qx"
Told = list[tuple[str, str | None]]


def custom_doctype(name: str = "Parking Space") -> frappe.model.document.Document:
	return frappe.get_doc(
		doctype="DocType",
		name=name,
		module="Custom",
		custom=1,
		fields=[{"fieldname": "street", "fieldtype": "Data", "label": "Street"}],
		permissions=[{"role": "System Manager", "read": 1}],
	)


def custom_field() -> frappe.model.document.Document:
	words = {"fieldname": "x_probe", "fieldtype": "Data", "label": "Probe"}
	return frappe.get_doc(doctype="Custom Field", dt="Note", **words)


class AdministrationTestCase(TrailTestCase):
	def setUp(self) -> None:
		super().setUp()
		# Frappe commits after some of this, and no test could take back a new table.
		for name in ("commit", "updatedb"):
			patched = patch.object(frappe.db, name, lambda *args, **kwargs: None)
			patched.start()
			self.addCleanup(patched.stop)

	def told(self, act: Callable) -> Told:
		"""(verb, DocType) of the events that an act leaves."""
		self.look()
		act()
		return [(event.verb, event.reference_doctype) for event in self.new()]


class TestDocTypes(AdministrationTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(frappe.clear_cache, doctype="Parking Space")

	def test_a_doctype_that_is_made_changed_and_deleted_is_told_each_time(self) -> None:
		doctype = custom_doctype()
		self.assertIn(("create", "DocType"), self.told(doctype.insert))
		doctype.reload().append("permissions", {"role": "Guest", "read": 1, "permlevel": 0})
		self.assertIn(("update", "DocType"), self.told(doctype.save))
		changed = payload.read(self.only("DocType", doctype.name))
		self.assertIn("Guest", changed.values())
		self.assertEqual(self.only("DocType").subject, "Site/DocType")
		self.assertIn(("delete", "DocType"), self.told(lambda: frappe.db.delete("DocType", doctype.name)))

	def test_a_shipped_doctype_that_is_changed_on_the_site_is_told(self) -> None:
		note = frappe.get_doc("DocType", "Note")
		note.append("permissions", {"role": "Guest", "read": 1})
		with patch.dict(frappe.conf, developer_mode=1), patch.object(type(note), "export_doc"):
			self.assertIn(("update", "DocType"), self.told(note.save))
		frappe.clear_cache(doctype="Note")

	def test_rights_put_into_the_table_of_a_shipped_doctype_are_told(self) -> None:
		row = frappe.get_all("DocPerm", {"parent": "Case", "parenttype": "DocType"}, pluck="name")[0]
		self.assertEqual(
			self.told(lambda: frappe.db.set_value("DocPerm", row, "role", "Guest")), [("update", "DocType")]
		)
		self.assertIn("Guest", payload.read(self.only("DocType", "Case")).values())

	def test_what_a_migrate_brings_is_not_told_but_what_it_does_to_doctypes_of_the_site_is(self) -> None:
		doctype = custom_doctype().insert()
		note = frappe.get_doc("DocType", "Note")
		row = frappe.get_all("DocPerm", {"parent": "Note"}, pluck="name")[0]
		for flag in ("in_migrate", "in_install", "in_patch"):
			with patch.dict(frappe.flags, {flag: True}), patch.object(type(note), "export_doc"):
				self.assertEqual(self.told(partial(frappe.db.set_value, "DocPerm", row, "write", 0)), [])
				note.reload().description = doctype.reload().description = flag
				self.assertEqual(self.told(note.save), [])
				self.assertEqual(self.told(doctype.save), [("update", "DocType")])
		frappe.clear_cache(doctype="Note")

	def test_no_row_of_a_doctype_is_vouched_for(self) -> None:
		custom_doctype().insert()
		self.assertIn('"rows":[]', self.only("DocType").header)
		self.assertNotIn("DocType", live.doctypes())

	def test_a_migrate_is_told_once_with_the_versions_of_all_apps(self) -> None:
		with patch("govcrm.setup.install.set_up"):
			self.assertEqual(self.told(after_migrate), [("migrate", None)])
		(event,) = self.new()
		self.assertEqual(payload.read(event)["detail/apps"], releases.versions())
		self.assertIn(f"frappe {frappe.__version__}", releases.versions())

	def test_apps_that_come_and_go_are_told(self) -> None:
		(came,) = frappe.get_hooks("after_app_install", app_name="govcrm")
		(went,) = frappe.get_hooks("after_app_uninstall", app_name="govcrm")
		self.assertEqual(self.told(lambda: frappe.get_attr(came)("erpnext")), [("install app", None)])
		with patch.dict(frappe.flags, in_uninstall=True):
			self.assertEqual(self.told(lambda: frappe.get_attr(went)("erpnext")), [("remove app", None)])
			self.assertIn(
				("delete", "Role"), self.told(lambda: frappe.delete_doc("Role", "Blogger", force=True))
			)


class TestDocTypesWhoseSaveBreaksOff(AdministrationTestCase):
	"""Frappe commits before it changes a table: what stays of a save is what was told by then."""

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(frappe.clear_cache, doctype="Parking Space")
		self.fails = True
		for name in ("commit", "updatedb"):
			ends = patch.object(frappe.db, name, self.commit_and_fail)
			ends.start()
			self.addCleanup(ends.stop)

	def commit_and_fail(self, *args, **kwargs) -> None:
		"""As `Database.updatedb`: what stands before the commit is run, the commit itself left out."""
		frappe.db.before_commit.run()
		if self.fails and args:
			raise frappe.db.InternalError("Row size too large")

	def broken(self, act: Callable) -> Told:
		def breaks_off() -> None:
			with self.assertRaises(frappe.db.InternalError):
				act()

		return self.told(breaks_off)

	def test_a_doctype_that_is_made_is_told_before_its_table(self) -> None:
		self.assertIn(("create", "DocType"), self.broken(custom_doctype().insert))
		self.assertEqual(payload.read(self.only("DocType"))["custom/after"], 1)

	def test_a_doctype_that_is_changed_is_told_before_its_columns(self) -> None:
		self.fails = False
		doctype = custom_doctype().insert()
		self.fails = True
		doctype.reload().append("fields", {"fieldname": "probe", "fieldtype": "Data", "label": "Probe"})
		self.assertEqual(self.broken(doctype.save), [("update", "DocType")])
		self.assertIn("probe", payload.read(self.only("DocType")).values())

	def test_a_custom_field_is_told_before_its_column(self) -> None:
		field = custom_field()
		self.assertEqual(self.broken(field.insert), [("create", "Custom Field")])
		self.holds(self.only("Custom Field"), "Custom Field", field.name)

	def test_a_save_that_is_whole_is_told_once(self) -> None:
		self.fails = False
		doctype = custom_doctype()
		self.assertEqual(self.told(doctype.insert).count(("create", "DocType")), 1)
		doctype.reload().description = "Where a car may stand"
		self.assertEqual(self.told(doctype.save), [("update", "DocType")])
		self.assertEqual(self.told(doctype.save), [])

	def test_a_save_that_was_refused_and_is_followed_by_a_commit_is_not_told(self) -> None:
		doctype = custom_doctype("Parking <Space>")
		self.look()
		with self.assertRaises(frappe.NameError):
			doctype.insert()
		frappe.db.commit()
		self.assertEqual(self.new("DocType"), [])

	def test_a_field_that_is_there_already_is_not_told_anew(self) -> None:
		self.fails = False
		custom_field().insert()
		self.look()
		with self.assertRaises(frappe.ValidationError):
			custom_field().insert()
		frappe.db.commit()
		self.assertEqual(self.new("Custom Field"), [])

	def test_a_save_that_was_refused_and_then_succeeds_is_told_once(self) -> None:
		self.fails = False
		doctype = custom_doctype("Parking <Space>")
		with self.assertRaises(frappe.NameError):
			doctype.insert()
		doctype.name = "Parking Space"
		self.assertEqual(self.told(doctype.insert).count(("create", "DocType")), 1)


class TestRights(AdministrationTestCase):
	def test_rights_by_role_are_told_whatever_sets_them(self) -> None:
		self.assertIn(
			("create", "Custom DocPerm"),
			self.told(lambda: permissions.add_permission("Note", "Website Manager", 0)),
		)
		given = ("Note", "Website Manager", 0)
		ways = (
			lambda: permissions.update_permission_property(*given, "write", 1),
			lambda: permission_manager.update(*given, "create", 1),
		)
		for way in ways:
			self.assertIn(("update", "Custom DocPerm"), self.told(way))
		self.assertIn(
			("delete", "Custom DocPerm"), self.told(lambda: permission_manager.remove("Note", given[1], 0, 0))
		)
		self.assertIn(("delete", "Custom DocPerm"), self.told(lambda: permissions.reset_perms("Note")))

	def test_roles_of_a_user_are_told_however_they_come(self) -> None:
		user = make_user(CARLA)
		self.assertIn(("update", "User"), self.told(lambda: user.add_roles("Website Manager")))
		self.assertIn("Website Manager", payload.read(self.only("User")).values())
		self.assertIn(("update", "User"), self.told(lambda: user.remove_roles("Website Manager")))
		profile = frappe.get_doc(
			doctype="Role Profile", role_profile="Web", roles=[{"role": "Website Manager"}]
		)
		self.assertIn(("create", "Role Profile"), self.told(profile.insert))

	def test_a_profile_of_modules_is_told(self) -> None:
		profile = frappe.get_doc(doctype="Module Profile", module_profile_name="Front Desk")
		self.assertEqual(self.told(profile.insert), [("create", "Module Profile")])

	def test_customized_forms_are_told(self) -> None:
		self.assertIn(
			("create", "Custom Field"),
			self.told(
				lambda: frappe.get_doc(
					doctype="Custom Field", dt="Note", fieldname="x_probe", fieldtype="Data", label="Probe"
				).db_insert()
			),
		)
		form = frappe.get_doc("Customize Form")
		form.doc_type = "Note"
		form.fetch_to_customize()
		form.max_attachments = 3
		self.assertIn(("create", "Property Setter"), self.told(form.save_customization))
		frappe.clear_cache(doctype="Note")

	def test_what_runs_and_who_may_log_in_is_told(self) -> None:
		script = frappe.get_doc(
			doctype="Server Script", name="Probe", script_type="API", api_method="probe", script="pass"
		)
		self.assertIn(("create", "Server Script"), self.told(lambda: script.insert(set_name="Probe")))
		settings = frappe.get_doc("System Settings")
		settings.enable_password_policy, settings.minimum_password_score = 1, "4"
		settings.flags.ignore_mandatory = True
		self.assertEqual(self.told(settings.save), [("update", "System Settings")])

	def test_the_list_of_apps_is_told_and_its_new_order_too(self) -> None:
		apps = frappe.get_single("Installed Applications")
		apps.append("installed_applications", {"app_name": "gone", "app_version": "1", "git_branch": "main"})
		apps.save()
		self.assertEqual(self.told(apps.update_versions), [("update", "Installed Applications")])

	def test_what_only_shows_leaves_no_event(self) -> None:
		"""Workspaces, cards, charts and dashboards give nobody a right: Frappe's own history tells of them."""
		workspace = frappe.get_doc(doctype="Workspace", label="Probe", title="Probe", public=1, content="[]")
		card = frappe.get_doc(
			doctype="Number Card", label="Probe", type="Document Type", document_type="Note", function="Count"
		)
		chart = frappe.get_doc(
			doctype="Dashboard Chart",
			chart_name="Probe",
			chart_type="Count",
			document_type="Note",
			based_on="creation",
			timespan="Last Year",
			time_interval="Monthly",
			filters_json="[]",
		)
		for doc in (workspace, card, chart):
			self.assertEqual(self.told(doc.insert), [])


class TestCredentials(AdministrationTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_user(CARLA)

	def secret(self, act: Callable, verb: str, path: str) -> None:
		"""The act leaves one event on the user, which says that there is a new one and nothing else."""
		self.assertIn((verb, "User"), self.told(act))
		(event,) = [event for event in self.new("User") if event.verb == verb]
		self.assertEqual(payload.read(event), {f"{path}/after": "changed"})
		self.assertNotIn(SECRET, "".join(str(payload.read(event)) for event in self.new()))

	def test_a_password_is_told_wherever_it_comes_from(self) -> None:
		for place in (password.update_password, users._update_password, install.update_password):
			self.secret(lambda place=place: place(CARLA, SECRET), "set password", "password")
		password.check_password(CARLA, SECRET)

	def test_the_page_that_the_reset_link_opens_tells_of_it(self) -> None:
		link = frappe.get_doc("User", CARLA).reset_password()
		self.assertIn(
			"changed", [value for event in self.new("User") for value in payload.read(event).values()]
		)
		key = link.split("key=")[1].split("&")[0]
		with patch.object(
			frappe.local, "login_manager", frappe._dict(login_as=lambda user: None), create=True
		):
			self.secret(
				lambda: users.update_password(SECRET, key=key, logout_all_sessions=1),
				"set password",
				"password",
			)

	def test_a_password_on_the_form_of_a_user_is_told_once(self) -> None:
		user = frappe.get_doc("User", CARLA)
		user.new_password = SECRET
		self.secret(user.save, "update", "new_password")
		self.assertEqual(len(self.new("User")), 1)

	def test_the_same_password_hashed_anew_at_a_log_in_is_no_new_one(self) -> None:
		password.update_password(CARLA, SECRET)
		with patch.object(password.passlibctx, "needs_update", lambda stored: True):
			self.assertEqual(self.told(lambda: password.check_password(CARLA, SECRET)), [])

	def test_passwords_of_other_things_than_users_are_of_no_concern(self) -> None:
		self.assertEqual(self.told(lambda: password.update_password("x", SECRET, "Note", "password")), [])

	def test_keys_of_the_api_are_told(self) -> None:
		users.generate_keys(CARLA)
		self.secret(lambda: users.generate_keys(CARLA), "update", "api_secret")

	def test_second_factors_are_told_when_they_are_given_and_taken_away(self) -> None:
		self.secret(lambda: twofactor.get_otpsecret_for_(CARLA), "set second factor", "second_factor")
		frappe.db.set_single_value("System Settings", "enable_two_factor_auth", 1)
		frappe.clear_document_cache("System Settings", "System Settings")
		with patch("frappe.twofactor.frappe.sendmail"), patch("frappe.twofactor.enqueue", create=True):
			self.secret(lambda: twofactor.reset_otp_secret(CARLA), "reset second factor", "second_factor")
		frappe.clear_document_cache("System Settings", "System Settings")

	def test_a_second_factor_that_nobody_had_is_not_taken_away(self) -> None:
		self.assertEqual(self.told(lambda: twofactor.clear_default(f"{CARLA}_otpsecret")), [])

	def test_sessions_that_are_ended_from_elsewhere_are_told(self) -> None:
		table = frappe.qb.DocType("Sessions")
		for sid in ("probe-1", "probe-2"):
			frappe.qb.into(table).columns(table.sid, table.user, table.sessiondata, table.status).insert(
				sid, CARLA, "{}", "Active"
			).run()
		told = self.told(lambda: sessions.clear_sessions(CARLA, force=True))
		self.assertEqual(told, [("log out", "User")] * 2)


class TestStatements(AdministrationTestCase):
	"""What Frappe writes past all of its own ways, by the query builder or as text."""

	def gaps(self, act: Callable, *doctypes: str) -> list[str]:
		watch = Watch(doctypes)
		act()
		return watch.gaps()

	def test_rights_changed_one_by_one_do_not_differ_from_the_log(self) -> None:
		permissions.add_permission("Note", "Website Manager", 0)
		change = partial(permissions.update_permission_property, "Note", "Website Manager", 0, "write", 1)
		self.assertEqual(self.gaps(change, "Custom DocPerm"), [])
		self.assertIn(1, [payload.read(event).get("write/after") for event in self.new("Custom DocPerm")])

	def test_rows_deleted_with_the_query_builder_are_told(self) -> None:
		role = frappe.get_doc(doctype="Role", role_name="Clerk").insert()
		table = frappe.qb.DocType("Role")
		delete = frappe.qb.from_(table).delete().where(table.name == role.name)
		self.assertEqual(self.told(partial(as_another_app, delete)), [("delete", "Role")])

	def test_another_letter_head_and_another_workflow_take_the_place_of_the_first(self) -> None:
		for name in ("One", "Two"):
			head = frappe.get_doc(doctype="Letter Head", letter_head_name=name, source="HTML", content="x")
			head.is_default = 1
			self.assertEqual(self.gaps(head.insert, "Letter Head"), [])
		names = ("One", "Two")
		frappe.get_doc(doctype="Workflow State", workflow_state_name="Probed").insert()
		for name in names:
			workflow = frappe.get_doc(
				doctype="Workflow",
				workflow_name=name,
				document_type="Note",
				is_active=1,
				workflow_state_field="title",
				states=[{"state": "Probed", "allow_edit": "System Manager", "doc_status": "0"}],
			)
			self.assertEqual(self.gaps(workflow.insert, "Workflow"), [])
		self.assertEqual(
			frappe.get_all("Workflow", {"document_type": "Note", "is_active": 1}, pluck="name"), ["Two"]
		)

	def test_a_report_whose_way_of_running_is_changed_on_the_page_of_roles(self) -> None:
		page = frappe.get_doc("Role Permission for Page and Report")
		page.set_role_for, page.report, page.enable_prepared_report = (
			"Report",
			"Permitted Documents For User",
			1,
		)
		self.assertEqual(self.gaps(page.update_disable_prepared_report, "Report"), [])
		self.assertEqual([event.verb for event in self.new("Report")], ["update"])

	def test_files_of_the_same_content_that_are_hidden_together(self) -> None:
		first = self.file(content=b"plan", file_name="one.txt")
		second = self.file(file_url=first.file_url)
		self.assertEqual(first.content_hash, second.content_hash)
		first.is_private = 0
		self.assertEqual(self.gaps(partial(update_existing_file_docs, first), "File"), [])
		self.assertIn(("update", second.name), [(one.verb, one.reference_name) for one in self.new("File")])

	def test_a_user_who_is_deleted_leaves_nothing_that_differs(self) -> None:
		make_user(CARLA)
		frappe.get_doc(
			doctype="ToDo", description="x", assigned_by=CARLA, reference_type="Role", reference_name="Guest"
		).insert()
		delete = partial(frappe.delete_doc, "User", CARLA, force=True)
		with patch("frappe.model.delete_doc.frappe.enqueue"):
			self.assertEqual(self.gaps(delete, "ToDo", "Role", "DocShare"), [])

	def test_a_server_script_still_cannot_write_with_the_query_builder(self) -> None:
		for script in (
			"table = frappe.qb.DocType('Role')\nfrappe.qb.update(table).set(table.disabled, 1).run()",
			"table = frappe.qb.DocType('Role')\nfrappe.qb.from_(table).delete().run()",
			"table = frappe.qb.DocType('Role')\nfrappe.qb.into(table).columns('name').insert('x').run()",
		):
			with self.assertRaisesRegex(frappe.PermissionError, "Only SELECT"):
				run(script)
		run("table = frappe.qb.DocType('Role')\nfrappe.qb.from_(table).select(table.name).run()")

	def file(self, **values: object) -> frappe.model.document.Document:
		return frappe.get_doc(
			doctype="File",
			**values,
			is_private=1,
			attached_to_doctype="Role",
			attached_to_name="Guest",
		).insert()


def as_another_app(query) -> None:
	exec(compile("query.run()", "other.py", "exec"), {"query": query, "__name__": "other.app"})
