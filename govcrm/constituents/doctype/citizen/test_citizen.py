import json

import frappe
from frappe.utils import add_days, today

from govcrm.access.versions import WITHHELD
from govcrm.constituents import lookup
from govcrm.constituents.doctype.citizen_identifier.citizen_identifier import identifier_hash
from govcrm.domain.references import is_valid_reference
from govcrm.faults import InvalidInput
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_user


class TestCitizen(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.db.set_default("country", "United States")

	def make(self, **values):
		values.setdefault("first_name", "Zelda")
		return frappe.get_doc({"doctype": "Citizen", **values}).insert()

	def test_a_citizen_gets_a_number_and_a_full_name(self) -> None:
		citizen = self.make(first_name=" Zelda ", last_name="Quimby  Rest")
		self.assertTrue(is_valid_reference(citizen.name, "CZ"))
		self.assertEqual(citizen.full_name, "Zelda Quimby Rest")

	def test_an_organisation_has_one_name_and_no_birthday(self) -> None:
		citizen = self.make(citizen_type="Organisation", organisation_name="Acme", date_of_birth="2000-01-01")
		self.assertEqual((citizen.full_name, citizen.first_name, citizen.date_of_birth), ("Acme", None, None))

	def test_somebody_without_a_name_is_refused(self) -> None:
		with self.assertRaises(InvalidInput):
			self.make(first_name=" ")
		with self.assertRaises(InvalidInput):
			self.make(citizen_type="Organisation")

	def test_nobody_is_born_tomorrow(self) -> None:
		with self.assertRaises(InvalidInput):
			self.make(date_of_birth=add_days(today(), 1))

	def test_contact_points_are_keyed_for_look_up(self) -> None:
		points = [("Phone", "(617) 635-4500"), ("E-mail", " Zelda@Example.org "), ("Phone", "ext. 12")]
		citizen = self.make(
			contact_points=[{"channel": channel, "value": value} for channel, value in points]
		)
		keys = [point.value_key for point in citizen.contact_points]
		self.assertEqual(keys, ["+16176354500", "zelda@example.org", "12"])
		self.assertEqual(citizen.contact_points[0].value, "(617) 635-4500")

	def test_a_wrong_e_mail_address_is_refused(self) -> None:
		with self.assertRaises(InvalidInput) as caught:
			self.make(contact_points=[{"channel": "E-mail", "value": "nowhere"}])
		self.assertEqual(caught.exception.faults[0].field, "contact_points.1.value")

	def test_an_identifier_is_kept_encrypted_and_can_be_looked_up(self) -> None:
		citizen = self.make(identifiers=[{"identifier_type": "Social Security", "value": "123-45-6789"}])
		stored = frappe.db.get_value("Citizen Identifier", {"parent": citizen.name}, "*", as_dict=True)
		self.assertIsNone(stored.value)
		self.assertNotIn("6789", stored.value_encrypted)
		self.assertEqual(stored.last_characters, "789")
		self.assertEqual(stored.value_hash, identifier_hash("Social Security", "123 45 6789"))
		self.assertNotEqual(stored.value_hash, identifier_hash("Tax ID", "123456789"))
		self.assertEqual(citizen.reload().identifiers[0].reveal(), "123-45-6789")

	def test_saving_again_keeps_the_identifier(self) -> None:
		citizen = self.make(identifiers=[{"identifier_type": "Passport", "value": "AB 123456"}])
		citizen.reload().save()
		self.assertEqual(citizen.identifiers[0].reveal(), "AB 123456")

	def test_no_version_tells_an_identifier(self) -> None:
		citizen = self.make(identifiers=[{"identifier_type": "Passport", "value": "AB 123456"}])
		citizen.append("identifiers", {"identifier_type": "Tax ID", "value": "99-7654321"})
		citizen.save(ignore_version=False)
		versions = frappe.get_all("Version", {"docname": citizen.name}, pluck="data")
		self.assertTrue(versions)
		self.assertFalse(any("7654321" in data or "123456" in data for data in versions))

	def test_what_is_kept_of_an_identifier_is_not_taken_from_a_client(self) -> None:
		citizen = self.make(identifiers=[{"identifier_type": "Passport", "value": "AB 123456"}])
		citizen.reload().identifiers[0].value_hash = identifier_hash("Passport", "ZZ 999999")
		citizen.save()
		self.assertEqual(citizen.reload().identifiers[0].value_hash, identifier_hash("Passport", "AB 123456"))
		citizen.identifiers[0].identifier_type = "Tax ID"
		self.assertRaises(InvalidInput, citizen.save)
		self.assertRaises(
			InvalidInput, self.make, identifiers=[{"identifier_type": "Tax ID", "value_hash": "0"}]
		)

	def test_nobody_is_merged_by_editing(self) -> None:
		kept, gone = self.make(), self.make()
		gone.merged_into = kept.name
		self.assertRaises(InvalidInput, gone.save)

	def test_only_the_privacy_officer_ties_an_account_to_a_citizen(self) -> None:
		account = make_user("ci-account@example.org", "Constituent").name
		citizen = self.make()
		citizen.user = account
		frappe.set_user(make_user("ci-agent@example.org", "Intake Agent").name)
		self.assertRaises(InvalidInput, citizen.save)
		frappe.set_user(make_user("ci-privacy@example.org", "Privacy Officer").name)
		citizen.reload().update({"user": account}).save()
		self.assertEqual(frappe.db.get_value("Citizen", citizen.name, "user"), account)

	def test_the_history_says_that_personal_data_changed_and_not_what_it_was(self) -> None:
		citizen = self.make(contact_points=[{"channel": "Phone", "value": "617-635-4500"}])
		citizen.update({"first_name": "Secretive", "preferred_language": "en"})
		citizen.contact_points[0].value = "617-635-4511"
		citizen.append("contact_points", {"channel": "E-mail", "value": "hidden@example.org"})
		citizen.save(ignore_version=False)
		(text,) = frappe.get_all("Version", {"docname": citizen.name}, pluck="data")
		for secret in ("Secretive", "Zelda", "4500", "4511", "hidden@"):
			self.assertNotIn(secret, text)
		changed = {name: after for name, _before, after in json.loads(text)["changed"]}
		self.assertEqual(changed["first_name"], WITHHELD)
		self.assertIn(changed["preferred_language"], ("en", "English"))

	# Look-up ----------------------------------------------------------------------------------------------

	def found(self, text: str) -> list[str]:
		return [citizen.name for citizen in lookup.find_citizens(text)]

	def test_a_caller_is_found_by_number_address_name_and_reference(self) -> None:
		points = [("Phone", "617-635-4500"), ("E-mail", "zelda.quimby@example.org")]
		citizen = self.make(
			last_name="Quimbyrest",
			contact_points=[{"channel": channel, "value": value} for channel, value in points],
		)
		for text in (
			"+1 617 635 4500",
			"635-4500",
			"Zelda.Quimby@EXAMPLE.org",
			"zelda quimbyr",
			"quimbyrest",
			"mbyrest zel",
			citizen.name.lower(),
		):
			self.assertIn(citizen.name, self.found(text), text)
		for text in ("", "ze", "%%%", "___", "zelda nobody", "617-635-4599", "x@example.org"):
			self.assertNotIn(citizen.name, self.found(text), text)

	def test_a_merged_record_is_not_found(self) -> None:
		kept, gone = self.make(last_name="Mergeable"), self.make(last_name="Mergeable")
		frappe.db.set_value("Citizen", gone.name, "merged_into", kept.name)
		self.assertEqual(self.found("Zelda Mergeable"), [kept.name])

	def test_who_is_known_by_contact_and_name_is_not_made_again(self) -> None:
		details = {"first_name": "Zelda", "last_name": "Once", "phone": "617 635 4511"}
		name = lookup.find_or_make(details)
		self.assertEqual(lookup.find_or_make({**details, "first_name": "ZELDA"}), name)
		self.assertNotEqual(lookup.find_or_make({**details, "first_name": "Link"}), name)

	def test_a_contact_without_a_name_means_its_only_owner(self) -> None:
		name = lookup.find_or_make({"first_name": "Zelda", "email": "only@example.org"})
		self.assertEqual(lookup.find_or_make({"email": "Only@example.org"}), name)
		lookup.find_or_make({"first_name": "Link", "email": "only@example.org"})
		with self.assertRaises(InvalidInput):
			lookup.find_or_make({"email": "only@example.org"})

	def test_who_may_not_read_names_finds_nobody(self) -> None:
		self.make(last_name="Hidden")
		make_user("cz-official@example.org", "Elected Official")
		frappe.set_user("cz-official@example.org")
		with self.assertRaises(frappe.PermissionError):
			lookup.find_citizens("Zelda Hidden")
