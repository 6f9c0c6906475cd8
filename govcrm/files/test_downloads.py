"""Who gets the content of a file, by each way that hands it out or changes it."""

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import frappe

from govcrm.files.test_doors import NOT_FOR_YOU, SECRET, FilesTestCase
from govcrm.tests import file_samples as samples
from govcrm.tests.casework import ALICE, BOB, SUE
from govcrm.tests.factories import make_case
from govcrm.tests.file_samples import CANARY


class TestDownloads(FilesTestCase):
	def ways(self, file) -> dict:
		return {
			"address": lambda: self.download(file.file_url),
			"address with name": lambda: self.download(file.file_url, fid=file.name),
			"v1": lambda: self.ask("/api/method/download_file", file_url=file.file_url),
			"v2": lambda: self.ask("/api/v2/method/frappe.handler.download_file", file_url=file.file_url),
			"alias": lambda: self.ask(
				"/api/method/frappe.core.doctype.file.file.download_file", file_url=file.file_url
			),
		}

	def test_a_file_is_downloaded_only_by_who_may_read_its_case(self) -> None:
		for user, may in ((ALICE, False), (BOB, False), (SUE, True), ("Administrator", True)):
			frappe.set_user(user)
			for way, ask in self.ways(self.secret).items():
				answer = ask()
				self.assertEqual(CANARY in answer.text, may, (user, way, answer))

	def test_who_uploaded_a_file_cannot_read_it_once_recused(self) -> None:
		case = make_case().name
		frappe.set_user(ALICE)
		own = self.file("mine.txt", SECRET, case=case)
		self.assertIn(CANARY, self.download(own.file_url).text)
		frappe.set_user("Administrator")
		frappe.get_doc(doctype="Recusal", user=ALICE, case=case, reason="Conflict of interest").insert()
		frappe.set_user(ALICE)
		for way, ask in self.ways(own).items():
			self.assertNotIn(CANARY, ask().text, way)
		self.assertNotIn(CANARY, self.zipped(own.name))

	def test_a_file_of_a_comment_or_mail_is_read_only_by_who_may_read_the_case(self) -> None:
		comment = frappe.get_doc("Case", self.case_name).add_comment("Comment", "x").name
		mail = (
			frappe.get_doc(
				doctype="Communication",
				reference_doctype="Case",
				reference_name=self.case_name,
				content="x",
				subject="x",
			)
			.insert()
			.name
		)
		for doctype, name in (("Comment", comment), ("Communication", mail)):
			file = self.file(
				"b.txt", SECRET, attached_to_doctype=doctype, attached_to_name=name, is_private=0
			)
			self.assertEqual(file.is_private, 1)
			frappe.set_user(BOB)
			for way, ask in self.ways(file).items():
				self.assertNotIn(CANARY, ask().text, (doctype, way))
			frappe.set_user("Administrator")

	def test_an_archive_of_files_leaves_out_those_of_closed_cases(self) -> None:
		"""Also to who uploaded the file, whom Frappe lets in."""
		self.secret.db_set("owner", BOB)
		frappe.set_user(BOB)
		own = self.loose("own.txt", "mine")
		for method in ("frappe.core.api.file.zip_files", "frappe.core.doctype.file.file.zip_files"):
			self.assertEqual(self.zipped(own.name, self.secret.name, method=method), "mine")
		frappe.set_user(SUE)
		self.assertIn(CANARY, self.zipped(self.secret.name))

	def test_an_address_in_other_letters_is_another_file(self) -> None:
		"""MariaDB finds Bob's own File by it, and the content would be whoever's has these letters."""
		frappe.set_user(BOB)
		own = self.loose("own.txt", "mine")
		theirs = Path(own.get_full_path()).with_name(Path(own.file_url).name.upper())
		theirs.write_text(SECRET)
		self.addCleanup(theirs.unlink)
		self.assertEqual(self.download(own.file_url).text, "mine")
		self.assertIn(self.download(f"/private/files/{theirs.name}").status, NOT_FOR_YOU)

	def test_an_archive_is_unpacked_only_by_who_may_change_it(self) -> None:
		inside = samples.archive(**{"a.txt": SECRET})
		packed = self.loose("a.zip", inside)
		frappe.set_user(BOB)
		self.refused(self.call("frappe.core.api.file.unzip_file", name=packed.name))
		self.assertEqual(self.owned_by(BOB), [])

	def test_an_archive_that_unpacks_to_more_than_a_file_may_hold_is_refused(self) -> None:
		packed = self.loose("a.zip", samples.archive(**{"a.txt": "text"}))
		frappe.db.set_single_value("System Settings", "max_file_size", 1)
		frappe.clear_document_cache("System Settings", "System Settings")
		with ZipFile(packed.get_full_path(), "w", 8) as file:
			file.writestr("a.txt", bytes(3 << 20))
		self.assertRaisesRegex(frappe.ValidationError, "larger", packed.unzip)

	def test_a_picture_is_made_smaller_only_by_who_may_change_it(self) -> None:
		shown = self.file("a.png", samples.photo("png"))
		before = self.content_of(shown.name)
		frappe.set_user(BOB)
		docs = json.dumps({**shown.as_dict(convert_dates_to_str=True), "owner": BOB})
		self.refused(self.call("run_doc_method", method="optimize_file", docs=docs))
		own = self.loose("own.png", samples.photo("png"))
		docs = json.dumps({**own.as_dict(convert_dates_to_str=True), "file_url": shown.file_url})
		self.call("run_doc_method", method="optimize_file", docs=docs)
		self.assertEqual(self.content_of(shown.name), before)

	def zipped(self, *names: str, method: str = "frappe.core.api.file.zip_files") -> str:
		self._begin_request(f"/api/method/{method}", "POST", {"cmd": method, "files": json.dumps(names)})
		frappe.handler.handle()
		with ZipFile(BytesIO(frappe.local.response.filecontent)) as file:
			return "".join(file.read(name).decode() for name in file.namelist())
