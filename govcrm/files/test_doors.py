"""Each way to a file that is not one's own, tried as somebody who may not read the case it hangs on."""

import json
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote
from zipfile import ZipFile

import frappe
from frappe.utils import add_to_date, get_files_path, get_url
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm.files.taking import FileNotTaken
from govcrm.tests import file_samples as samples
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_case, make_user
from govcrm.tests.file_samples import CANARY

SECRET = f"what the neighbours said {CANARY}"
RESOURCE = {"v1": "/api/resource", "v2": "/api/v2/document"}
METHOD = {"v1": "/api/method", "v2": "/api/v2/method"}
NOT_FOR_YOU = (403, 404)


class FilesTestCase(AskingTestCase, CaseTestCase):
	"""Alice's case of Public Works has a file; Bob of Water may not see it."""

	def setUp(self) -> None:
		super().setUp()
		self.sent: dict = {}
		self.case_name = make_case(confidentiality="Restricted").name
		self.secret = self.file("secret.txt", SECRET)

	def file(self, name: str = "a.txt", content: bytes | str = "text", case: str | None = None, **values):
		place = {"attached_to_doctype": "Case", "attached_to_name": case or self.case_name}
		return frappe.get_doc(
			{"doctype": "File", "file_name": name, "content": content, **place, **values}
		).insert()

	def loose(self, name: str = "a.txt", content: bytes | str = "text", **values):
		return frappe.get_doc(
			{"doctype": "File", "file_name": name, "content": content, "is_private": 1, **values}
		).insert()

	def upload(
		self, name: str, content: bytes | None, version: str = "v1", declared: str | None = None, **form
	):
		self.sent = {"file": (BytesIO(content), name, declared)} if content is not None else {}
		try:
			return self.ask(f"{METHOD[version]}/upload_file", "POST", **form)
		finally:
			self.sent = {}

	def download(self, path: str, **args):
		return self.ask(path, "GET", **args)

	def _begin_request(self, path, http, args) -> None:
		super()._begin_request(path, http, args)
		if self.sent:
			built = EnvironBuilder(path, method=http, data=dict(self.sent))
			built.environ_base = {}
			request = Request(built.get_environ())
			request.after_response = frappe.local.request.after_response
			frappe.local.request = request

	def _dispatch(self):
		path = frappe.local.request.path
		if path.startswith("/private/files/"):
			with patch("frappe.utils.response.make_access_log"):  # which commits
				response = frappe.utils.response.download_private_file(path)
			response.direct_passthrough = False
			return response
		return super()._dispatch()

	def owned_by(self, user: str) -> list[str]:
		return frappe.get_all("File", {"owner": user, "is_folder": 0}, pluck="file_url")

	def content_of(self, name: str) -> bytes:
		return Path(frappe.get_doc("File", name).get_full_path()).read_bytes()


class TestAddresses(FilesTestCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.set_user(BOB)

	def test_the_url_of_a_file_cannot_be_adopted(self) -> None:
		for version in RESOURCE:
			self.refused(self.ask(f"{RESOURCE[version]}/File", "POST", file_url=self.secret.file_url))
			self.refused(self.upload("x", None, version, file_url=self.secret.file_url))
			self.refused(
				self.ask(
					f"{RESOURCE[version]}/File", "POST", file_url=self.secret.file_url, is_folder=0, owner=BOB
				)
			)
		self.refused(
			self.call("frappe.client.insert", doc={"doctype": "File", "file_url": self.secret.file_url})
		)
		self.assertEqual(self.owned_by(BOB), [])

	def test_a_folder_with_the_url_of_a_file_gets_nobody_there(self) -> None:
		values = {"is_folder": 1, "file_name": "mine", "file_url": self.secret.file_url, "folder": "Home"}
		self.ask("/api/resource/File", "POST", **values)
		self.assertEqual([one for one in self.owned_by(BOB) if one], [])
		self.assertIn(self.download(self.secret.file_url).status, NOT_FOR_YOU)

	def test_the_url_of_ones_own_file_cannot_be_changed_to_another(self) -> None:
		own = self.loose()
		for path, http in (
			(f"/api/resource/File/{own.name}", "PUT"),
			(f"/api/v2/document/File/{own.name}", "PATCH"),
		):
			self.refused(self.ask(path, http, file_url=self.secret.file_url))
			self.refused(self.ask(path, http, file_url=""))
		answer = self.call(
			"frappe.client.set_value",
			doctype="File",
			name=own.name,
			fieldname="file_url",
			value=self.secret.file_url,
		)
		self.refused(answer)
		self.assertEqual(frappe.db.get_value("File", own.name, "file_url"), own.file_url)

	def test_no_trick_with_a_path_reaches_a_file(self) -> None:
		address = self.secret.file_url
		name = address.rpartition("/")[2]
		site = Path(frappe.get_site_path()).name
		for tried in (
			quote(address, safe=""),
			quote(quote(address)),
			address.upper(),
			address.replace("secret", "SECRET"),
			f"/private/files/./{name}",
			f"/private/files//{name}",
			f"//private/files/{name}",
			f"/files/../../private/files/{name}",
			f"/private/files/../files/{name}",
			f"/private/files/x/../{name}",
			f"/private/files/..%2f..%2fprivate%2ffiles%2f{name}",
			"/private/files/../../site_config.json",
			"/files/../../site_config.json",
			"/private/backups/x.sql.gz",
			"/private/files/../backups/x.sql.gz",
			f"../private/files/{name}",
			f"file://{Path(self.secret.get_full_path()).resolve()}",
			str(Path(self.secret.get_full_path()).resolve()),
			f"{site}/private/files/{name}",
			f"{address}\0.txt",
			f"{address} ",
			f"{address}?fid=x",
			f"\\private\\files\\{name}",
		):
			before = len(self.owned_by(BOB))
			answer = self.ask("/api/resource/File", "POST", file_url=tried, file_name="x.txt")
			self.assertNotEqual(answer.status, 200, tried)
			self.assertEqual(len(self.owned_by(BOB)), before, tried)

	def test_an_address_with_a_host_is_a_link_and_never_a_path(self) -> None:
		address = self.secret.file_url
		for host in (get_url(), f"{get_url()}{get_url()}", "http://localhost", "https://localhost"):
			answer = self.ask("/api/resource/File", "POST", file_url=f"{host}{address}", file_name="x.txt")
			if answer.status == 200:
				link = frappe.get_doc("File", answer.message["name"])
				with patch("frappe.core.doctype.file.file.get_url", return_value=host):
					self.assertRaises(FileNotFoundError, link.get_content)

	def test_a_name_is_no_address(self) -> None:
		"""Without content Frappe reads the file of that name, whosever it is."""
		Path(get_files_path(f"{CANARY}.txt", is_private=1)).write_text(SECRET)
		self.addCleanup(Path(get_files_path(f"{CANARY}.txt", is_private=1)).unlink)
		for values in (
			{"file_name": f"{CANARY}.txt", "is_private": 1},
			{"file_url": f"/private/files/{CANARY}.txt"},
		):
			self.assertNotEqual(self.ask("/api/resource/File", "POST", **values).status, 200)
		self.assertEqual(self.owned_by(BOB), [])

	def test_the_url_of_a_file_cannot_be_adopted_by_a_field_for_attachments(self) -> None:
		self.refused(self.ask(f"/api/resource/User/{BOB}", "PUT", user_image=self.secret.file_url))
		self.refused(self.ask(f"/api/v2/document/User/{BOB}", "PATCH", user_image=self.secret.file_url))
		self.assertEqual(self.owned_by(BOB), [])

	def test_somebody_elses_loose_file_cannot_be_hung_on_ones_own_record(self) -> None:
		frappe.set_user(ALICE)
		loose = self.loose("a.txt", SECRET)
		frappe.set_user(BOB)
		self.refused(self.ask(f"/api/resource/User/{BOB}", "PUT", user_image=loose.file_url))
		self.assertIsNone(frappe.db.get_value("File", loose.name, "attached_to_name"))

	def test_the_url_of_a_file_cannot_be_adopted_by_a_mail(self) -> None:
		answer = self.call(
			"frappe.core.doctype.communication.email.make",
			recipients="x@example.org",
			content="x",
			attachments=[self.secret.name],
		)
		self.refused(answer)
		self.assertFalse(frappe.db.exists("File", {"attached_to_doctype": "Communication"}))

	def test_an_upload_like_a_closed_file_does_not_share_its_content(self) -> None:
		for version in METHOD:
			answer = self.upload("guess.txt", SECRET.encode(), version, is_private=1)
			self.assertEqual(answer.status, 200, answer)
			own = frappe.get_doc("File", answer.message["name"])
			self.assertNotEqual(own.file_url, self.secret.file_url)
			self.assertNotEqual(
				own.content_hash, frappe.db.get_value("File", self.secret.name, "content_hash")
			)

	def test_ones_own_copy_moves_and_deletes_nothing_of_a_closed_file(self) -> None:
		own = self.loose("guess.txt", SECRET)
		hidden = frappe.db.get_value("File", self.secret.name, "content_hash")
		said = {"content_hash": hidden, "thumbnail_url": self.secret.file_url}
		self.assertEqual(self.ask(f"/api/resource/File/{own.name}", "PUT", **said).status, 200)
		self.assertEqual(
			self.ask("/api/resource/File", "POST", **said, file_url="https://example.org/x").status, 200
		)
		self.assertEqual(self.ask(f"/api/resource/File/{own.name}", "PUT", is_private=0).status, 200)
		self.assertFalse(frappe.db.get_value("File", own.name, "thumbnail_url"))
		self.assertFalse(frappe.db.exists("File", {"content_hash": hidden, "name": ("!=", self.secret.name)}))
		self.assertEqual(self.content_of(self.secret.name), SECRET.encode())
		self.assertEqual(
			frappe.db.get_value("File", self.secret.name, ("is_private", "file_url")),
			(1, self.secret.file_url),
		)

	def test_a_file_that_one_may_read_can_be_used_again(self) -> None:
		other = make_case().name
		frappe.set_user(SUE)
		answer = self.upload("x", None, doctype="Case", docname=other, library_file_name=self.secret.name)
		self.assertEqual(answer.status, 200, answer)
		copy = frappe.get_doc("File", answer.message["name"])
		self.assertEqual((copy.file_name, self.content_of(copy.name)), ("secret.txt", SECRET.encode()))
		self.assertNotEqual(copy.file_url, self.secret.file_url)

	def test_a_picture_in_a_field_goes_on_being_one_file(self) -> None:
		answer = self.upload(
			"me.png", samples.photo("png"), doctype="User", docname=BOB, fieldname="user_image"
		)
		address = answer.message["file_url"]
		for _save in range(2):
			self.assertEqual(
				self.ask(f"/api/resource/User/{BOB}", "PUT", user_image=address, bio="x").status, 200
			)
		self.assertEqual(self.owned_by(BOB), [address])


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
