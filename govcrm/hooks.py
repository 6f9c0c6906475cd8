app_name = "govcrm"
app_title = "GovCRM"
app_publisher = "GovCRM developers"
app_description = "Requests, cases across departments, answers in time, and proof of what was done"
app_email = "govcrm@example.org"
app_license = "AGPL-3.0-or-later"
app_logo_url = "/assets/govcrm/images/govcrm.svg"

# Frappe 16 refuses whitelisted methods whose arguments are not annotated.
require_type_annotated_api_methods = True

add_to_apps_screen = [
	{
		"name": "govcrm",
		"logo": "/assets/govcrm/images/govcrm.svg",
		"title": "GovCRM",
		"route": "/app",
		"has_permission": "govcrm.permissions.may_open_desk",
	}
]

# Set-up ---------------------------------------------------------------------------------------------------
before_install = "govcrm.setup.install.before_install"
after_install = "govcrm.setup.install.after_install"
after_migrate = "govcrm.setup.install.after_migrate"
# Of every app, this one among them.
after_app_install = "govcrm.accountability.trail.releases.installed"
after_app_uninstall = "govcrm.accountability.trail.releases.removed"
setup_wizard_complete = "govcrm.setup.first_run.start_tasks"
before_uninstall = "govcrm.setup.uninstall.before_uninstall"
after_uninstall = "govcrm.setup.uninstall.after_uninstall"

# There are no fixtures: a migrate would undo what the agency set on them, the second factor of a role among it. Roles
# are made by govcrm.setup.roles, what an agency may edit by govcrm.setup.seed.

# Access: one rule, compiled twice (govcrm.domain.access); both hooks always in pairs -------------------------
# A test derives the scoped DocTypes from the schema and fails when one is missing here.
# Other apps may add theirs.
govcrm_scoped_doctypes = [
	"Case",
	"Case Access Grant",
	"Case Deadline",
	"Case Deadline Event",
	"Case Event",
	"Case Participant",
	"Case Task",
	"Citizen",
	"Citizen Contact Point",
	"Citizen Identifier",
	"Interaction",
	"Recusal",
	"Request Follower",
	"Sealed Evidence",
	"Sealed Matter",
	"Service Request",
]
permission_query_conditions = dict.fromkeys(govcrm_scoped_doctypes, "govcrm.permissions.query_conditions")
has_permission = dict.fromkeys(govcrm_scoped_doctypes, "govcrm.permissions.has_permission")
# Records of Frappe that hang on others, and the fields that say on which (govcrm.access.satellites.references). Other apps
# may add theirs, with the two hooks below. Those that a version of Frappe does not have are passed over.
govcrm_satellites = {
	"Access Log": ["export_from:reference_document", "report_name>Report.ref_doctype:"],
	"Activity Log": [
		"reference_doctype:reference_name",
		"timeline_doctype:timeline_name",
		"link_doctype:link_name",
	],
	"Auto Repeat": "reference_doctype:reference_document",
	"Comment": "reference_doctype:reference_name",
	"Communication": "reference_doctype:reference_name",
	"Communication Link": ["link_doctype:link_name", "=Communication:parent"],
	"Data Import": "reference_doctype:",
	"Data Import Log": "=Data Import:data_import",
	"Deleted Document": "",
	"Discussion Reply": "=Discussion Topic:topic",
	"Discussion Topic": "reference_doctype:reference_docname",
	"DocShare": "share_doctype:share_name",
	"Document Follow": "ref_doctype:ref_docname",
	"Document Share Key": "reference_doctype:reference_docname",
	"Dynamic Link": "link_doctype:link_name",
	"Email Queue": ["reference_doctype:reference_name", "=Communication:communication"],
	"Email Queue Recipient": "=Email Queue:parent",
	"Email Unsubscribe": "reference_doctype:reference_name",
	"Energy Point Log": "reference_doctype:reference_name",
	"Error Log": "reference_doctype:reference_name",
	"Event Participants": "reference_doctype:reference_docname",
	"File": "attached_to_doctype:attached_to_name",
	"Integration Request": "reference_doctype:reference_docname",
	"List Filter": "",
	"Milestone": "reference_type:reference_name",
	"Notification Log": "document_type:document_name",
	"Permission Log": "for_doctype:for_document",
	"Prepared Report": "report_name>Report.ref_doctype:",
	"Reminder": "reminder_doctype:reminder_docname",
	"Route History": "",
	"Submission Queue": "ref_doctype:ref_docname",
	"Tag Link": "document_type:document_name",
	"ToDo": "reference_type:reference_name",
	"Transaction Log": "reference_doctype:document_name",
	"Version": "ref_doctype:docname",
	"View Log": "reference_doctype:reference_name",
	"Webhook Request Log": "webhook>Webhook.webhook_doctype:reference_document",
	"Workflow Action": "reference_doctype:reference_name",
}
permission_query_conditions |= dict.fromkeys(govcrm_satellites, "govcrm.permissions.satellite_conditions")
has_permission |= dict.fromkeys(govcrm_satellites, "govcrm.permissions.has_satellite_permission")
# Everybody may know who is away; whose profile one may change is another question.
has_permission["Staff Profile"] = "govcrm.casework.queues.profiles.has_permission"

# What asks Frappe's own endpoints for more than the rule gives is turned back before it is answered.
auth_hooks = ["govcrm.gate.check.check"]
update_website_context = "govcrm.gate.pages.keep_for_nobody"

# A worker has our Database before it meets the first statement, whatever that is.
before_request = [
	"govcrm.traces.install",
	"govcrm.peers.install",
	"govcrm.sqlite.take_turns",
	"govcrm.accountability.guard.statements.install",
	"govcrm.accountability.trail.capture.install",
	"govcrm.exports.install",
	"govcrm.gate.templates.install",
	"govcrm.gate.forms.install",
	"govcrm.gate.links.install",
	"govcrm.gate.replies.install",
	"govcrm.gate.website.install",
	"govcrm.access.satellites.bracketed.install",
	"govcrm.access.telling.install",
]
# A log-in comes before the hooks of its request.
before_login = "govcrm.peers.install"
on_login = "govcrm.peers.judge_anew"
after_request = [
	"govcrm.gate.replies.withhold",
	"govcrm.access.facts.release",
	"govcrm.accountability.watching.after.note",
]
before_job = [
	"govcrm.traces.install",
	"govcrm.jobs.begin",
	"govcrm.compat.begin",
	"govcrm.accountability.guard.statements.install",
	"govcrm.accountability.guard.backups.install",
	"govcrm.accountability.trail.capture.install",
	"govcrm.exports.install",
	"govcrm.gate.templates.install",
	"govcrm.gate.links.install",
	"govcrm.access.satellites.bracketed.install",
	"govcrm.access.telling.install",
]
after_job = ["govcrm.jobs.end"]

# Frappe writes content to the disk before any event of a File is run, and downloads ask the class alone.
# Notices and follows are made, and alerts and mails sent, for others than who acts: each is asked about. Jobs tell what
# they were given.
override_doctype_class = {
	"Document Follow": "govcrm.access.telling.records.GovernedFollow",
	"Email Queue": "govcrm.mails.GovernedMail",
	"File": "govcrm.files.controller.GovernedFile",
	"Notification": "govcrm.access.telling.records.GovernedAlert",
	"Notification Log": "govcrm.access.telling.records.GovernedNotice",
	"RQ Job": "govcrm.access.telling.running.GovernedJob",
}

doc_events = {
	# The audit trail: what is not governed leaves at once.
	"*": {
		"before_insert": "govcrm.sqlite.hold",
		"before_validate": [
			"govcrm.sqlite.hold",
			"govcrm.plain.before_validate",
			"govcrm.files.attaching.check",
			"govcrm.access.levels.keep_rows",
			"govcrm.accountability.trail.capture.before_validate",
		],
		"before_save": "govcrm.casework.sealed.keeping.keep",
		"before_update_after_submit": "govcrm.files.attaching.check",
		"on_update": "govcrm.accountability.trail.capture.on_update",
		"on_submit": "govcrm.accountability.trail.capture.on_submit",
		"on_cancel": "govcrm.accountability.trail.capture.on_cancel",
		"on_update_after_submit": "govcrm.accountability.trail.capture.on_update_after_submit",
		"before_rename": "govcrm.accountability.trail.capture.before_rename",
		"after_rename": "govcrm.accountability.trail.capture.after_rename",
		"on_trash": "govcrm.accountability.trail.capture.on_trash",
		"after_delete": [
			"govcrm.accountability.trail.capture.after_delete",
			"govcrm.casework.sealed.keeping.forget",
		],
	},
	"Communication": {"before_insert": "govcrm.casework.sealed.keeping.refuse_mail"},
	"Email Queue": {"before_insert": "govcrm.casework.sealed.keeping.refuse_mail"},
	"Notification Log": {"before_insert": "govcrm.casework.sealed.keeping.quieten"},
	# A share would beat both hooks.
	"DocShare": {"validate": "govcrm.permissions.refuse_share"},
	"Discussion Reply": {"before_insert": "govcrm.access.telling.records.refuse_discussion"},
	"Discussion Topic": {"before_insert": "govcrm.access.telling.records.refuse_discussion"},
	"Energy Point Log": {"before_insert": "govcrm.access.telling.records.refuse_points"},
	"Case": {
		"before_validate": "govcrm.casework.participation.keep_shared",
		"on_update": "govcrm.access.subjects.follow",
	},
	"Citizen": {"on_update": "govcrm.access.subjects.follow"},
	"Sealed Matter": {"on_update": "govcrm.access.subjects.follow"},
	"Service Request": {"on_update": "govcrm.access.subjects.follow"},
	"ToDo": {"after_insert": "govcrm.casework.todos.follow"},
	"File": {"before_validate": "govcrm.files.controller.require_class"},
	"Version": {
		"before_insert": "govcrm.access.versions.withhold",
		"before_validate": "govcrm.accountability.guard.versions.protect",
		"on_trash": "govcrm.accountability.guard.versions.protect",
		"before_rename": "govcrm.accountability.guard.versions.protect",
	},
	"Auto Email Report": {"validate": "govcrm.exports.mailed.keep_reader"},
	"Prepared Report": {"before_insert": "govcrm.gate.reports.refuse_preparing"},
	"Custom Field": {"validate": "govcrm.gate.fetching.refuse_field"},
	"Property Setter": {
		"validate": [
			"govcrm.accountability.guard.versions.keep_tracking_by_property",
			"govcrm.gate.fetching.refuse_property",
		]
	},
	"Activity Log": {
		"before_insert": "govcrm.peers.install",
		"after_insert": "govcrm.accountability.watching.sessions.follow",
	},
	# Before the controller: in validating, Frappe caches what is not saved yet.
	"DocType": {"before_validate": "govcrm.accountability.guard.versions.keep_tracking"},
	"User": {
		"on_update": ["govcrm.access.subjects.forget", "govcrm.casework.grants.ending.follow_user"],
		"on_trash": "govcrm.access.subjects.forget",
		"after_rename": "govcrm.casework.queues.profiles.follow",
	},
	"Agency Department": {
		"on_update": [
			"govcrm.access.subjects.forget",
			"govcrm.service_catalogue.tree.after_change",
			"govcrm.casework.grants.ending.follow_department",
		],
		"on_trash": ["govcrm.access.subjects.forget", "govcrm.casework.grants.ending.follow_department"],
		"after_delete": "govcrm.service_catalogue.tree.after_removal",
		"after_rename": "govcrm.service_catalogue.areas.forget",
	},
	"Agency Program": {"after_rename": "govcrm.service_catalogue.areas.forget"},
	"Business Calendar": {"on_update": "govcrm.casework.clocks.recompute.after_change"},
	"Workflow": {
		"validate": "govcrm.workflows.guard.check_case_workflow",
		"on_trash": "govcrm.workflows.guard.refuse_while_in_use",
	},
}

# The audit trail -------------------------------------------------------------------------------------------
# What it covers. Other apps may add theirs; nothing in the database can take any away. Those that a version of Frappe
# does not have are passed over.
govcrm_governed_doctypes = [
	# casework
	"Case",
	"Case Access Grant",
	"Case Deadline",
	"Case Deadline Event",
	"Case Event",
	"Case Participant",
	"Case Task",
	"Recusal",
	"Request Import",
	"Request Import Mapping",
	"Sealed Evidence",
	"Sealed Matter",
	"Service Request",
	"Staff Profile",
	# people and what they are owed
	"Agency Department",
	"Agency Program",
	"Business Calendar",
	"Citizen",
	"Deadline Policy",
	"GovCRM Settings",
	"Interaction",
	"Program Version",
	"Service Area",
	"Work Skill",
	# the trail itself
	"Audit Anchor",
	"Audit Export",
	"Audit Finding",
	"Audit Settings",
	"Audit Signing Key",
	# who may do what
	"Custom DocPerm",
	"Custom Role",
	"Module Profile",
	"Role",
	"Role Profile",
	"User",
	"User Permission",
	"User Type",
	# what runs, and what leaves the site
	"Assignment Rule",
	"Auto Email Report",
	"Client Script",
	"Connected App",
	"Console Log",
	"Custom Field",
	"Email Account",
	"Email Template",
	"LDAP Settings",
	"Installed Applications",
	"Letter Head",
	"Log Settings",
	"Notification",
	"OAuth Client",
	"OAuth Provider Settings",
	"Print Format",
	"Property Setter",
	"Report",
	"Scheduled Job Type",
	"Server Script",
	"Social Login Key",
	"System Settings",
	"Web Form",
	"Webhook",
	"Website Settings",
	"Workflow",
	"Workflow Action Master",
	"Workflow State",
]
# What is changed of them on the site is told; their rows are not vouched for, since migrates rewrite them from the files of apps.
govcrm_told_doctypes = ["DocType"]
# Covered while they hang on a covered record: the fields that say on which.
govcrm_governed_satellites = {
	satellite: govcrm_satellites[satellite]
	for satellite in (
		"Comment",
		"Communication",
		"DocShare",
		"Document Follow",
		"Document Share Key",
		"File",
		"Tag Link",
		"ToDo",
	)
}
# What follows from other records and is written in bulk: no row hash covers it. Other apps may add theirs.
govcrm_audit_derived_fields = {
	"Agency Program": ["current_version"],
	"Audit Anchor": ["failures", "last_at", "last_error", "last_size", "last_tried_at", "next_at"],
	"Case": ["deadline_status", "next_deadline", "next_due", "shared"],
	"Case Deadline": ["next_at", "next_kind", "next_percent"],
	"Department Member": ["last_given"],
	"Service Area": ["lft", "rgt"],
	"User": ["last_active", "last_ip", "last_known_versions", "last_login", "last_password_reset_date"],
}

# What goes with the key of a matter: called with its name in the transaction that destroys it. Other apps may add theirs.
govcrm_on_shred = ["govcrm.casework.evidence.sweeping.destroy"]
# Places outside the database that are told of checkpoints. Other apps may add theirs.
govcrm_audit_anchor_kinds = {
	"File": "govcrm.accountability.anchors.file.File",
	"Syslog": "govcrm.accountability.anchors.syslog.Syslog",
	"Webhook": "govcrm.accountability.anchors.webhook.Webhook",
	"E-mail": "govcrm.accountability.anchors.mail.Mail",
	"Time Stamp (RFC 3161)": "govcrm.accountability.anchors.timestamp.TimeStamp",
}

scheduler_events = {
	"cron": {
		"* * * * *": [
			"govcrm.tasks.sweep_deadlines",
			"govcrm.tasks.seal_audit_log",
			"govcrm.tasks.anchor_audit_log",
		]
	},
	"hourly": ["govcrm.tasks.end_grants"],
	"hourly_long": ["govcrm.tasks.recompute_deadlines"],
	"daily_long": ["govcrm.tasks.reconcile_audit_log"],
	"monthly_long": ["govcrm.tasks.remove_old_audit_events", "govcrm.tasks.publish_statistics"],
	"daily": [
		"govcrm.tasks.end_holds",
		"govcrm.tasks.look_at_sealed_cases",
		"govcrm.tasks.roll_program_versions",
		"govcrm.tasks.begin_recusals",
		"govcrm.tasks.remind_of_emergencies",
		"govcrm.tasks.warn_of_missing_holidays",
		"govcrm.tasks.tell_of_audit_health",
		"govcrm.tasks.export_audit_log",
	],
}

# Desk -----------------------------------------------------------------------------------------------------
calendars = ["Case", "Case Deadline"]
# The browser writes the files of a form's tables itself; lists, workspaces and reports are Frappe's to draw.
app_include_js = [
	"/assets/govcrm/js/neutral_csv.js",
	"/assets/govcrm/js/governed_forms.js",
	"/assets/govcrm/js/accessible_desk.js",
]
app_include_css = ["/assets/govcrm/css/accessible_desk.css"]
extend_bootinfo = "govcrm.boot.extend_bootinfo"
# Where Frappe's own method would pass over the access rule or the verbs of a case, or fails for its name.
override_whitelisted_methods = {
	"frappe.client.get_count": "govcrm.api.desk.count_records",
	"frappe.client.get_doc_permissions": "govcrm.api.desk.get_doc_permissions",
	"frappe.client.has_permission": "govcrm.api.desk.has_permission",
	"frappe.client.validate_link": "govcrm.api.desk.validate_link",
	"frappe.core.api.file.zip_files": "govcrm.api.files.zip_files",
	"frappe.core.doctype.file.file.zip_files": "govcrm.api.files.zip_files",
	"frappe.desk.form.utils.add_comment": "govcrm.api.desk.add_comment",
	"frappe.desk.listview.get_group_by_count": "govcrm.api.desk.get_group_by_count",
	"frappe.desk.notifications.get_open_count": "govcrm.api.desk.get_open_count",
	"frappe.desk.search.get_link_title": "govcrm.api.desk.get_link_title",
	"frappe.geo.utils.get_coords": "govcrm.api.desk.get_coords",
	"frappe.utils.global_search.search": "govcrm.api.desk.search",
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": "govcrm.api.desk.get_workflow_state_count",
	"frappe.desk.reportview.get_count": "govcrm.api.desk.get_count",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": "govcrm.api.desk.get_chart",
	"frappe.desk.form.assign_to.remove": "govcrm.api.desk.remove_assignment",
	"frappe.desk.form.assign_to.remove_multiple": "govcrm.api.desk.remove_assignments",
	"frappe.desk.form.assign_to.close": "govcrm.api.desk.close_assignment",
	"frappe.desk.doctype.kanban_board.kanban_board.update_order": "govcrm.api.desk.update_board",
	"frappe.desk.doctype.kanban_board.kanban_board.update_order_for_single_card": "govcrm.api.desk.move_card",
}
jinja = {"methods": ["govcrm.casework.letters.acknowledgement_of"]}
