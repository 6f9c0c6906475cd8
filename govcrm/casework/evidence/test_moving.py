"""Files of a case become evidence when it is sealed, and the same Files again when it is opened."""

import os
from pathlib import Path
from unittest.mock import patch

import frappe

from govcrm.casework.evidence import blobs, moving, records
from govcrm.casework.evidence.test_evidence import EvidenceTestCase, on_the_disk, sent
from govcrm.casework.sealed import copies, keeping, keyed, sweeping
from govcrm.files import addresses
from govcrm.tests import file_samples
from govcrm.tests.casework import ALICE, SUE
from govcrm.tests.sealing import CANARY, SealedTestCase, places_of, rows_of_everything

PHOTO = file_samples.photo("jpeg")


class TestMoving(SealedTestCase):
	"""On the case, its request, its task, and a comment on it hangs a file."""

	had = EvidenceTestCase.had
	become = EvidenceTestCase.become
	listed = EvidenceTestCase.listed

	def setUp(self) -> None:
		super().setUp()
		comment = frappe.db.get_value(
			"Comment", {"reference_name": self.matter.name, "comment_type": "Comment"}
		)
		places = (
			("Case", self.matter.name),
			("Service Request", self.request.name),
			("Case Task", self.task.name),
			("Comment", comment),
		)
		frappe.set_user(ALICE)
		self.files = [self.hang(f"{CANARY} {number}", *place) for number, place in enumerate(places)]

	def hang(self, word: str, doctype: str, name: str, **values):
		place = {"attached_to_doctype": doctype, "attached_to_name": name}
		content = f"{word} in words".encode()
		file = frappe.get_doc(
			{"doctype": "File", "file_name": f"{word}.txt", "content": content, **place, **values}
		)
		file.insert(ignore_permissions=True)  # tests set the stage
		self.addCleanup(Path(file.get_full_path()).unlink, missing_ok=True)
		return file

	def keep(self) -> None:
		"""What happens when a transaction is kept, of what was put off until then."""
		frappe.db.after_commit.run()

	def test_every_file_of_the_case_becomes_evidence(self):
		self.seal()
		self.assertFalse(frappe.db.exists("File", {"name": ("in", [file.name for file in self.files])}))
		listed = {file["file_name"]: file for file in self.listed(ALICE)}
		self.assertEqual(set(listed), {file.file_name for file in self.files})
		for file in self.files:
			self.assertEqual(self.had(listed[file.file_name]["name"]), file.content)
			self.assertEqual(listed[file.file_name]["by"], frappe.utils.get_fullname(ALICE))
		self.assertEqual(
			{file["on"] for file in listed.values()}, {"Case", "Service Request", "Case Task", "Comment"}
		)

	def test_no_column_and_no_file_of_the_site_says_a_word_of_them(self):
		self.assertEqual(len(on_the_disk(CANARY)), len(self.files))
		self.assertIn("tabFile.file_name", places_of(CANARY))
		self.seal()
		self.assertEqual(places_of(CANARY), [])
		self.assertEqual(len(on_the_disk(CANARY)), len(self.files))  # until it is certain
		self.keep()
		self.assertEqual(on_the_disk(CANARY), [])

	def test_there_and_back_loses_nothing(self):
		doctypes = ("File", "Comment", "Service Request", "Case")
		before = rows_of_everything(doctypes)
		self.seal()
		self.keep()
		self.lower(level="Internal")
		after = rows_of_everything(doctypes)
		changed = {key for key in before if before[key] != after.get(key)}
		self.assertEqual(changed, set())
		for file in self.files:
			there = frappe.get_doc("File", file.name)
			self.assertEqual(there.get_content(), file.content.decode())
			self.assertEqual((there.owner, str(there.creation)), (ALICE, str(file.creation)))
		self.assertFalse(frappe.db.exists("Sealed Evidence", {"case": self.matter.name}))
		names = list(blobs.folder().iterdir())
		self.keep()
		self.assertEqual(len(names) - len(list(blobs.folder().iterdir())), len(self.files))

	def test_no_file_is_judged_again_on_the_way_back(self):
		self.seal()
		with patch("govcrm.files.taking.taken", side_effect=AssertionError):
			self.lower()
		self.assertEqual(frappe.db.count("File", {"name": ("in", [file.name for file in self.files])}), 4)

	def test_what_was_put_up_meanwhile_becomes_a_private_file_of_the_case(self):
		from govcrm.casework.evidence import taking

		self.seal()
		taking.put_up(self.matter.name, sent(PHOTO, "photo.jpg", "image/jpeg"), None)
		self.lower()
		file = frappe.get_last_doc("File", {"file_name": "photo.jpg"})
		self.assertEqual((file.attached_to_doctype, file.attached_to_name), ("Case", self.matter.name))
		self.assertEqual((file.is_private, file.owner), (1, SUE))
		self.assertRegex(file.file_url, r"^/private/files/photo-[0-9a-f]{32}\.jpg$")
		self.assertTrue(Path(file.get_full_path()).is_file())

	def test_content_that_another_record_shares_stays_there(self):
		shared = frappe.get_doc("File", self.files[0].name)
		other = frappe.copy_doc(shared)
		other.update({"attached_to_doctype": None, "attached_to_name": None, "file_url": shared.file_url})
		other.name = frappe.generate_hash(length=10)
		other.db_insert()  # as it stood before every file had an address of its own
		self.seal()
		self.keep()
		self.assertTrue(addresses.path_of(shared.file_url).is_file())
		self.lower()
		back = frappe.get_doc("File", shared.name)
		self.assertNotEqual(back.file_url, other.file_url)
		self.assertEqual(back.get_content(), self.files[0].content.decode())

	def test_an_error_halfway_leaves_every_file_as_it_was(self):
		before = rows_of_everything(("File",))
		frappe.db.savepoint("before_sealing")
		with (
			patch.object(copies, "_mask_versions", side_effect=RuntimeError),
			self.assertRaises(RuntimeError),
		):
			self.seal()
		frappe.db.rollback(save_point="before_sealing")
		self.assertEqual(rows_of_everything(("File",)), before)
		self.keep()
		self.assertEqual(len(on_the_disk(CANARY)), len(self.files))

	def test_one_whose_content_is_lost_keeps_the_case_from_being_sealed(self):
		addresses.path_of(self.files[0].file_url).unlink()
		with self.assertRaisesRegex(frappe.ValidationError, "is not on this site's disk"):
			self.seal()

	def test_a_link_to_another_site_goes_and_comes_back(self):
		url = f"https://example.org/{CANARY}.pdf"
		link = {"doctype": "File", "file_url": url, "file_name": "plan.pdf", "attached_to_doctype": "Case"}
		link = frappe.get_doc({**link, "attached_to_name": self.matter.name}).insert(ignore_permissions=True)
		self.seal()
		self.assertEqual(places_of(CANARY), [])
		self.lower()
		self.assertEqual(frappe.db.get_value("File", link.name, "file_url"), url)

	def test_one_that_was_changed_keeps_the_case_from_being_opened(self):
		self.seal()
		name = self.listed()[0]["name"]
		blobs.path_of(name).write_bytes(b"x")
		with self.assertRaises(keyed.Unreadable):
			self.lower()

	def test_a_file_that_came_past_the_documents_is_taken_in_by_the_next_look(self):
		self.seal()
		with patch.object(keeping, "refuse_file"):
			self.hang(f"{CANARY} late", "Case", self.matter.name)
		sweeping.look_at_all()
		self.keep()
		self.assertEqual((places_of(CANARY), on_the_disk(CANARY)), ([], []))
		self.assertIn(f"{CANARY} late.txt", [file["file_name"] for file in self.listed()])

	def test_one_larger_than_a_piece_passes_whole(self):
		path = addresses.path_of(self.files[0].file_url)
		content = os.urandom(2 * moving.PIECE + 5)
		path.write_bytes(content)
		self.seal()
		[name] = [file["name"] for file in self.listed() if file["file_name"] == self.files[0].file_name]
		self.assertEqual(b"".join(records.content_of(records.row_of(name))), content)
		self.keep()
		self.lower()
		self.assertEqual(path.read_bytes(), content)
