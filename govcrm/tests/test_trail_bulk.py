"""What is written in bulk leaves a trail as whole as what documents write: every row is as the log last said of it."""

import json
from datetime import timedelta
from unittest.mock import patch

import frappe
from frappe.utils import get_datetime, now_datetime

from govcrm.accountability.trail import payload, writer
from govcrm.casework.clocks import recompute
from govcrm.casework.importing.test_runner import ImportTestCase
from govcrm.casework.queues import staff, turns
from govcrm.casework.sweep import effects, marking
from govcrm.service_catalogue import versions
from govcrm.setup.demo import city, make_demo_city
from govcrm.setup.demo.world import load_world
from govcrm.tests import GovCRMTestCase
from govcrm.tests.casework import SUE, CaseTestCase
from govcrm.tests.clocks import make_clock
from govcrm.tests.factories import make_department, make_request
from govcrm.tests.test_clocks import ClockTestCase, milestone
from govcrm.tests.test_sweep import SweepTestCase
from govcrm.tests.trail import Watch


class TestImport(ImportTestCase):
	def test_each_request_is_one_event_that_covers_every_row_written_for_it(self):
		self.run_import(limit=1)  # makes what is missing
		watch = Watch()
		self.run_import()
		self.assertEqual(watch.gaps(), [])
		events = watch.events("import")
		self.assertEqual(len(events), 11)
		self.assertEqual({event.reference_doctype for event in events}, {"Service Request"})
		for event in events:
			rows = json.loads(event.header)["rows"]
			self.assertEqual({"Service Request", "Case", "Case Event"} - {row[0] for row in rows}, set())
			self.assertNotIn(None, [row[2] for row in rows])

	def test_an_event_says_which_row_of_the_file_it_was(self):
		watch = Watch(["Case"])
		self.run_import()
		told = {payload.read(event)["detail/source_id"] for event in watch.events("import")}
		self.assertEqual(told, {row["case_enquiry_id"] for row in self.rows})

	def test_all_events_of_a_batch_are_one_statement(self):
		with patch.object(writer, "write", wraps=writer.write) as write:
			self.run_import()
		imports = [call.args[0] for call in write.call_args_list if call.args[0][0].verb == "import"]
		self.assertEqual([len(entries) for entries in imports], [12])

	def test_a_batch_that_the_database_refuses_leaves_no_event_of_rows_that_are_not_there(self):
		self.run_import(limit=1)
		watch = Watch()
		with patch("govcrm.casework.importing.sifting.Sieve.known", return_value=set()):
			run = self.run_import()
		self.assertEqual((run.tally.rows_imported, run.tally.rows_failed), (11, 1))
		self.assertEqual(watch.gaps(), [])
		self.assertEqual(watch.events("import"), [])  # one by one, by the controllers


class TestSweep(SweepTestCase):
	def test_each_marked_clock_is_one_event_named_by_the_gravest_of_what_came_due(self):
		warned = make_clock(self.case().name, 76, warn_at="75")
		missed = make_clock(self.case().name, 124, (110, "Notify Supervisors"), warn_at="75")
		stepped = make_clock(self.case().name, 124, (110, "Notify Supervisors"), (120, "Raise Priority"))
		self.have_missed(stepped)
		watch = Watch()
		self.assertEqual(self.sweep(), 3)
		self.assertEqual(watch.gaps(), [])
		verbs = {event.reference_name: event.verb for event in watch.events()}
		self.assertEqual(verbs, {warned.name: "warn", missed.name: "breach", stepped.name: "step"})

	def have_missed(self, clock) -> None:
		"""As if a sweep had found that before its first step came due."""
		marked = {"breached": 1, "breached_at": clock.due, "next_kind": "Step", "next_percent": 110}
		frappe.db.set_value("Case Deadline", clock.name, marked)

	def test_all_events_of_a_batch_are_one_statement(self):
		for _ in range(3):
			make_clock(self.case().name, 124)
		with patch.object(writer, "write", wraps=writer.write) as write:
			self.sweep()
		self.assertEqual([len(call.args[0]) for call in write.call_args_list if call.args[0]], [3])

	def test_an_event_belongs_to_the_case_and_its_department(self):
		clock = make_clock(self.case().name, 124)
		watch = Watch(["Case Deadline"])
		self.sweep()
		(event,) = watch.events()
		case = frappe.get_doc("Case", clock.case)
		found = (event.subject, event.department, event.confidentiality)
		self.assertEqual(found, (f"Case/{case.name}", case.department, case.confidentiality))
		self.assertEqual(payload.read(event)["detail/deadline"], clock.label)

	def test_a_clock_that_cannot_be_read_is_put_off_without_an_event(self):
		clock = make_clock(self.case().name, 124)
		watch = Watch()
		with patch.object(frappe.db, "commit"):
			marking.postpone(clock.name, marking.utc_now())
		self.assertEqual((watch.gaps(), watch.events()), ([], []))

	def test_what_is_carried_out_is_told_with_the_mark_that_is_taken_away(self):
		make_clock(self.case().name, 124, (110, "Raise Priority"))
		watch = Watch()
		self.sweep()
		now = marking.utc_now()
		for one in self.pending(now):
			effects.carry_out(one)
		self.assertEqual(watch.gaps(), [])
		self.assertEqual(self.pending(now), [])
		marks = [
			event for event in watch.events("update") if event.reference_doctype == "Case Deadline Event"
		]
		self.assertEqual(len(marks), 1)  # a missed date without an effect is pending for nobody

	def pending(self, now) -> list[effects.Pending]:
		with patch.object(frappe.db, "rollback"):  # all is in the transaction of this test
			return effects.pending(now)


class TestClocks(ClockTestCase):
	def test_a_course_of_verbs_leaves_no_gap(self):
		watch = Watch()
		case = self.clocked(milestone(max_extensions=1, extension_amount=5), as_user=SUE)
		self.assertEqual(watch.gaps(), [])
		for act in (
			lambda: case.accept(),
			lambda: case.take_action("Start Work"),
			lambda: case.wait_for("No asphalt"),
			lambda: case.resume("Asphalt"),
			lambda: case.extend("decision", 2, "More asphalt"),
			lambda: case.transfer("Water", "Theirs"),
		):
			self.later(hours=1)
			act()
			self.assertEqual(watch.gaps(), [])

	def test_clocks_that_a_case_ends_are_told(self):
		case = self.clocked(as_user=SUE)
		watch = Watch()
		case.close("Resolve", "Done")
		self.assertEqual(watch.gaps(), [])
		self.assertEqual(
			[event.reference_name for event in watch.events("stop")],
			[self.clock(case).name],
		)

	def test_a_promise_that_moves_is_told_of_each_request(self):
		case = self.clocked(milestone(is_promise=1, max_extensions=1, extension_amount=5), as_user=SUE)
		request = make_request(case=case.name)
		watch = Watch()
		case.extend("decision", 2, "More asphalt")
		self.assertEqual(watch.gaps(), [])
		told = [event for event in watch.events() if event.reference_doctype == "Service Request"]
		self.assertEqual([event.reference_name for event in told], [request.name])
		self.assertIn("expected_datetime/after", payload.read(told[0]))


class TestRecompute(ClockTestCase):
	def test_dates_that_a_calendar_moves_are_told(self):
		case = self.clocked(milestone(is_promise=1), as_user="Administrator")
		calendar = frappe.get_doc("Business Calendar", "Nine to Five")
		calendar.append("holidays", {"date": "2026-11-26", "title": "Thanksgiving"})
		watch = Watch()
		with patch.object(recompute, "enqueue"), patch.object(frappe.db, "commit"):  # the test takes all back
			calendar.save()
			recompute.run(calendar.name)
		self.assertEqual(watch.gaps(), [])
		self.assertEqual(
			[event.reference_name for event in watch.events("recompute")], [self.clock(case).name]
		)


class TestTurns(CaseTestCase):
	def test_whose_turn_it_was_is_derived_and_no_event(self):
		case = self.case()
		watch = Watch()
		members = staff.roster([case.department])
		self.assertTrue(turns._claim(next(iter(members.values()))))
		frappe.db.set_value("Case", case.name, "shared", 1, update_modified=False)
		self.assertEqual((watch.events(), watch.gaps()), ([], []))


class TestTree(GovCRMTestCase):
	def test_departments_that_others_shift_are_told(self):
		above = make_department("Above", is_group=1)
		make_department("Left", parent_agency_department=above.name)
		moved = make_department("Moved")
		watch = Watch(["Agency Department"])
		below = make_department("Below", parent_agency_department="Above")
		self.assertEqual(watch.gaps(), [])
		moved.reload()
		moved.parent_agency_department = above.name
		moved.save()
		self.assertEqual(watch.gaps(), [])
		frappe.delete_doc("Agency Department", below.name)
		self.assertEqual(watch.gaps(), [])


class TestDemoCity(GovCRMTestCase):
	"""The trail is on from its first minute."""

	def setUp(self) -> None:
		super().setUp()
		frappe.db.delete("Service Request")
		frappe.db.set_global(city.MARK, "")
		self.addCleanup(self.forget)

	def forget(self) -> None:
		frappe.db.rollback()
		for program in load_world().programs:
			versions.forget_timetable(program["service_code"])
		frappe.clear_cache()

	def test_every_row_of_the_city_is_as_the_log_last_said_and_nothing_is_told_of_what_was_taken_back(self):
		watch, keys = Watch(), keys_of_cases()
		make_demo_city(requests=40, citizens=25, seed=7)
		self.assertEqual(watch.gaps(), [])
		self.assert_nothing_of_plays(watch, keys)
		self.assert_not_back_dated(watch)

	def assert_nothing_of_plays(self, watch: Watch, keys: set[str]) -> None:
		"""A play is taken back, and with it the events of its case and the key."""
		cases = {event.subject for event in watch.events() if event.subject.startswith("Case/")}
		made = {
			name
			for doctype, name in watch.read()
			if doctype == "Case" and (doctype, name) not in watch.before
		}
		self.assertEqual({f"Case/{name}" for name in made}, cases)
		self.assertEqual(keys_of_cases() - keys, cases)

	def assert_not_back_dated(self, watch: Watch) -> None:
		told = [event.at_utc for event in watch.events("demo")]
		self.assertTrue(told)
		self.assertLess(max(told) - min(told), timedelta(hours=1))
		(first,) = frappe.get_all("Case", pluck="creation", order_by="creation", limit=1)
		self.assertGreater(now_datetime() - get_datetime(first), timedelta(days=30))


def keys_of_cases() -> set[str]:
	return set(frappe.get_all("Audit Key", {"subject": ("like", "Case/%")}, pluck="subject", limit=0))
