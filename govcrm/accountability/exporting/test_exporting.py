"""Exports of a site's own log verify without it, and are made by and for those who oversee the log."""

import gzip
import json
from pathlib import Path

import frappe
from frappe.utils import add_days, add_months, getdate

from govcrm.accountability import trail, verify
from govcrm.accountability.exporting import downloading, lines, period, running, writer
from govcrm.accountability.guard import writing
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.reconciling import baseline, live, log
from govcrm.accountability.sealing import sealer
from govcrm.api.accountability import exports
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_published_program, make_request, make_user


class ExportingTestCase(GovCRMTestCase):
	"""In one transaction, that is rolled back: the log of these tests is sealed, but never committed."""

	def setUp(self) -> None:
		super().setUp()
		make_published_program()
		baseline.run(
			commit=lambda: None
		)  # else no row of the site would be in a snapshot, and none be compared
		self.request = make_request(description="Ein Loch in der Straße")
		while sealer.seal():
			pass
		self.folder = Path(frappe.get_site_path("private", "audit-exports"))
		self.before = set(self.folder.glob("*")) if self.folder.is_dir() else set()
		self.addCleanup(self.remove_files)

	def remove_files(self) -> None:
		for path in set(self.folder.glob("*")) - self.before:
			path.unlink()

	def write(self, *, after: int = 0, rows: bool = True, payloads: bool = False, reader=None) -> Path:
		of = period.since(after)
		made = lines.Export(of, rows=rows, payloads=payloads, reader=reader)
		return writer.write(made, "audit-test.ndjson.gz").path

	def verified(self, path: Path, **options) -> verify.Report:
		keys = frappe.get_all("Audit Signing Key", pluck="public_key", order_by="creation")
		return verify.Verifier(keys, **options).verify([path])

	def assertSound(self, report: verify.Report) -> None:
		self.assertFalse(report.findings, "\n".join(verify.words(report)))
		self.assertFalse(report.unreadable)


def told(path: Path, kind: str) -> list[dict]:
	with gzip.open(path, "rt", encoding="utf-8") as file:
		return [line for line in map(json.loads, file) if line["t"] == kind]


class TestTheFile(ExportingTestCase):
	def test_it_verifies_with_every_row_of_the_site(self) -> None:
		report = self.verified(self.write())
		self.assertSound(report)
		self.assertEqual(report.counts["rows"], sum(map(live.count, live.doctypes())))
		self.assertEqual(report.counts["covered"], report.counts["rows"])

	def test_a_row_changed_behind_the_application_is_named(self) -> None:
		table = frappe.qb.DocType("Case")
		case = self.request.case
		frappe.qb.update(table).set(table.priority, "Urgent").where(table.name == case).run()
		report = self.verified(self.write())
		self.assertEqual([finding.kind for finding in report.findings], ["row"])
		self.assertIn(f"Case {case} was changed", report.findings[0].text)

	def test_what_is_not_sealed_yet_goes_along(self) -> None:
		case = frappe.get_doc("Case", self.request.case)
		case.save()
		case.add_comment("Comment", "Not sealed yet.")
		path = self.write()
		self.assertSound(self.verified(path))
		self.assertTrue(told(path, "u"))

	def test_a_part_of_the_log_goes_on_from_the_checkpoint_before(self) -> None:
		first = log.size()
		frappe.get_doc("Case", self.request.case).save()
		frappe.get_doc(doctype="Work Skill", skill_name="Paving").insert()
		sealer.seal()
		report = self.verified(self.write(after=first))
		self.assertSound(report)
		self.assertEqual(report.facts["first"], first + 1)

	def test_values_are_opened_as_far_as_the_reader_may_see(self) -> None:
		make_user("olga@example.org", "Elected Official")
		everything = self.write(rows=False, payloads=True, reader=Reader("Administrator"))
		opened = [line for line in told(everything, "e") if "open" in line]
		report = self.verified(everything)
		self.assertSound(report)
		self.assertGreater(report.counts["openings"], 0)
		self.assertIn("Ein Loch in der Straße", json.dumps(opened, ensure_ascii=False))
		nothing = self.write(rows=False, payloads=True, reader=Reader("olga@example.org"))
		self.assertNotIn("Ein Loch in der Straße", gzip.decompress(nothing.read_bytes()).decode())
		self.assertSound(self.verified(nothing))

	def test_without_values_none_leaves_the_site(self) -> None:
		path = self.write()
		self.assertFalse([line for line in told(path, "e") if "payload" in line or "open" in line])

	def test_a_row_whose_key_was_destroyed_cannot_be_compared_and_is_no_alarm_with_its_event(self) -> None:
		case = self.request.case
		with writing():
			table = frappe.qb.DocType("Audit Key")
			frappe.qb.from_(table).delete().where(table.subject == f"Case/{case}").run()
		trail.keys.forget()
		trail.record("shred", "Case", case, subject=f"Case/{case}")
		report = self.verified(self.write())
		self.assertSound(report)
		self.assertGreater(report.counts["unreadable"], 0)

	def test_the_file_appears_only_when_it_is_whole(self) -> None:
		class Broken(lines.Export):
			def lines(self):
				yield {"t": "log"}
				raise RuntimeError

		with self.assertRaises(RuntimeError):
			writer.write(Broken(period.since(0), rows=False, payloads=False), "audit-broken.ndjson.gz")
		self.assertFalse(list(self.folder.glob("*broken*")))

	def test_nobody_else_on_the_machine_reads_it(self) -> None:
		self.assertEqual(self.write(rows=False).stat().st_mode & 0o077, 0)


class TestTheRecord(ExportingTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_user("aud@example.org", "Agency Auditor")
		self.committed = frappe.db.commit
		# The job commits each step; here all is rolled back in the end.
		frappe.db.commit = lambda: None
		self.rolled_back = frappe.db.rollback
		self.seal_what_waits = period.seal_what_waits
		period.seal_what_waits = lambda: None
		frappe.db.rollback = (
			lambda *args, **kwargs: self.rolled_back(*args, **kwargs) if kwargs.get("save_point") else None
		)
		self.addCleanup(self.put_back)

	def put_back(self) -> None:
		frappe.db.commit, frappe.db.rollback = self.committed, self.rolled_back
		period.seal_what_waits = self.seal_what_waits
		frappe.db.rollback()

	def ask(self, **values) -> frappe._dict:
		given = {"from_date": getdate(), "to_date": getdate(), "include_rows": 0, **values}
		return frappe.get_doc({"doctype": "Audit Export", **given}).insert()

	def test_an_auditor_asks_and_takes_the_file_which_leaves_events(self) -> None:
		frappe.set_user("aud@example.org")
		export = running.run(self.ask().name)
		self.assertEqual((export.status, export.requested_by), ("Done", "aud@example.org"))
		path = running.absolute(export)
		self.assertSound(self.verified(path))
		answer = exports.download(export.name)
		self.assertEqual(b"".join(answer.response), path.read_bytes())
		filters = {"verb": "export", "reference_doctype": "Audit Export", "reference_name": export.name}
		self.assertEqual(frappe.db.count("Audit Event", filters), 2)

	def test_nobody_else_may_ask_or_take(self) -> None:
		export = running.run(self.ask().name)
		make_user("carl@example.org", "Caseworker")
		frappe.set_user("carl@example.org")
		self.assertRaises(frappe.PermissionError, self.ask)
		self.assertRaises(frappe.PermissionError, exports.download, export.name)

	def test_what_was_opened_for_one_auditor_is_not_for_another(self) -> None:
		frappe.set_user("aud@example.org")
		export = running.run(self.ask(include_payloads=1).name)
		make_user("ada@example.org", "Agency Auditor")
		frappe.set_user("ada@example.org")
		self.assertRaises(frappe.PermissionError, exports.download, export.name)

	def test_no_client_says_what_was_exported_and_where_it_lies(self) -> None:
		frappe.set_user("aud@example.org")
		lie = {"status": "Done", "file_path": "/etc/passwd", "first_seq": 1, "last_seq": 9**9, "scheduled": 1}
		export = self.ask(**lie, requested_by="Administrator")
		self.assertEqual((export.status, export.file_path, export.last_seq), ("Queued", None, None))
		self.assertEqual((export.requested_by, export.scheduled), ("aud@example.org", 0))

	def test_a_record_that_points_elsewhere_hands_out_nothing(self) -> None:
		export = running.run(self.ask().name)
		export.file_path = "/etc/passwd"
		self.assertRaises(frappe.PermissionError, downloading._file_of, export)

	def test_it_is_not_changed_or_deleted_afterwards(self) -> None:
		export = running.run(self.ask().name)
		export = frappe.get_doc("Audit Export", export.name)
		export.include_rows = 1
		self.assertRaises(frappe.PermissionError, export.save)
		self.assertRaises(frappe.ValidationError, export.delete)

	def test_periods_that_cannot_be_are_refused(self) -> None:
		self.assertRaises(frappe.ValidationError, self.ask, to_date=add_days(getdate(), -1))
		self.assertRaises(
			frappe.ValidationError, self.ask, from_date=add_days(getdate(), 1), to_date=add_days(getdate(), 1)
		)

	def test_a_period_without_events_fails_with_a_reason(self) -> None:
		long_ago = add_months(getdate(), -60)
		export = self.ask(from_date=long_ago, to_date=long_ago)
		self.assertRaises(frappe.ValidationError, running.run, export.name)
		export.reload()
		self.assertEqual(export.status, "Failed")
		self.assertIn("Nothing was sealed", export.message)

	def test_the_schedule_goes_on_where_its_last_export_ended(self) -> None:
		settings = frappe.get_doc("Audit Settings")
		settings.update({"export_every": "Month", "export_folder": None})
		settings.save()
		sealer.seal()
		first = running.run(running.begin_due().name)
		self.assertEqual((first.first_seq, first.scheduled), (1, 1))
		self.assertIsNone(running.begin_due(), "in the same month")
		table = frappe.qb.DocType("Audit Export")
		frappe.qb.update(table).set(table.to_date, add_months(getdate(), -1)).where(
			table.name == first.name
		).run()
		sealer.seal()
		second = running.run(running.begin_due().name)
		self.assertEqual(second.first_seq, first.last_seq + 1)
		report = verify.Verifier().verify([running.absolute(first), running.absolute(second)])
		self.assertEqual(
			{finding.kind for finding in report.findings}, {"row"}, "the date that this test moved"
		)

	def test_a_folder_that_everybody_can_download_from_is_refused(self) -> None:
		settings = frappe.get_doc("Audit Settings")
		handed_out = [("public", "files"), ("private", "files"), ("private", "backups")]
		served = [str(Path(frappe.get_site_path(*parts)).resolve()) for parts in handed_out]
		for folder in (*served, "relative", "/no/such/folder"):
			settings.export_folder = folder
			self.assertRaises(frappe.ValidationError, settings.save)
