"""What follows from a warning, a missed date or a step: who is told, what changes, and what when it cannot."""

from unittest.mock import patch

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount

from govcrm.casework.queues.recusals import recused_on
from govcrm.casework.sweep import effects, marking, recipients, steps
from govcrm.tests.casework import ALICE, BOB, SUE
from govcrm.tests.clocks import make_clock
from govcrm.tests.factories import make_department, make_worker
from govcrm.tests.test_sweep import SweepTestCase

ROOT, HEAD = "City", "head@example.org"


class EffectTestCase(SweepTestCase):
	def after(self, case, *steps, used: float = 101, **values):
		"""Let the time pass and all that follows be carried out; returns the clock."""
		clock = make_clock(case.name, used, *steps, **values)
		self.sweep()
		for one in self.pending():
			effects.carry_out(one)
		return clock.reload()

	def pending(self) -> list[effects.Pending]:
		rows = frappe.get_all("Case Deadline Event", {"pending": 1}, ["name", "case"], order_by="creation")
		return [effects.Pending(row.name, row["case"], None) for row in rows]

	def told(self, case) -> list[str]:
		filters = {"document_type": "Case", "document_name": case.name, "type": "Alert"}
		return sorted(frappe.get_all("Notification Log", filters, pluck="for_user"))

	def notice(self, case) -> str:
		filters = {"document_type": "Case", "document_name": case.name, "type": "Alert"}
		return frappe.get_last_doc("Notification Log", filters).subject

	def assigned_case(self, user: str = ALICE):
		case = self.case()
		case.do_assign(user, None)
		return case.reload()


class TestTelling(EffectTestCase):
	def test_a_warning_is_told_to_the_assignee(self):
		case = self.assigned_case()
		self.after(case, used=76, warn_at="75")
		self.assertEqual(self.told(case), [ALICE])
		self.assertIn("Decision is due", self.notice(case))
		self.assertEqual(self.pending(), [])

	def test_a_warning_about_a_case_nobody_has_goes_to_the_supervisors(self):
		case = self.case()
		self.after(case, used=76, warn_at="75")
		self.assertEqual(self.told(case), [SUE])

	def test_supervisors_are_those_of_the_department_above_where_it_has_none(self):
		make_department(ROOT, is_group=1)
		make_department("Streets", parent_agency_department=ROOT)
		make_worker(HEAD, ROOT, supervisor=True)
		case = self.case(department="Streets")
		self.after(case, (100, "Notify Supervisors"))
		self.assertEqual(self.told(case), [HEAD])

	def test_the_head_of_the_department_is_told(self):
		make_worker(HEAD)
		frappe.db.set_value("Agency Department", "Public Works", "head", HEAD)
		case = self.case()
		self.after(case, (100, "Notify Department Head"))
		self.assertEqual(self.told(case), [HEAD])
		self.assertEqual(self.last_event(case).verb, "escalate")

	def test_who_may_not_read_the_case_is_not_told(self):
		frappe.db.set_value("Agency Department", "Public Works", "head", BOB)
		case = self.case()
		self.after(case, (100, "Notify Department Head"))
		self.assertEqual(self.told(case), [SUE])

	def test_who_is_recused_is_not_told(self):
		case = self.case()
		with patch.object(recipients, "recused_on", lambda name: frozenset({SUE})):
			self.after(case, (100, "Notify Supervisors"))
		self.assertEqual(self.told(case), [])
		self.assertEqual(recused_on(case.name), frozenset())

	def test_where_nobody_can_be_told_the_history_says_so(self):
		department = frappe.get_doc("Agency Department", "Public Works")
		department.members = []
		department.save()
		case = self.case()
		self.after(case, (100, "Notify Supervisors"))
		self.assertEqual(self.told(case), [])
		self.assertIn("Nobody who may read", self.last_event(case).detail)

	def test_a_notice_names_the_case_and_its_deadline_alone(self):
		case = self.assigned_case()
		self.after(case, (100, "Notify Assignee"), label="First <b>answer</b>")
		self.assertIn(case.name, self.notice(case))
		self.assertIn("First &lt;b&gt;answer", self.notice(case))
		self.assertNotIn(case.subject, self.notice(case))


class TestMail(EffectTestCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.local.outgoing_email_account = {}  # kept by Frappe, with whatever a test before this one found
		self.addCleanup(setattr, frappe.local, "outgoing_email_account", {})

	def assigned_case(self):
		case = super().assigned_case()
		frappe.db.delete("Email Queue", {"reference_name": case.name})  # which tells that it was assigned
		return case

	def queued(self, case) -> list[str]:
		mails = frappe.get_all("Email Queue", {"reference_name": case.name}, ["name", "status"])
		self.assertEqual({mail.status for mail in mails} - {"Not Sent"}, set())
		rows = frappe.get_all(
			"Email Queue Recipient", {"parent": ("in", [mail.name for mail in mails])}, "recipient"
		)
		return sorted(row.recipient for row in rows)

	def test_mail_is_queued_and_not_sent(self):
		case = self.assigned_case()
		self.after(case, (100, "Notify Assignee"))
		self.assertEqual(self.queued(case), [ALICE])

	def test_without_an_account_the_notice_in_desk_must_do(self):
		case = self.assigned_case()
		with patch.object(EmailAccount, "find_outgoing", return_value=None):
			self.after(case, (100, "Notify Assignee"))
		self.assertEqual((self.queued(case), self.told(case)), ([], [ALICE]))

	def test_who_wants_no_mail_gets_none(self):
		settings = frappe.get_doc("Notification Settings", ALICE)
		settings.enable_email_notifications = 0
		settings.save()
		case = self.assigned_case()
		self.after(case, (100, "Notify Assignee"))
		self.assertEqual((self.queued(case), self.told(case)), ([], [ALICE]))


class TestChanges(EffectTestCase):
	def test_priority_is_raised_by_one_and_never_past_urgent(self):
		case = self.case(priority="Medium")
		for expected in ("High", "Urgent", "Urgent"):
			self.after(case, (100, "Raise Priority"))
			self.assertEqual(case.reload().priority, expected)
		self.assertEqual(self.events(case).count("escalate"), 3)

	def test_the_case_is_given_to_the_person_of_the_step(self):
		case = self.assigned_case()
		self.after(case, (120, "Reassign", SUE), used=121)
		self.assertEqual(case.reload().assignee, SUE)
		event = self.last_event(case)
		self.assertEqual((event.verb, event.detail), ("assign", SUE))
		self.assertIn("was due", event.reason)

	def test_without_a_person_the_department_chooses(self):
		case = self.assigned_case()
		with patch.object(steps, "choose", lambda case: SUE):
			self.after(case, (100, "Reassign"))
		self.assertEqual(case.reload().assignee, SUE)

	def test_where_nobody_can_be_given_the_case_the_supervisors_are_told(self):
		case = self.assigned_case()
		with patch.object(steps, "choose", lambda case: None):
			self.after(case, (100, "Reassign"))
		self.assertEqual(case.reload().assignee, ALICE)
		self.assertEqual(self.told(case), [SUE])

	def test_a_person_who_cannot_work_is_not_given_the_case(self):
		case = self.assigned_case()
		frappe.db.set_value("User", SUE, "enabled", 0)
		frappe.clear_cache(user=SUE)
		self.after(case, (100, "Reassign", SUE))
		self.assertEqual(case.reload().assignee, ALICE)
		self.assertIn("cannot be given work", self.last_event(case).detail)


class TestDeemed(EffectTestCase):
	def deem(self, case, effect: str = "Deemed Granted", action: str = "Resolve"):
		return self.after(case, on_breach=effect, breach_action=action, citation="Code § 7")

	def test_silence_closes_the_case_and_names_the_law(self):
		case = self.case()
		case.take_action("Start Work")
		self.deem(case)
		case.reload()
		self.assertEqual((case.state_category, case.outcome), ("Closed", "Deemed granted"))
		self.assertIn("Code § 7", case.reason)
		self.assertEqual(self.last_event(case).verb, "close")

	def test_refused_likewise(self):
		case = self.case()
		case.take_action("Start Work")
		self.deem(case, "Deemed Refused")
		self.assertEqual(case.reload().outcome, "Deemed refused")

	def test_what_the_workflow_does_not_offer_is_told_to_the_supervisors(self):
		case = self.case()
		self.deem(case, action="No Such Action")
		self.assertEqual(case.reload().state_category, "Open")
		self.assertEqual(self.told(case), [SUE])
		event = self.last_event(case)
		self.assertEqual(event.verb, "escalate")
		self.assertIn("you cannot go to", event.detail)
		self.assertEqual(self.pending(), [])

	def test_what_is_refused_at_the_end_leaves_no_trace_in_the_history(self):
		case = self.case()
		case.take_action("Start Work")
		refused = frappe.ValidationError("Not today")
		with patch("govcrm.casework.verbs.closable.public_status.close_requests", side_effect=refused):
			self.deem(case)
		event = self.last_event(case)
		self.assertEqual((event.verb, event.to_category), ("escalate", "Open"))
		self.assertEqual(case.reload().state_category, "Open")


class TestOnce(EffectTestCase):
	def step(self, case, *step: tuple, **values) -> effects.Pending:
		make_clock(case.name, 101, *step, **values)
		self.sweep()
		return self.pending()[0]

	def test_a_step_is_carried_out_once(self):
		case = self.case(priority="Low")
		one = self.step(case, (100, "Raise Priority"))
		self.assertTrue(effects.carry_out(one))
		self.assertFalse(effects.carry_out(one))
		self.assertEqual(case.reload().priority, "Medium")

	def test_what_has_been_done_meanwhile_needs_no_step(self):
		case = self.case()
		one = self.step(case, (100, "Raise Priority"))
		frappe.db.set_value("Case", case.name, "state_category", "Closed", update_modified=False)
		effects.carry_out(one)
		event = frappe.get_doc("Case Deadline Event", one.event)
		self.assertEqual(event.pending, 0)
		self.assertIn("Not needed any more", event.failure)
		self.assertEqual(case.reload().priority, "Medium")

	def test_a_step_that_fails_is_tried_again_later_and_given_up_for_all_to_see(self):
		case = self.case()
		one, now, delays = self.step(case, (100, "Raise Priority")), marking.utc_now(), []
		for attempt in range(1, effects.ATTEMPTS + 1):
			effects.note_failure(one, "The server is on fire", now)
			event = frappe.get_doc("Case Deadline Event", one.event)
			self.assertEqual((event.attempts, event.pending), (attempt, int(attempt < effects.ATTEMPTS)))
			delays.append((event.try_at - now).total_seconds())
		self.assertEqual(delays[:4], [60, 300, 1500, 7500])
		self.assertEqual(event.failure, "The server is on fire")
		self.assertIn("on fire", self.last_event(case).detail)
		self.assertEqual(self.told(case), [SUE])
