"""Files of a sealed case: put up, listed, handed out and taken away by who may, and cipher text to everybody and everything else."""

import json
import os
import shutil
import time
import tracemalloc
from io import BytesIO
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.utils.response import download_private_file
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import Forbidden

from govcrm.access import subjects
from govcrm.accountability import health
from govcrm.accountability.shredding import shred
from govcrm.accountability.trail import payload
from govcrm.api.casework import remove_sealed_file, sealed_file, sealed_files
from govcrm.casework.evidence import blobs, handing, records, sweeping, taking
from govcrm.casework.sealed import keyed
from govcrm.files.taking import FileNotTaken
from govcrm.tests import file_samples
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, BOB, SUE
from govcrm.tests.factories import make_user
from govcrm.tests.sealing import CANARY, SealedTestCase, places_of

TEXT = f"{CANARY} was seen at the house.\n".encode() * 3
NAME = f"{CANARY} statement.txt"


def sent(content: bytes = TEXT, name: str = NAME, kind: str = "text/plain") -> FileStorage:
	return FileStorage(BytesIO(content), filename=name, content_type=kind)


def on_the_disk(word: str | bytes) -> list[Path]:
	"""Files of the site in whose name or content the word stands."""
	word = word.encode() if isinstance(word, str) else word
	found = (path for path in Path(frappe.get_site_path()).rglob("*") if path.is_file())
	found = (path for path in found if not {"db", "logs", "backups"} & set(path.parts))
	return [path for path in found if word in os.fsencode(path.name) or word in path.read_bytes()]


class EvidenceTestCase(SealedTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.seal()

	def put_up(self, by: str = SUE, note: str | None = f"{CANARY} gave it", **file) -> str:
		self.become(by)
		return taking.put_up(self.matter.name, sent(**file), note)

	def become(self, user: str) -> None:
		frappe.set_user(user)
		subjects.forget()

	def listed(self, by: str = SUE) -> list[dict]:
		self.become(by)
		return sealed_files(self.matter.name)["files"]

	def had(self, name: str, by: str = SUE) -> bytes:
		self.become(by)
		return b"".join(sealed_file(name).response)


class TestEvidence(EvidenceTestCase):
	def test_what_was_put_up_is_listed_and_handed_out_as_it_came(self):
		name = self.put_up()
		[file] = self.listed(ALICE)
		self.assertEqual((file["file_name"], file["size"], file["state"]), (NAME, len(TEXT), "open"))
		self.assertEqual(file["note"], f"{CANARY} gave it")
		self.assertEqual(file["by"], frappe.utils.get_fullname(SUE))
		self.assertEqual(self.had(name, ALICE), TEXT)

	def test_no_column_and_no_file_of_the_site_holds_a_word_of_it(self):
		name = self.put_up()
		self.assertEqual(places_of(CANARY), [])
		self.assertEqual(on_the_disk(CANARY), [])
		self.assertTrue(
			blobs.path_of(name).is_file()
		)  # else nothing would stand there because nothing was kept

	def test_its_record_says_a_number_and_no_more(self):
		row = frappe.get_doc("Sealed Evidence", self.put_up()).as_dict()
		said = {key for key, value in row.items() if value} - {"owner", "creation", "modified", "modified_by"}
		self.assertEqual(said, {"name", "doctype", "case", "number", "key_mark", "content"})
		self.assertEqual(self.put_up(), self.listed()[1]["name"])
		self.assertEqual([file["number"] for file in self.listed()], [1, 2])

	def test_its_content_is_open_to_the_user_of_the_site_alone(self):
		path = blobs.path_of(self.put_up())
		self.assertEqual(path.stat().st_mode & 0o777, 0o600)
		self.assertEqual(path.parent.stat().st_mode & 0o777, 0o700)

	def test_no_list_no_form_and_no_record_is_shown_to_anybody(self):
		name = self.put_up()
		for user in (SUE, ALICE, BOB, make_user("petra.privacy@example.org", "Privacy Officer").name):
			self.become(user)
			self.assertFalse(frappe.has_permission("Sealed Evidence", "read", doc=name), user)
			with self.assertRaises(frappe.PermissionError):
				frappe.get_list("Sealed Evidence")

	def test_who_may_not_read_the_case_is_told_what_is_told_of_what_is_not_there(self):
		name = self.put_up()
		for user in (BOB, make_user("petra.privacy@example.org", "Privacy Officer").name):
			for act in (self.had, lambda name, by: remove_sealed_file(name, "I want to")):
				self.assertEqual(
					self.refusal(act, name, user), self.refusal(act, "0123456789abcdefghij", user)
				)
			with self.assertRaises(frappe.PermissionError):
				self.listed(user)
			with self.assertRaises(frappe.PermissionError):
				self.put_up(user)
		self.assertEqual(len(self.listed()), 1)

	def refusal(self, act, name: str, user: str) -> str:
		self.become(user)
		with self.assertRaises(frappe.PermissionError) as refused:
			act(name, user)
		return str(refused.exception).replace(name, "…")

	def test_who_only_reads_the_case_takes_nothing_away_and_puts_nothing_up(self):
		name = self.put_up()
		words = {
			"opens": "Read",
			"reason": "r",
			"authority": "a",
			"valid_to": str(frappe.utils.add_days(frappe.utils.nowdate(), 3)),
		}
		frappe.get_doc("Case", self.matter.name).open_to(BOB, **words)
		self.assertEqual(self.had(name, BOB), TEXT)
		self.assertFalse(sealed_files(self.matter.name)["may_write"])
		with self.assertRaises(frappe.PermissionError):
			self.put_up(BOB)
		with self.assertRaises(frappe.PermissionError):
			remove_sealed_file(name, "It is mine.")

	def test_who_is_recused_from_it_has_it_no_longer(self):
		name = self.put_up()
		frappe.set_user("Administrator")
		recusal = {"doctype": "Recusal", "user": ALICE, "case": self.matter.name, "relation": "Family"}
		frappe.get_doc({**recusal, "reason": "Aunt."}).insert()
		with self.assertRaises(frappe.PermissionError):
			self.had(name, ALICE)

	def test_what_is_taken_away_is_gone_with_a_reason(self):
		name = self.put_up()
		self.become(ALICE)
		with self.assertRaises(frappe.ValidationError):
			remove_sealed_file(name, " ")
		remove_sealed_file(name, "It is of another case.")
		self.assertEqual(self.listed(), [])
		self.assertTrue(blobs.path_of(name).exists())  # until it is certain
		frappe.db.after_commit.run()
		self.assertFalse(blobs.path_of(name).exists())
		event = self.event("remove evidence")
		self.assertEqual(payload.read(event)["reason"], "It is of another case.")
		self.assertEqual(payload.read(event)["detail/file_name"], NAME)
		self.assertFalse(frappe.db.exists("Deleted Document", {"deleted_name": name}))

	def test_each_look_and_each_act_is_recorded_with_the_fingerprint(self):
		name = self.put_up()
		put_up = payload.read(self.event("add evidence"))
		self.listed(ALICE)
		self.assertEqual(payload.read(self.event("read"))["detail/files"], 1)
		self.had(name, ALICE)
		taken = payload.read(self.event("download"))
		self.assertEqual(taken["detail/sha256"], put_up["detail/sha256"])
		self.assertEqual((taken["detail/evidence"], taken["detail/file_name"]), (name, NAME))

	def event(self, verb: str):
		return frappe.get_last_doc("Audit Event", {"verb": verb, "reference_name": self.matter.name})

	def test_it_is_an_attachment_that_no_browser_opens_by_itself(self):
		name = self.put_up(name='a"b\r\nX: y ß.txt')
		self.become(SUE)
		answer = sealed_file(name)
		self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")
		self.assertEqual(answer.headers["Cache-Control"], "no-store")
		self.assertEqual(answer.mimetype, "application/octet-stream")
		self.assertRegex(answer.headers["Content-Disposition"], r"^attachment; filename")
		self.assertNotIn("\n", answer.headers["Content-Disposition"])
		self.assertNotIn("X", answer.headers)
		answer.close()

	def test_nobody_writes_its_record_past_this(self):
		doc = frappe.get_doc("Sealed Evidence", self.put_up())
		frappe.set_user("Administrator")
		for act in (doc.save, doc.delete):
			with self.assertRaises(frappe.PermissionError):
				act()

	def test_a_case_that_is_not_sealed_takes_none_this_way(self):
		self.lower()
		with self.assertRaises(frappe.PermissionError):
			self.put_up()


class TestOverRequests(AskingTestCase, EvidenceTestCase):
	def test_the_gate_lets_those_ask_who_may_and_others_are_told_nothing(self):
		name = self.put_up()
		asked = {
			"sealed_files": {"case": self.matter.name},
			"sealed_file": {"name": name},
			"remove_sealed_file": {"name": name, "reason": "I want to"},
			"add_sealed_file": {"case": self.matter.name},
		}
		for user in (BOB, "Guest"):
			self.become(user)
			for method, args in asked.items():
				answer = self.call(f"govcrm.api.casework.{method}", **args)
				self.refused(answer)
				self.assertNotIn(CANARY, answer.text)
		self.become(SUE)
		answer = self.call("govcrm.api.casework.sealed_files", case=self.matter.name)
		self.assertEqual((answer.status, len(answer.message["files"])), (200, 1))
		self.assertEqual(
			self.ask("/api/method/govcrm.api.casework.sealed_file", "GET", name=name).status, 403
		)

	def test_rest_gives_nobody_its_record(self):
		name = self.put_up()
		for user in (SUE, BOB):
			self.become(user)
			for path in ("/api/resource/Sealed Evidence", f"/api/resource/Sealed Evidence/{name}"):
				self.refused(self.ask(path, "GET", fields='["*"]'))
				self.refused(
					self.ask(path.replace("/api/resource/", "/api/v2/document/"), "GET", fields='["*"]')
				)


class TestWhatIsTaken(EvidenceTestCase):
	def test_kinds_are_those_of_every_file_of_a_case(self):
		for content, name, kind in (
			(b"<html><script>1</script></html>", "a.html", "text/html"),
			(b"<html></html>", "a.txt", "text/plain"),
			(b"MZ\x90\x00" * 9, "a.pdf", "application/pdf"),
			(file_samples.PDF, "a.txt", "text/plain"),
			(TEXT, "a.txt", "image/png"),
			(b"", "a.txt", "text/plain"),
		):
			with self.assertRaises(FileNotTaken, msg=f"{name} as {kind}"):
				self.put_up(content=content, name=name, kind=kind)
		self.assertEqual(self.listed(), [])

	def test_a_photograph_loses_where_it_was_taken(self):
		photo = file_samples.photo("jpeg")
		self.assertIn(file_samples.CANARY.encode(), photo)
		name = self.put_up(content=photo, name="a.jpg", kind="image/jpeg")
		kept = self.had(name)
		self.assertNotIn(file_samples.CANARY.encode(), kept)
		Image.open(BytesIO(kept)).verify()

	def test_one_that_is_too_large_is_refused_with_the_limit(self):
		with (
			patch.object(taking, "get_max_file_size", return_value=1 << 20),
			self.assertRaisesRegex(FileNotTaken, "larger than 1 MB"),
		):
			self.put_up(content=b"x" * ((1 << 20) + 1))

	def test_names_have_no_folders_and_end_as_they_did(self):
		for said, kept in (
			("../../etc/a.txt", "a.txt"),
			("C:\\new\\b.txt", "b.txt"),
			("a\x00b.txt", "a_b.txt"),
			("x" * 300 + ".txt", "x" * 136 + ".txt"),
			("..", ".."),
			("plain", "plain"),
		):
			self.assertEqual(taking.name_of(said), kept)


class TestContent(EvidenceTestCase):
	def test_contents_that_changed_places_are_refused(self):
		one, other = self.put_up(), self.put_up(content=b"other", name="b.txt")
		shutil.copy(blobs.path_of(other), blobs.path_of(one))
		self.refused(one)

	def test_a_record_that_was_renamed_opens_neither_name_nor_content(self):
		name = self.put_up()
		row = records.row_of(name)
		frappe.db.set_value("Sealed Evidence", name, "name", "elsewhere0elsewhere")
		blobs.path_of(name).rename(blobs.path_of("elsewhere0elsewhere"))
		self.addCleanup(blobs.destroy, "elsewhere0elsewhere")
		row.name = "elsewhere0elsewhere"
		for act in (records.said_of, records.content_of):
			with self.assertRaises(keyed.Unreadable):
				act(row)

	def test_what_was_cut_or_changed_is_refused_before_its_first_byte(self):
		name = self.put_up(content=TEXT * 4000)
		path = blobs.path_of(name)
		whole = path.read_bytes()
		for broken in (whole[:-1], whole[: len(whole) // 2], whole[:-9] + b"x" + whole[-8:], b""):
			path.write_bytes(broken)
			self.refused(name)
		path.write_bytes(whole)
		self.assertEqual(self.had(name), TEXT * 4000)

	def test_one_that_is_not_there_is_refused_and_can_be_taken_off_the_list(self):
		name = self.put_up()
		blobs.destroy(name)
		with self.assertRaisesRegex(keyed.Unreadable, "not where it was kept"):
			self.had(name)
		remove_sealed_file(name, "It was lost.")
		self.assertEqual(self.listed(), [])

	def refused(self, name: str) -> None:
		with self.assertRaisesRegex(keyed.Unreadable, "was changed behind the application"):
			self.had(name)

	def test_what_its_record_says_is_refused_once_changed_and_listed_as_unreadable(self):
		name = self.put_up()
		frappe.db.set_value("Sealed Evidence", name, "content", "AAAA")
		[file] = self.listed()
		self.assertEqual(file["state"], handing.UNREADABLE)
		self.assertNotIn("file_name", file)

	def test_a_transaction_that_is_taken_back_leaves_no_file(self):
		before = set(blobs.files(blobs.folder()))
		self.put_up()
		self.assertEqual(len(set(blobs.files(blobs.folder())) - before), 1)
		frappe.db.rollback()
		self.assertEqual(set(blobs.files(blobs.folder())), before)

	def test_an_error_while_writing_leaves_no_file(self):
		before = set(blobs.files(blobs.folder()))
		with patch.object(blobs.os, "fsync", side_effect=OSError), self.assertRaises(OSError):
			self.put_up()
		frappe.db.rollback()
		self.assertEqual(set(blobs.files(blobs.folder())), before)

	def test_thirty_megabytes_keep_memory_flat(self):
		self.become(SUE)
		records.hold(self.matter.name)
		piece = os.urandom(1 << 20)
		tracemalloc.start()
		name = records.make(self.matter.name, {"file_name": "a.bin"}, (piece for _ in range(30)))
		length = sum(map(len, sealed_file(name).response))
		_now, peak = tracemalloc.get_traced_memory()
		tracemalloc.stop()
		self.assertEqual(length, 30 << 20)
		self.assertLess(peak, 8 << 20)

	def orphan(self, ending: str = "orphan") -> Path:
		path = blobs.folder() / f"0123456789{ending}"
		path.write_bytes(b"x")
		for place in (path, blobs.folder() / blobs.ASIDE / path.name):
			self.addCleanup(place.unlink, missing_ok=True)
		return path

	def sweep_after(self, days: float) -> None:
		with patch.object(sweeping.time, "time", return_value=time.time() + days * sweeping.DAY):
			sweeping.sweep()

	def test_contents_without_a_record_are_set_aside_a_day_later_and_told(self):
		kept, lost = self.put_up(), self.orphan()
		begun = self.orphan(blobs.BEGUN)
		sweeping.sweep()
		self.assertTrue(lost.exists() and begun.exists())
		with patch.object(sweeping.telling, "tell") as tell:
			self.sweep_after(2)
		self.assertEqual(blobs.place_aside(lost.name).read_bytes(), b"x")
		self.assertFalse(lost.exists() or begun.exists())
		self.assertTrue(blobs.path_of(kept).exists())
		self.assertIn("aside: 1.", tell.call_args.args[2])
		[line] = health.contents()
		self.assertEqual((line.state, line.value), (health.WARN, str(len(blobs.aside()))))

	def test_contents_that_were_set_aside_are_destroyed_when_the_set_time_is_over(self):
		lost = self.orphan()
		self.sweep_after(2)
		place = blobs.place_aside(lost.name)
		frappe.db.set_single_value("GovCRM Settings", "evidence_days_aside", 10)
		os.utime(place, (0, 0))  # as it lay in a backup that was put back today
		self.sweep_after(9)
		self.assertTrue(place.exists())
		self.sweep_after(11)
		self.assertFalse(place.exists())

	def test_contents_go_back_when_their_record_is_there_again(self):
		name = self.put_up()
		with patch.object(sweeping.records, "row_of", return_value=None):
			self.sweep_after(2)
		self.assertFalse(blobs.path_of(name).exists())
		self.sweep_after(400)
		self.assertTrue(blobs.path_of(name).exists())

	def test_contents_that_a_backup_has_put_back_lie_aside_no_longer(self):
		name = self.put_up()
		blobs.set_aside(name)
		shutil.copy(blobs.place_aside(name), blobs.path_of(name))
		sweeping.sweep()
		self.assertEqual((blobs.aside(), self.had(name)), ([], TEXT))

	def test_contents_that_were_set_aside_are_read_at_once_when_their_record_is_there_again(self):
		name = self.put_up()
		blobs.set_aside(name)
		self.assertEqual(self.had(name), TEXT)
		self.assertTrue(blobs.path_of(name).exists())

	def test_contents_that_were_set_aside_go_with_the_key_of_their_case(self):
		name = self.put_up()
		blobs.set_aside(name)
		blobs.destroy(name)
		self.assertFalse(blobs.place_aside(name).exists())

	def test_destroying_the_key_of_the_case_destroys_them(self):
		name = self.put_up()
		frappe.set_user("Administrator")
		shred(f"Case/{self.matter.name}", "Retention 7", "Its time is over.")
		with self.assertRaises(keyed.Destroyed):
			records.content_of(records.row_of(name))
		frappe.db.after_commit.run()
		self.assertFalse(blobs.path_of(name).exists())
		[file] = self.listed()
		self.assertEqual(file["state"], handing.DESTROYED)
		self.assertNotIn(CANARY, json.dumps(file))

	def test_no_address_leads_to_them(self):
		address = f"/private/files/{blobs.FOLDER}/{self.put_up()}"
		frappe.set_user("Administrator")
		for asked in (address, f"/private/files/x/../{address.removeprefix('/private/files/')}"):
			with self.assertRaises(Forbidden):
				download_private_file(asked)
		for place in ({}, {"attached_to_doctype": "User", "attached_to_name": "Guest"}):
			with self.assertRaises(frappe.PermissionError):
				frappe.get_doc({"doctype": "File", "file_url": address, "is_private": 1, **place}).insert()
		self.assertFalse(frappe.db.exists("File", {"file_url": address}))
