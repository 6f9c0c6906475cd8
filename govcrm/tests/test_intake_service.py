from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime

from govcrm.api.intake import looking, services
from govcrm.api.intake.exceptions import SubmissionConflict, UnknownReference
from govcrm.api.intake.submission import read
from govcrm.casework.duplicates import find_duplicates
from govcrm.casework.following import follow
from govcrm.faults import InvalidInput
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_published_program, make_user
from govcrm.www import status

PLACE = {"latitude": 12.345, "longitude": 45.678}
NEAR = {"latitude": 12.3452, "longitude": 45.678}  # 22 metres north


class TestIntakeService(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_published_program("INTAKE", duplicate_radius=100, duplicate_days=14, keywords="alpha, omega")
		make_user("in-agent@example.org", "Intake Agent")
		frappe.set_user("in-agent@example.org")

	def take(self, **sent):
		return services.take(read({"service_code": "INTAKE", **sent}))

	def refused(self, **sent) -> list[str]:
		with self.assertRaises(InvalidInput) as caught:
			self.take(**sent)
		return [fault.field for fault in caught.exception.faults]

	# Once -------------------------------------------------------------------------------------------------

	def test_the_same_key_makes_one_request(self) -> None:
		first, again = (self.take(idempotency_key="k", description="x") for _ in range(2))
		self.assertEqual(again["reference"], first["reference"])
		self.assertEqual((first["replayed"], again["replayed"]), (False, True))
		self.assertEqual((first["created"], again["created"]), (True, False))

	def test_the_same_key_with_other_content_is_a_conflict(self) -> None:
		self.take(idempotency_key="k")
		self.assertRaises(SubmissionConflict, self.take, idempotency_key="k", description="Another.")

	def test_how_a_value_is_written_makes_no_other_content(self) -> None:
		self.take(idempotency_key="k", anonymous=True, **PLACE)
		written = {name: str(value) for name, value in PLACE.items()}
		self.assertTrue(self.take(idempotency_key="k", anonymous="1", **written)["replayed"])

	def test_a_request_that_came_by_another_door_is_known_by_its_source(self) -> None:
		frappe.set_user("Administrator")
		values = {"program": "INTAKE", "source": "legacy", "source_id": "7"}
		request = frappe.get_doc({"doctype": "Service Request", **values}).insert()
		self.assertEqual(self.take(source="legacy", source_id="7")["reference"], request.name)

	def test_who_may_not_read_it_is_not_told_what_has_that_source(self) -> None:
		frappe.set_user("Administrator")
		values = {"program": "INTAKE", "source": "legacy", "source_id": "7"}
		request = frappe.get_doc({"doctype": "Service Request", **values}).insert()
		request.db_set("confidentiality", "Restricted")
		frappe.set_user("in-agent@example.org")
		self.assertRaises(SubmissionConflict, self.take, source="legacy", source_id="7")

	def test_the_key_is_not_kept_as_it_was_sent(self) -> None:
		request = frappe.get_doc("Service Request", self.take(idempotency_key="my secret key")["reference"])
		self.assertRegex(request.idempotency_key, "^[0-9a-f]{64}$")

	# Duplicates and joining -------------------------------------------------------------------------------

	def test_near_and_open_requests_are_suggested(self) -> None:
		first = self.take(**PLACE)["reference"]
		(found,) = find_duplicates("INTAKE", **NEAR)
		self.assertEqual(found.name, first)
		self.assertAlmostEqual(found.distance, 22.2, delta=0.5)
		self.assertEqual(self.take(**NEAR)["duplicate_of"], first)

	def test_far_old_closed_and_other_requests_are_not_suggested(self) -> None:
		first = self.take(**PLACE)["reference"]
		self.assertEqual(find_duplicates("INTAKE", 12.35, 45.678), [])
		self.assertEqual(find_duplicates("INTAKE", **NEAR, moment=add_days(now_datetime(), 20)), [])
		frappe.db.set_value("Service Request", first, "status", "Closed")
		self.assertEqual(find_duplicates("INTAKE", **NEAR), [])

	def test_nothing_is_suggested_without_a_radius_or_a_place(self) -> None:
		self.take(**PLACE)
		self.assertEqual(find_duplicates("INTAKE", None, None), [])
		frappe.db.set_value("Agency Program", "INTAKE", "duplicate_radius", 0)
		self.assertEqual(find_duplicates("INTAKE", **NEAR), [])

	def test_requests_across_the_date_line_are_near(self) -> None:
		first = self.take(latitude=-17.0, longitude=179.9998)["reference"]
		self.assertEqual([found.name for found in find_duplicates("INTAKE", -17.0, -179.9998)], [first])

	def test_what_the_user_may_not_see_is_not_suggested(self) -> None:
		first = self.take(**PLACE)["reference"]
		frappe.db.set_value(
			"Service Request", first, {"confidentiality": "Restricted", "owner": "Administrator"}
		)
		self.assertEqual(find_duplicates("INTAKE", **NEAR), [])

	def test_a_suggestion_tells_nothing_of_who_asked(self) -> None:
		self.take(**PLACE, citizen={"first_name": "Secretive"}, description="Mine.")
		(found,) = find_duplicates("INTAKE", **NEAR)
		told = {"name", "requested_datetime", "address_string", "latitude", "longitude", "distance", "score"}
		self.assertEqual(set(found), told)

	def test_who_joins_becomes_a_follower_and_leaves_a_contact(self) -> None:
		first = self.take(citizen={"first_name": "Ann"})["reference"]
		joined = self.take(
			citizen={"first_name": "Bob"}, join=first.lower(), description="Me too.", channel="Phone"
		)
		self.assertEqual((joined["reference"], joined["joined"]), (first, True))
		request = frappe.get_doc("Service Request", first)
		self.assertEqual([follower.note for follower in request.followers], ["Me too."])
		contacts = frappe.get_all("Interaction", {"service_request": first}, pluck="citizen")
		self.assertEqual(set(contacts), {request.citizen, request.followers[0].citizen})

	def test_who_reported_it_or_follows_it_is_no_second_follower(self) -> None:
		ann = {"first_name": "Ann", "phone": "+1 617 635 4599"}
		first = self.take(citizen=ann)["reference"]
		self.take(citizen=ann, join=first, channel="Phone")
		self.take(citizen=ann, join=first, channel="Counter")
		self.assertEqual(frappe.get_doc("Service Request", first).followers, [])
		self.assertEqual(frappe.db.count("Interaction", {"service_request": first}), 3)

	def test_a_closed_or_other_request_cannot_be_joined(self) -> None:
		frappe.set_user("Administrator")
		make_published_program("INOTHER")
		other = self.take(service_code="INOTHER")["reference"]
		self.assertEqual(self.refused(join=other), ["join"])
		closed = self.take()["reference"]
		frappe.db.set_value("Service Request", closed, "status", "Closed")
		self.assertEqual(self.refused(join=closed), ["join"])
		self.assertEqual(self.refused(join="SR-26326-000000000"), ["join"])

	def test_nobody_follows_what_was_closed_meanwhile(self) -> None:
		request = frappe.get_doc("Service Request", self.take()["reference"])
		frappe.db.set_value("Service Request", request.name, "status", "Closed")
		self.assertRaises(InvalidInput, follow, request, citizen=None, channel="Phone")

	# Who --------------------------------------------------------------------------------------------------

	def test_a_new_citizen_is_written_down_and_a_known_one_found(self) -> None:
		ann = {"first_name": "Ann", "last_name": "Intake", "email": "ann.intake@example.org"}
		references = [self.take(citizen=ann)["reference"] for _ in range(2)]
		citizens = {frappe.db.get_value("Service Request", name, "citizen") for name in references}
		self.assertEqual(len(citizens), 1)

	def test_who_was_merged_is_filed_under_the_record_in_use(self) -> None:
		kept, gone = (
			frappe.get_doc({"doctype": "Citizen", "first_name": "M"}).insert().name for _ in range(2)
		)
		frappe.db.set_value("Citizen", gone, "merged_into", kept)
		reference = self.take(citizen=gone)["reference"]
		self.assertEqual(frappe.db.get_value("Service Request", reference, "citizen"), kept)

	def test_only_staff_and_constituents_file(self) -> None:
		make_user("in-official@example.org", "Elected Official")
		for user in ("in-official@example.org", "Guest"):
			frappe.set_user(user)
			self.assertRaises(frappe.PermissionError, self.take)

	def test_a_constituent_files_on_the_web_for_themselves_only(self) -> None:
		frappe.set_user("Administrator")
		user = make_user("in-citizen@example.org", "Constituent").name
		own = frappe.get_doc({"doctype": "Citizen", "first_name": "Con", "user": user}).insert().name
		frappe.set_user(user)
		request = frappe.get_doc("Service Request", self.take(channel="Phone")["reference"])
		self.assertEqual((request.citizen, request.channel, request.owner), (own, "Web", user))
		self.assertRaises(frappe.PermissionError, self.take, citizen={"first_name": "Other"})
		self.assertEqual([one["name"] for one in frappe.get_list("Service Request")], [request.name])

	def test_a_constituent_speaks_for_no_system_and_chooses_no_time(self) -> None:
		frappe.set_user("Administrator")
		values = {"program": "INTAKE", "source": "legacy", "source_id": "7"}
		frappe.get_doc({"doctype": "Service Request", **values}).insert()
		frappe.set_user(make_user("in-citizen@example.org", "Constituent").name)
		fields = self.refused(
			anonymous=True, source="legacy", source_id="7", requested_datetime="2020-01-01T10:00"
		)
		self.assertEqual(fields, ["source", "source_id", "requested_datetime"])

	def test_a_service_for_staff_only_is_unknown_to_the_public(self) -> None:
		frappe.set_user("Administrator")
		make_published_program("INSTAFF", is_public=0)
		make_user("in-citizen@example.org", "Constituent")
		frappe.set_user("in-citizen@example.org")
		self.assertEqual(self.refused(service_code="INSTAFF"), ["service_code"])
		self.assertNotIn("INSTAFF", [service["service_code"] for service in looking.catalogue(None)])

	# Looking up -------------------------------------------------------------------------------------------

	def test_the_catalogue_finds_by_name_first_and_by_keyword(self) -> None:
		frappe.set_user("Administrator")
		make_published_program("INNAMED", program_name="Omega lights")
		found = [service["service_code"] for service in looking.catalogue("omega")]
		self.assertEqual(found, ["INNAMED", "INTAKE"])

	def test_the_public_status_follows_the_request(self) -> None:
		reference = self.take()["reference"]
		frappe.set_user("Guest")
		self.assertEqual(looking.public_status(reference.lower())["status"], "Open")
		frappe.db.set_value("Service Request", reference, {"status": "Closed", "status_notes": "Filled."})
		told = looking.public_status(reference)
		self.assertEqual((told["status"], told["status_notes"]), ("Closed", "Filled."))

	def test_the_public_learns_little_of_a_restricted_and_nothing_of_a_sealed_request(self) -> None:
		reference = self.take()["reference"]
		frappe.set_user("Guest")
		frappe.db.set_value("Service Request", reference, "confidentiality", "Restricted")
		self.assertEqual(looking.public_status(reference), {"reference": reference, "status": "Open"})
		frappe.db.set_value("Service Request", reference, "confidentiality", "Sealed")
		self.assertRaises(UnknownReference, looking.public_status, reference)

	def test_who_asks_too_often_is_told_to_wait(self) -> None:
		with patch.object(status, "limited", side_effect=frappe.RateLimitExceededError):
			self.assertEqual(status.look_up("SR-26326-7K3M9QZW4")["http_status_code"], 429)

	def test_who_may_not_read_names_looks_up_nobody(self) -> None:
		make_user("in-official@example.org", "Elected Official")
		frappe.set_user("in-official@example.org")
		self.assertRaises(frappe.PermissionError, looking.find_citizen, "Ann")
