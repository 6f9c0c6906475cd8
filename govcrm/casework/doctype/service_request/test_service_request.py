import json

import frappe
from frappe.utils import add_days, add_to_date, get_datetime, now_datetime

from govcrm.domain.references import is_valid_reference
from govcrm.faults import InvalidInput
from govcrm.gate import links
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_department, make_published_program, make_user

QUESTIONS = [
	{
		"code": "size",
		"label": "Size",
		"datatype": "singlevaluelist",
		"options": "small\nlarge",
		"required": 1,
	},
	{"code": "depth", "label": "Depth", "datatype": "number", "shown_when": 'size == "large"', "required": 1},
	{"code": "injury", "label": "Hurt?", "datatype": "boolean", "sensitive": 1},
]


class TestServiceRequest(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		version = {"questions": QUESTIONS, "expected_days": 5}
		self.program = make_published_program("SRTEST", version, place_in_subject=1)

	def file(self, **values):
		values.setdefault("answers", {"size": "small"})
		return frappe.get_doc({"doctype": "Service Request", "program": "SRTEST", **values}).insert()

	def assertRefused(self, field: str, **values) -> None:
		with self.assertRaises(InvalidInput) as caught:
			self.file(**values)
		self.assertEqual([fault.field for fault in caught.exception.faults], [field])

	# Filing -----------------------------------------------------------------------------------------------

	def test_a_request_gets_a_reference_a_version_and_a_case(self) -> None:
		request = self.file(address_string="1 High St")
		self.assertTrue(is_valid_reference(request.name, "SR"))
		self.assertEqual(request.program_version, self.program.current_version)
		self.assertEqual((request.status, request.department), ("Open", "Public Works"))
		case = frappe.get_doc("Case", request.case)
		self.assertTrue(is_valid_reference(case.name, "CASE"))
		self.assertIn("1 High St", case.subject)

	def test_the_first_contact_is_written_down(self) -> None:
		request = self.file(channel="Counter")
		contact = frappe.get_doc("Interaction", {"service_request": request.name})
		self.assertEqual((contact.channel, contact.direction), ("Counter", "Inbound"))
		self.assertEqual((contact.case, contact.agent), (None, "Administrator"))

	def test_the_expected_date_counts_from_the_request(self) -> None:
		asked = now_datetime().replace(microsecond=0)
		self.assertEqual(self.file(requested_datetime=asked).expected_datetime, add_to_date(asked, days=5))

	def test_what_the_agency_decides_cannot_be_sent_along(self) -> None:
		make_department("Elsewhere")
		request = self.file(
			status="Closed", department="Elsewhere", priority="Urgent", confidentiality="Public"
		)
		found = (request.status, request.department, request.priority, request.confidentiality)
		self.assertEqual(found, ("Open", "Public Works", "Medium", "Internal"))

	def test_imported_history_keeps_its_own_times_and_department(self) -> None:
		make_department("Elsewhere")
		opened, closed = get_datetime("2024-02-01 08:00"), get_datetime("2024-02-03 09:00")
		request = frappe.get_doc(
			{
				"doctype": "Service Request",
				"program": "SRTEST",
				"program_version": self.program.current_version,
				"department": "Elsewhere",
				"channel": "Import",
				"status": "Closed",
				"requested_datetime": opened,
				"closed_datetime": closed,
			}
		)
		request.flags.imported_history = True
		request.insert()
		self.assertEqual((request.status, request.department), ("Closed", "Elsewhere"))
		self.assertEqual((request.requested_datetime, request.closed_datetime), (opened, closed))
		self.assertFalse(frappe.db.exists("Interaction", {"service_request": request.name}))

	def test_a_request_goes_to_the_agency_when_its_department_is_out_of_service(self) -> None:
		make_department("Closed Down")
		make_department("City Hall")
		make_published_program("SRDOWN", department="Closed Down")
		frappe.db.set_value("Agency Department", "Closed Down", "active", 0)
		frappe.db.set_single_value("GovCRM Settings", "default_department", "City Hall")
		frappe.clear_document_cache("GovCRM Settings", "GovCRM Settings")
		self.assertEqual(self.file(program="SRDOWN", answers=None).department, "City Hall")

	def test_a_request_joins_the_case_it_names(self) -> None:
		first = self.file()
		self.assertEqual(self.file(case=first.case).case, first.case)
		self.assertEqual(frappe.db.count("Case", {"name": first.case}), 1)

	def test_a_request_that_joins_is_as_confidential_as_the_case_and_where_it_is(self) -> None:
		make_department("Elsewhere")
		case = self.file().case
		frappe.db.set_value("Case", case, {"confidentiality": "Restricted", "department": "Elsewhere"})
		joined = self.file(case=case)
		self.assertEqual((joined.confidentiality, joined.department), ("Restricted", "Elsewhere"))

	def test_a_case_that_has_ended_cannot_be_joined(self) -> None:
		case = self.file().case
		frappe.db.set_value("Case", case, "state_category", "Closed")
		self.assertRefused("case", case=case)

	def test_nobody_joins_a_case_they_may_not_work_on(self) -> None:
		case = self.file().case
		make_user("sr-agent@example.org", "Intake Agent")
		frappe.set_user("sr-agent@example.org")
		links.install()
		with self.assertRaises(frappe.LinkValidationError):  # as of a case that is not there
			self.file(case=case)

	# Checks -----------------------------------------------------------------------------------------------

	def test_answers_are_checked_and_sensitive_ones_kept_apart(self) -> None:
		request = self.file(answers={"size": "large", "depth": "4.5", "injury": "yes"})
		self.assertEqual(json.loads(request.answers), {"size": "large", "depth": 4.5})
		self.assertEqual(json.loads(request.sensitive_answers), {"injury": True})
		self.assertRefused("answers.size", answers={})
		self.assertRefused("answers.depth", answers={"size": "large"})
		self.assertRefused("answers.colour", answers={"size": "small", "colour": "red"})
		self.assertRefused("answers", answers="[1]")

	def test_correcting_a_public_answer_keeps_the_sensitive_ones(self) -> None:
		request = self.file(answers={"size": "large", "depth": 4, "injury": True})
		request.answers = {"size": "small"}
		request.save()
		self.assertEqual(json.loads(request.answers), {"size": "small"})
		self.assertEqual(json.loads(request.sensitive_answers), {"injury": True})

	def test_who_has_no_citizen_is_anonymous_where_that_is_allowed(self) -> None:
		self.assertEqual(self.file().anonymous, 1)
		make_published_program("SRNAMED", {"anonymous_allowed": 0})
		self.assertRefused("citizen", program="SRNAMED", answers=None)

	def test_a_representative_acts_for_somebody_with_some_authority(self) -> None:
		ann, bob = (
			frappe.get_doc({"doctype": "Citizen", "first_name": n}).insert().name for n in ("Ann", "Bob")
		)
		self.assertRefused("representation_authority", citizen=ann, representative=bob)
		self.assertRefused("representative", citizen=ann, representative=ann)
		self.assertRefused("citizen", representative=bob)
		request = self.file(citizen=ann, representative=bob, representation_authority="Employer")
		self.assertEqual(
			frappe.db.get_value("Interaction", {"service_request": request.name}, "citizen"), bob
		)

	def test_a_place_is_on_earth_and_given_where_it_is_needed(self) -> None:
		self.assertRefused("latitude", latitude=91, longitude=1)
		self.assertRefused("latitude", latitude=float("nan"), longitude=1)
		make_published_program("SRPLACE", {"location_rule": "Required"})
		self.assertRefused("address_string", program="SRPLACE", answers=None)
		self.file(program="SRPLACE", answers=None, latitude=42.1, longitude=-71.2)

	def test_a_request_is_not_made_in_the_future(self) -> None:
		self.assertRefused("requested_datetime", requested_datetime=add_days(now_datetime(), 1))

	def test_values_of_the_wrong_kind_are_refused(self) -> None:
		self.assertRefused("citizen", citizen={"name": ["like", "CZ%"]})
		self.assertRefused("description", description=["a"])
		self.assertRefused("description", description="a\0b")
		self.assertRefused("requested_datetime", requested_datetime="someday")
		self.assertRefused("requested_datetime", requested_datetime="2026-01-01 10:00:00+00:00")
		self.assertRefused("program", program=None)

	def test_an_inactive_program_takes_no_requests(self) -> None:
		frappe.db.set_value("Agency Program", "SRTEST", "active", 0)
		self.assertRefused("program")

	def test_the_history_does_not_tell_sensitive_answers(self) -> None:
		request = self.file(answers={"size": "small", "injury": True})
		request.answers = {"size": "small", "injury": False}
		request.save(ignore_version=False)
		(text,) = frappe.get_all("Version", {"docname": request.name}, pluck="data")
		self.assertIn("sensitive_answers", text)
		self.assertNotIn("injury", text)

	# Later ------------------------------------------------------------------------------------------------

	def test_what_is_pinned_cannot_be_edited_but_by_verbs(self) -> None:
		request = self.file()
		request.status = "Closed"
		self.assertRaises(frappe.ValidationError, request.save)
		request.reload().status = "Closed"
		request.flags.by_verb = True
		request.save()
		self.assertEqual(request.status, "Closed")

	def test_a_description_can_be_corrected(self) -> None:
		request = self.file()
		request.description = "Larger than I thought."
		request.save()
		self.assertEqual(request.reload().description, "Larger than I thought.")

	def test_source_and_number_are_unique_together_and_only_together(self) -> None:
		self.file(source="legacy", source_id="1")
		self.file(source="legacy", source_id="2")
		self.file(source="other", source_id="1")
		self.file(source="legacy")
		self.file(source="legacy")
		self.assertRefused("source", source_id="1")
		with self.assertRaises(frappe.DuplicateEntryError):
			self.file(source="legacy", source_id="1")
