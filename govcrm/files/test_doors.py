"""The address of a file that is not one's own, tried as somebody who may not read the case it hangs on."""

from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote

import frappe
from frappe.utils import get_files_path, get_url
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm.tests import file_samples as samples
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, BOB, SUE, CaseTestCase
from govcrm.tests.factories import make_case
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
		answer = self.call("frappe.client.insert", doc={"doctype": "File", "file_url": self.secret.file_url})
		self.refused(answer)
		self.assertNotIn(
			self.secret.attached_to_name, answer.text
		)  # he named the file, and not what it hangs on
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
