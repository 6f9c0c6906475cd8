"""Where a file may hang and what it may hold, and that files of cases stay private."""

import json
from pathlib import Path

import frappe
from frappe.utils import add_to_date

from govcrm.files.taking import FileNotTaken
from govcrm.files.test_doors import METHOD, RESOURCE, FilesTestCase
from govcrm.tests import file_samples as samples
from govcrm.tests.casework import ALICE, BOB, SUE
from govcrm.tests.factories import make_case, make_user
from govcrm.tests.file_samples import CANARY


class TestPlaces(FilesTestCase):
	def test_a_file_of_a_case_is_private_whatever_is_said(self) -> None:
		case = make_case().name
		frappe.set_user(ALICE)
		place = {"attached_to_doctype": "Case", "attached_to_name": case}
		for version in METHOD:
			answer = self.upload("a.txt", b"text", version, doctype="Case", docname=case, is_private=0)
			self.assertEqual(answer.message["is_private"], 1, answer)
			answer = self.ask(
				f"{RESOURCE[version]}/File", "POST", file_name="b.txt", content="text", is_private=0, **place
			)
			self.assertEqual(answer.message["is_private"], 1, answer)
		data = {"filename": "c.txt", "filedata": "text", "doctype": "Case", "docname": case, "is_private": 0}
		self.assertEqual(self.call("frappe.client.attach_file", **data).message["is_private"], 1)
		for file in frappe.get_all("File", place, ("file_url", "is_private")):
			self.assertEqual((file.is_private, file.file_url[:15]), (1, "/private/files/"))

	def test_a_doctype_in_other_letters_is_no_way_round(self) -> None:
		case = make_case().name
		values = {
			"file_name": "b.txt",
			"content": "text",
			"attached_to_doctype": "case",
			"attached_to_name": case,
		}
		frappe.set_user(BOB)
		self.assertNotEqual(self.ask("/api/resource/File", "POST", **values).status, 200)
		frappe.set_user(ALICE)
		answer = self.ask("/api/resource/File", "POST", **values, is_private=0)
		self.assertTrue(answer.status != 200 or answer.message["is_private"], answer)

	def test_a_file_of_a_case_cannot_be_made_public(self) -> None:
		case = make_case().name
		frappe.set_user(ALICE)
		file = self.file(case=case)
		for values in (
			{"is_private": 0},
			{"attached_to_doctype": None, "attached_to_name": None},
			{"attached_to_doctype": "User", "attached_to_name": ALICE},
		):
			self.assertNotEqual(self.ask(f"/api/resource/File/{file.name}", "PUT", **values).status, 200)
			self.assertNotEqual(self.ask(f"/api/v2/document/File/{file.name}", "PATCH", **values).status, 200)
		self.assertEqual(file.reload().is_private, 1)
		self.assertEqual(file.attached_to_name, case)

	def test_nobody_hangs_a_file_on_a_case_they_may_not_write(self) -> None:
		frappe.set_user(BOB)
		for name in (self.case_name, "CASE-NONE"):
			place = {"attached_to_doctype": "Case", "attached_to_name": name}
			for version in RESOURCE:
				answer = self.ask(
					f"{RESOURCE[version]}/File", "POST", file_name="b.txt", content="text", **place
				)
				self.refused(answer)
			own = self.loose()
			self.assertNotEqual(self.ask(f"/api/resource/File/{own.name}", "PUT", **place).status, 200)

	def test_who_may_only_read_a_case_hangs_no_file_on_it(self) -> None:
		frappe.set_user(SUE)
		words = {
			"opens": "Read",
			"reason": "He knew the pipe.",
			"authority": "Order",
			"valid_to": str(add_to_date(None, days=3)),
		}
		frappe.get_doc("Case", self.case_name).open_to(BOB, **words)
		frappe.set_user(BOB)
		self.assertIn(CANARY, self.download(self.secret.file_url).text)
		place = {"attached_to_doctype": "Case", "attached_to_name": self.case_name}
		for version in RESOURCE:
			answer = self.ask(f"{RESOURCE[version]}/File", "POST", file_name="b.txt", content="text", **place)
			self.refused(answer)

	def test_nobody_guesses_the_address_of_a_file(self) -> None:
		names = [self.file("Bericht über Straße.txt").file_url for _time in range(2)]
		self.assertEqual(len(set(names)), 2)
		for name in names:
			self.assertRegex(name, r"^/private/files/Bericht über Straße-[0-9a-f]{32}\.txt$")
		self.assertEqual(self.file("../../x y?#%.txt").file_name.count("/"), 0)
		self.assertLess(len(self.file("ü" * 130 + ".txt").file_url.encode()), 200)

	def test_content_goes_with_its_file(self) -> None:
		first, second = self.file(), self.file()
		paths = [Path(file.get_full_path()) for file in (first, second)]
		first.delete()
		self.assertEqual([path.exists() for path in paths], [False, True])

	def test_an_upload_is_judged_by_its_content(self) -> None:
		case = make_case().name
		page = b"<html><script>alert(1)</script></html>"
		for user, place in (
			(ALICE, {"doctype": "Case", "docname": case}),
			(ALICE, {}),
			("Administrator", {"doctype": "Case", "docname": case}),
		):
			frappe.set_user(user)
			for version in METHOD:
				for name, content, declared in (
					("a.html", page, "text/html"),
					("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
					("a.pdf", page, "application/pdf"),
					("a.png", samples.PDF, "image/png"),
					("a.pdf", samples.PDF, "text/html"),
					("a.exe", b"MZ" + bytes(90), "application/octet-stream"),
				):
					answer = self.upload(name, content, version, declared, **place)
					self.assertEqual(answer.status, 417, (user, name, answer))
					self.assertIn("attach", answer.text)

	def test_content_that_is_sent_as_text_is_judged_like_an_upload(self) -> None:
		frappe.set_user(ALICE)
		for version in RESOURCE:
			answer = self.ask(
				f"{RESOURCE[version]}/File", "POST", file_name="a.html", content="<html></html>"
			)
			self.assertEqual(answer.status, 417, answer)
		picture = '<img src="data:image/svg+xml;filename=a.svg;base64,PHN2Zy8+">'
		answer = self.ask("/api/resource/ToDo", "POST", description=picture, allocated_to=ALICE)
		self.assertEqual(answer.status, 417, answer)

	def test_managers_of_the_site_put_up_other_kinds_where_no_case_is(self) -> None:
		make_user("root@example.org", "System Manager")
		for user, status in (("root@example.org", 200), (ALICE, 417)):
			frappe.set_user(user)
			self.assertEqual(self.upload("logo.bmp", b"BM" + bytes(60), is_private=0).status, status)

	def test_a_mail_is_kept_without_what_is_not_taken_of_it(self) -> None:
		from frappe.email.receive import InboundMail  # needs no account for this

		case = make_case().name
		mail = frappe.get_doc(
			doctype="Communication", reference_doctype="Case", reference_name=case, content="x", subject="x"
		).insert()
		intake = InboundMail.__new__(InboundMail)
		intake.attachments = [
			{"fname": "bad.exe", "fcontent": b"MZ" + bytes(90)},
			{"fname": "photo.jpg", "fcontent": samples.photo("jpeg")},
		]
		intake.cid_map = {}
		kept = intake.save_attachments_in_doc(mail)
		self.assertEqual([file.file_name for file in kept], ["photo.jpg"])
		self.assertNotIn(CANARY.encode(), self.content_of(kept[0].name))
		told = frappe.get_all("Comment", {"reference_name": case, "comment_type": "Info"}, pluck="content")
		self.assertTrue(any("bad.exe" in text for text in told), told)

	def test_where_another_app_replaces_the_class_cases_take_no_files(self) -> None:
		from frappe.core.doctype.file.file import File

		values = {"doctype": "File", "file_name": "a.txt", "content": "text"}
		place = {"attached_to_doctype": "Case", "attached_to_name": self.case_name}
		self.assertRaisesRegex(frappe.ValidationError, "Another app", File({**values, **place}).insert)
		File(values).insert()

	def test_the_trail_tells_name_and_fingerprint_of_a_file(self) -> None:
		from govcrm.accountability.trail import payload

		file = self.file("report.txt", "text")
		event = frappe.get_last_doc("Audit Event", {"reference_doctype": "File", "reference_name": file.name})
		told = json.dumps(payload.read(event))
		self.assertIn("report.txt", told)
		self.assertIn(frappe.db.get_value("File", file.name, "content_hash"), told)

	def test_an_empty_file_is_refused(self) -> None:
		self.assertRaisesRegex(FileNotTaken, "empty", self.file, "a.txt", b"")
