"""1.1: methods and documents by the way of others, and how long a request may be."""

from govcrm.tests.mutations.switches import Answer, First
from govcrm.tests.mutations.table.door import Door

REQUESTS = (
	Door(
		"1.1",
		"methods of a stored alert",
		"for Administrator alone; Frappe 15 has no such methods, so there the test sees no difference",
		(Answer("govcrm.gate.check._objection_to_unread_member"),),
		"govcrm/gate/test_unread_methods.py::TestStoredRecords::test_a_method_of_a_stored_alert_is_turned_back",
	),
	Door(
		"1.1",
		"methods of a stored webhook",
		"for Administrator alone",
		(Answer("govcrm.gate.check._objection_to_unread_member"),),
		"govcrm/gate/test_unread_methods.py::TestStoredRecords::test_a_method_of_a_stored_webhook_is_turned_back",
	),
	Door(
		"1.1",
		"methods of other apps' documents that lead to records",
		"what the stored record leads to counts as said",
		(Answer("govcrm.gate.leading.doctypes", ()),),
		"govcrm/gate/test_unread_methods.py::TestStoredRecords::test_a_method_of_another_app_is_not_asked_of_what_leads_to_cases",
	),
	Door(
		"1.1",
		"requests that cost time to judge",
		"refused unread where Frappe would not call the method",
		(Answer("govcrm.gate.check._objection_to_uncallable"),),
		"govcrm/gate/test_unread_methods.py::TestSizes::test_what_frappe_would_not_call_is_not_read",
	),
	Door(
		"1.1",
		"long requests of guests",
		"no more is read than a form holds",
		(First("govcrm.gate.sizes.counted"), Answer("govcrm.gate.sizes.objection")),
		"govcrm/gate/test_unread_methods.py::TestSizes::test_a_guest_has_no_more_read_than_a_form_holds",
	),
	Door(
		"1.1",
		"replies that cannot be checked",
		"not sent",
		(Answer("govcrm.gate.replies._is_withheld", True),),
		"govcrm/gate/test_unread_methods.py::TestReplies::test_a_reply_that_cannot_be_read_is_not_sent",
	),
	Door(
		"1.1",
		"what was done with a reply that cannot be checked",
		"the reply is looked at before the commit, and what was done is taken back",
		(First("govcrm.gate.replies.checked"),),
		"govcrm/gate/test_unread_methods.py::TestReplies::test_what_was_asked_for_with_a_reply_that_cannot_be_read_was_not_done",
	),
	Door(
		"1.1",
		"the page of a print, by any address",
		"judged where it is made",
		(First("govcrm.gate.website.judged_print"),),
		"govcrm/gate/test_website.py::TestPages::test_a_print_is_answered_alike_whether_there_is_such_a_record",
	),
	Door(
		"1.1",
		"links in what is posted",
		"judged before Frappe looks for what they name",
		(First("govcrm.gate.links.validated"),),
		"govcrm/gate/test_links.py::TestPosted::test_what_is_posted_tells_nobody_which_records_there_are",
	),
	Door(
		"1.1",
		"names in methods for many records",
		"the gate reads every name",
		(Answer("govcrm.gate.existence._names", ()),),
		"govcrm/gate/test_links.py::TestMany::test_methods_for_many_records_tell_nobody_which_there_are",
	),
	Door(
		"1.1",
		"documents in methods for many records",
		"the gate reads every name",
		(Answer("govcrm.gate.existence._documents", ()),),
		"govcrm/gate/test_links.py::TestMany::test_methods_for_many_records_tell_nobody_which_there_are",
	),
)
