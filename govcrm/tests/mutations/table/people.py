"""1.6: what people do with each other."""

from govcrm.tests.mutations.switches import Answer, First, Frappes, Without
from govcrm.tests.mutations.table.door import (
	HAS_PERMISSION,
	JUDGED,
	NAMES,
	TELLING,
	TOGETHER,
	TOLD,
	Door,
	checked,
	overridden,
)

MAILS = "govcrm/tests/test_mails.py::TestMails::"
FOLLOW = "frappe.desk.form.document_follow."
TAGS = "frappe.desk.doctype.tag.tag."
_NOT_FOLLOWED = f"{TOGETHER}test_who_may_not_read_a_record_does_not_follow_like_or_tag_it"
PEOPLE = (
	*(
		Door("1.6", name, "the gate asks for the right first", checked(method), _NOT_FOLLOWED)
		for name, method in (
			("following a record", f"{FOLLOW}update_follow"),
			("having somebody follow", f"{FOLLOW}follow_document"),
			("who follows a record", f"{FOLLOW}get_follow_users"),
			("liking a record", "frappe.desk.like.toggle_like"),
			("tagging a record", f"{TAGS}add_tag"),
			("tagging many records", f"{TAGS}add_tags"),
		)
	),
	Door(
		"1.6",
		"having others follow",
		"one follows for oneself",
		(Without(f"{JUDGED}FOR_ONESELF", f"{FOLLOW}follow_document"),),
		f"{TOGETHER}test_one_follows_for_oneself",
	),
	Door(
		"1.6",
		"following by what Frappe does besides",
		"the class of Document Follow asks the rule",
		(Frappes(f"{TOLD}records.GovernedFollow.insert"), Frappes(f"{TOLD}records.GovernedFollow.validate")),
		f"{TELLING}TestFollowing::test_nobody_follows_what_they_may_not_read",
	),
	Door(
		"1.6",
		"the digest of followed records",
		"what its reader may read now",
		(First(f"{TOLD}digests.readable"),),
		f"{TELLING}TestFollowing::test_the_digest_leaves_out_what_its_reader_may_no_longer_read",
	),
	Door(
		"1.6",
		"the digest of followed records, queued when access was lost",
		"a mail for each record, which says what it is about",
		(First(f"{TOLD}digests.one_by_one"),),
		f"{MAILS}test_a_digest_that_waits_is_asked_about_record_by_record",
	),
	Door(
		"1.6",
		"mentions",
		"the class of Notification Log asks the rule",
		(Frappes(f"{TOLD}records.GovernedNotice.insert"),),
		f"{TELLING}TestNotices::test_a_mention_tells_only_who_may_read_the_record",
	),
	Door(
		"1.6",
		"notices and their mails, after access was lost",
		"the class of Notification Log asks the rule",
		(Frappes(f"{TOLD}records.GovernedNotice.insert"),),
		f"{TELLING}TestNotices::test_who_was_recused_meanwhile_is_not_told_by_notice_or_mail",
	),
	Door(
		"1.6",
		"a mail that was queued when access was lost",
		"its recipients are asked about once more when it leaves",
		(Frappes("govcrm.mails.GovernedMail.send"),),
		f"{MAILS}test_who_lost_access_after_a_mail_was_queued_is_passed_over",
	),
	Door(
		"1.6",
		"mails of notices, queued without what they are about",
		"the class of Notification Log has them say it",
		(Frappes("govcrm.access.telling.records.GovernedNotice.after_insert"),),
		f"{MAILS}test_the_mail_of_a_notice_says_which_record_it_is_about",
	),
	Door(
		"1.6",
		"portal comments and likes",
		"turned back",
		(NAMES,),
		f"{TOGETHER}test_the_portal_neither_comments_on_cases_nor_discusses_them",
	),
	Door(
		"1.6",
		"discussions",
		"none of what hangs on scoped records",
		(Answer(f"{TOLD}records.refuse_discussion"),),
		f"{TELLING}TestSockets::test_cases_are_not_discussed_on_the_website",
	),
	Door(
		"1.6",
		"hanging a mail on another record",
		"the gate asks for the right to both",
		checked("frappe.email.relink"),
		f"{TOGETHER}test_mail_is_not_hung_on_other_records",
	),
	Door(
		"1.6",
		"the number of any contact",
		"the gate asks for the right first",
		checked("frappe.core.doctype.sms_settings.sms_settings.get_contact_number"),
		f"{TOGETHER}test_the_number_of_a_contact_is_told_to_who_may_read_it",
	),
	Door(
		"1.6",
		"the User Permissions of others",
		"for oneself, or who looks after users",
		(
			Without(
				f"{JUDGED}FOR_ONESELF",
				"frappe.core.doctype.user_permission.user_permission.get_user_permissions",
			),
		),
		f"{TOGETHER}test_what_others_may_see_is_told_to_who_looks_after_users",
	),
	Door(
		"1.6",
		"comments in the name of others",
		"by who is logged in",
		overridden("frappe.desk.form.utils.add_comment"),
		f"{TOGETHER}test_a_comment_is_by_who_is_logged_in",
	),
	Door(
		"1.6",
		"mails that take along any file",
		"the gate asks for the right to each",
		checked("frappe.core.doctype.communication.email.make"),
		f"{TOGETHER}test_a_mail_takes_along_files_that_one_may_read",
	),
	Door(
		"1.6",
		"sharing, by hand and by assigning",
		"refused where the share is made",
		(Answer("govcrm.permissions.refuse_share"),),
		f"{TELLING}TestShares::test_what_hangs_on_a_case_is_not_shared",
	),
	Door(
		"1.6",
		"shares that are there",
		"they open nothing scoped",
		(First(f"{TOLD}shares.without_scoped"),),
		f"{TELLING}TestShares::test_a_share_made_behind_the_back_opens_no_case",
	),
	Door(
		"1.6",
		"share keys on prints",
		"no key opens what the rule closes",
		(First(f"{TOLD}shares.without_keys"),),
		f"{TELLING}TestShares::test_the_key_of_a_print_opens_no_case",
	),
	Door(
		"1.6",
		"workflow links in mails",
		"turned back",
		(NAMES,),
		f"{TOGETHER}test_links_in_mails_move_no_case",
	),
	Door(
		"1.6",
		"web forms and web lists",
		"turned back",
		(NAMES,),
		f"{TOGETHER}test_no_web_form_and_no_web_list_is_about_cases",
	),
	Door(
		"1.6",
		"news of lists on the socket",
		"to who has the record open, and to who acts",
		(First(f"{TOLD}sockets.narrowed"),),
		f"{TELLING}TestSockets::test_news_of_a_list_go_to_who_has_the_record_open_and_to_who_acts",
	),
	Door(
		"1.6",
		"comments and mails on the socket",
		"to who acts and is assigned, if they may read it now",
		(First(f"{TOLD}sockets.narrowed"),),
		f"{TELLING}TestSockets::test_a_comment_goes_to_no_page_that_was_opened_before_a_recusal",
	),
	Door(
		"1.6",
		"where a print lies, on the socket",
		"to who asked for it",
		(First(f"{TOLD}sockets.narrowed"),),
		f"{TELLING}TestSockets::test_where_a_print_lies_is_told_to_who_asked_for_it",
	),
	Door(
		"1.6",
		"the room of a record",
		"joined by who may read it",
		(HAS_PERMISSION,),
		f"{TELLING}TestSockets::test_the_room_of_a_record_is_for_who_may_read_it",
	),
	Door(
		"1.6",
		"jobs that are tried again",
		"as who asked for them",
		(First("govcrm.jobs._for_the_same"),),
		"govcrm/tests/test_jobs.py::TestJobsKeepTheirUser::test_a_job_that_is_tried_again_runs_as_who_asked_for_it",
	),
	Door(
		"1.6",
		"settings that leave doors open",
		"made safe when the app comes, told on the page Security Posture",
		(Answer("govcrm.accountability.posture.hardening.harden"),),
		"govcrm/accountability/posture/test_posture.py"
		"::TestHardening::test_what_is_as_frappe_made_it_is_made_safe_in_one_recorded_change",
	),
	Door(
		"1.6",
		"arguments and errors of jobs",
		"the class of RQ Job",
		(Answer("govcrm.access.telling.running.withheld", {}),),
		"govcrm/access/test_running.py::TestJobs::test_what_a_job_was_given_is_told_to_the_administrator_alone",
	),
	Door(
		"1.6",
		"the page of a list",
		"judged where it is made",
		(First("govcrm.gate.website.judged_list"),),
		"govcrm/gate/test_website.py::TestPages::test_the_page_of_a_list_shows_and_filters_no_scoped_records",
	),
	Door(
		"1.6",
		"links on forms of the website",
		"options are those one may read",
		(First("govcrm.gate.website.readable_options"),),
		"govcrm/gate/test_website.py::TestPages::test_a_form_of_the_website_offers_no_records_that_one_may_not_read",
	),
)
