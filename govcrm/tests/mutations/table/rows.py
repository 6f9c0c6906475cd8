"""1.3: tables that tell of records."""

from govcrm.tests.mutations.switches import Answer, First, Unhooked
from govcrm.tests.mutations.table.door import TABLES, TELLING, TOLD, Door

# DocType to its test. Each has two doors: its list, and a row by its name.
SATELLITES = {
	"Version": "versions",
	"Comment": "comments",
	"Communication": "communications",
	"File": "files",
	"ToDo": "todos",
	"View Log": "view_logs",
	"Access Log": "access_logs",
	"Activity Log": "activity_logs",
	"Deleted Document": "deleted_documents",
	"Email Queue": "email_queue",
	"Error Log": "error_logs",
	"DocShare": "shares",
	"Document Share Key": "share_keys",
	"Document Follow": "follows",
	"Notification Log": "notifications",
	"Workflow Action": "workflow_actions",
	"Prepared Report": "prepared_reports",
	"Tag Link": "tags",
	"List Filter": "saved_filters",
}
ROWS = (
	*(
		Door("1.3", f"{doctype}: {way}", how, (Unhooked(hook, doctype),), f"{TABLES}TestTables::test_{test}")
		for doctype, test in SATELLITES.items()
		for way, hook, how in (
			("its list", "permission_query_conditions", "shown with what it hangs on"),
			("a row by its name", "has_permission", "opened with what it hangs on"),
		)
	),
	Door(
		"1.3",
		"Communication Link: its list",
		"shown with the mail, and with all that this hangs on",
		(Unhooked("permission_query_conditions", "Communication Link"),),
		f"{TABLES}TestTables::test_communication_links",
	),
	Door(
		"1.3",
		"mails of closed cases in the timeline of a contact",
		"left out, and the page filled up",
		(First(f"{TOLD}forms.shown_mails"),),
		f"{TELLING}TestForms::test_the_timeline_of_a_contact_has_no_mails_of_closed_cases",
	),
	Door(
		"1.3",
		"values above one's level in the history of a form",
		"they never enter a Version",
		(Answer("govcrm.access.versions.withhold"),),
		"govcrm/casework/doctype/service_request/test_service_request.py"
		"::TestServiceRequest::test_the_history_does_not_tell_sensitive_answers",
	),
	Door(
		"1.3",
		"public files of closed cases in the list of files",
		"our condition binds to the whole of Frappe's",
		(First("govcrm.access.satellites.bracketed._bracketed"),),
		"govcrm/access/test_satellites.py"
		"::TestSatellites::test_a_public_file_of_a_closed_case_is_not_listed_either",
	),
)
