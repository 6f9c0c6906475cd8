"""What the health of the audit log tells in each state, and whom."""

import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import frappe
from frappe.utils import get_bench_path, now_datetime

from govcrm.accountability import folder, guard, health, health_notice, key_faults, trail
from govcrm.accountability.anchors import checkpoints, memory
from govcrm.tests.anchoring import AnchorTestCase, make_anchor, seal
from govcrm.tests.factories import make_user


class HealthTestCase(AnchorTestCase):
	def line(self, key: str) -> dict[str, str]:
		return next(line for line in health.lines() if line["key"] == key)

	def assert_state(self, key: str, state: str, words: str = ".") -> None:
		line = self.line(key)
		self.assertEqual(line["state"], state, line)
		self.assertRegex(f"{line['value']} {line['advice']}", words)


class TestTheLog(HealthTestCase):
	def test_events_that_wait_are_fine_for_a_moment_then_a_warning_then_bad(self):
		trail.record("test", "Case", "CASE-1")
		oldest = frappe.get_all("Audit Event", {"seq": 0}, pluck="at_utc", order_by="at_utc asc", limit=1)[0]
		for late, state in ((0, health.OK), (4, health.WARN), (16, health.BAD)):
			later = oldest + timedelta(minutes=late)
			with patch.object(checkpoints, "utc_now", return_value=later):
				self.assert_state("unsealed", state, "oldest")

	def test_more_than_are_counted_are_not_counted(self):
		with patch.object(health, "COUNTED", 1):
			for number in range(3):
				trail.record("test", "Case", f"CASE-{number}")
			self.assertIn("more than 1,", self.line("unsealed")["value"])

	def test_the_newest_checkpoint_is_told_and_its_signature_checked(self):
		newest = seal()
		self.assert_state("seal", health.OK, f"{newest.size} events")
		with patch.object(checkpoints, "newest", lambda: newest._replace(checkpoint=newest.checkpoint + " ")):
			self.assert_state("seal", health.BAD, "signature is wrong")
		with patch.object(checkpoints, "newest", lambda: None):
			self.assert_state("seal", health.UNKNOWN)

	def test_a_check_that_fails_is_bad_and_leaves_the_others(self):
		def broken():
			raise ZeroDivisionError("of nothing")

		with patch.object(health, "CHECKS", (broken, health.findings)):
			lines = health.lines()
		self.assertEqual([line["state"] for line in lines[:1]], [health.BAD])
		self.assertIn("of nothing", lines[0]["value"])
		self.assertEqual(lines[1]["key"], "findings")

	def test_every_line_has_its_words_and_advice_where_something_is_to_be_done(self):
		seal()
		for line in health.lines():
			self.assertEqual(set(line), {"key", "label", "value", "state", "advice"})
			self.assertTrue(line["label"] and line["value"], line)
			if line["state"] in (health.WARN, health.BAD):
				self.assertTrue(line["advice"], line)

	def test_the_whole_is_as_bad_as_its_worst(self):
		for states, worst in (
			("ok ok", "ok"),
			("ok unknown", "ok"),
			("warn ok", "warn"),
			("ok bad warn", "bad"),
		):
			self.assertEqual(health.worst([{"state": state} for state in states.split()]), worst)


class TestAnchors(HealthTestCase):
	def setUp(self) -> None:
		super().setUp()
		seal()
		self.anchor = make_anchor("Syslog", host="/nowhere", anchor_name="Tower")

	def course(self, **values: object) -> None:
		frappe.db.set_value("Audit Anchor", "Tower", values)

	def test_none_is_a_warning(self):
		for name in frappe.get_all("Audit Anchor", pluck="name"):
			frappe.db.set_value("Audit Anchor", name, "enabled", 0)
		self.assert_state("anchors", health.WARN, "Set up")

	def test_a_failing_one_is_a_warning_then_bad(self):
		self.course(failures=1, last_error="Refused")
		self.assert_state("anchor:Tower", health.WARN, "Refused")
		self.course(failures=3)
		self.assert_state("anchor:Tower", health.BAD, "Refused")

	def test_one_that_is_behind_for_long_is_bad_though_nothing_failed(self):
		self.assert_state("anchor:Tower", health.UNKNOWN)
		self.course(last_at=now_datetime() - timedelta(minutes=29), last_size=1)
		self.assert_state("anchor:Tower", health.OK)
		self.course(last_at=now_datetime() - timedelta(minutes=31))
		self.assert_state("anchor:Tower", health.BAD, "no new checkpoint")
		self.course(last_size=checkpoints.newest().size)
		self.assert_state("anchor:Tower", health.OK)

	def test_what_could_be_better_is_a_warning(self):
		self.anchor.update({"host": "log.example:514", "protocol": "UDP"})
		self.anchor.save()
		self.course(last_at=now_datetime(), last_size=checkpoints.newest().size)
		self.assert_state("anchor:Tower", health.WARN, "not confirmed")

	def test_a_log_that_was_put_back_is_bad_and_looking_makes_no_finding(self):
		self.assert_state("put_back", health.UNKNOWN, "None yet")
		memory.write(checkpoints.newest(), "Tower")
		self.assert_state("put_back", health.OK)
		memory.path().write_text('{"size": 999999999, "checkpoint_hash": "00", "anchor": "Tower"}')
		before = frappe.db.count("Audit Finding")
		self.assert_state("put_back", health.BAD, "999999999 events")
		self.assertEqual(frappe.db.count("Audit Finding"), before)


class TestChecksAndExports(HealthTestCase):
	def reconciled(self, status: str, hours: int) -> None:
		row = frappe.new_doc("Audit Reconciliation")
		row.update(
			{"status": status, "started_at": now_datetime() - timedelta(hours=hours), "message": "Why"}
		)
		with guard.writing():
			row.insert()

	def test_a_reconciliation_belongs_to_every_night(self):
		self.reconciled("Clean", 30)
		self.assert_state("reconciliation", health.OK, "Clean")
		self.reconciled("Failed", 20)
		self.assert_state("reconciliation", health.BAD, "Why")
		self.reconciled("Clean", 10)
		self.assert_state("reconciliation", health.OK)

	def test_an_old_reconciliation_is_bad(self):
		with patch.object(health, "RECONCILED_WITHIN", timedelta(hours=1)):
			self.reconciled("Clean", 2)
			self.assert_state("reconciliation", health.BAD, "scheduler")

	def test_findings_that_are_open_are_bad(self):
		row = frappe.new_doc("Audit Finding")
		row.update({"kind": "Changed", "status": "Open", "reference_doctype": "Case", "reference_name": "C"})
		row.insert()
		self.assert_state("findings", health.BAD, "Read them")

	def test_an_export_is_due_by_its_schedule(self):
		frappe.db.delete("Audit Export")
		frappe.db.set_single_value("Audit Settings", "export_every", "Day")
		with patch.object(health, "EXPORTED_WITHIN", {"Day": timedelta(seconds=-1)}):
			self.assert_state("export", health.BAD, "None yet")
		frappe.db.set_single_value("Audit Settings", "export_every", "Never")
		self.assert_state("export", health.OK)

	def test_an_export_that_was_made_counts_until_the_next_is_overdue(self):
		frappe.db.set_single_value("Audit Settings", "export_every", "Day")
		export = frappe.get_doc(
			{"doctype": "Audit Export", "from_date": "2026-01-01", "to_date": "2026-01-31"}
		)
		export.flags.run_here = True
		export.insert()
		frappe.db.set_value("Audit Export", export.name, "status", "Done")
		self.assert_state("export", health.OK, "Done")
		overdue = now_datetime() + timedelta(days=3)
		with patch.object(health, "now_datetime", return_value=overdue):
			self.assert_state("export", health.WARN, "overdue")


class TestTheFence(HealthTestCase):
	def setUp(self) -> None:
		super().setUp()
		copy = self.folder / "keys"
		shutil.copytree(folder.folder(), copy)
		copy.chmod(0o700)
		self.copy = copy
		self.enter(patch.object(folder, "folder", lambda: copy))

	def test_missing_triggers_are_a_warning(self):
		with patch.object(health.triggers, "missing", lambda: ["one", "two"]):
			self.assert_state("triggers", health.WARN, "2 missing")
		with patch.object(health.triggers, "missing", list):
			self.assert_state("triggers", health.OK)

	def test_reads_that_could_not_be_recorded_are_a_warning(self):
		for lost, state in ((0, health.OK), (3, health.WARN)):
			with patch.object(health.watching, "lost", lambda lost=lost: lost):
				self.assert_state("reads", state, str(lost))

	def test_keys_that_are_there_and_shut_are_well(self):
		self.assert_state("keys", health.OK)

	def test_keys_that_others_may_read_are_bad(self):
		next(self.copy.glob("master-*.key")).chmod(0o644)
		self.assert_state("keys", health.BAD, "chmod 700")

	def test_missing_keys_are_bad(self):
		next(self.copy.glob("sealing-*.pem")).unlink()
		self.assert_state("keys", health.BAD, "sealing-")

	def test_a_master_key_that_still_wraps_something_is_missed(self):
		trail.record("test", "Case", "CASE-1", reason="So that there is a key")
		used = list(key_faults.masters_in_use())
		self.assertEqual(used, frappe.get_all("Audit Key", pluck="master", distinct=True, order_by="master"))
		with patch.object(key_faults, "masters_in_use", lambda: [*used, "0000-gone"]):
			self.assert_state("keys", health.BAD, "0000-gone")

	def test_keys_among_files_that_are_served_or_backups_are_bad(self):
		for place in ("public/keys", "private/files/x", "private/backups"):
			self.assertTrue(key_faults.of_place(Path(frappe.get_site_path(*place.split("/")))))
		self.assertIsNone(key_faults.of_place(Path(frappe.get_site_path("govcrm-keys"))))


class TestTelling(HealthTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.auditor = make_user("auditor@example.org", "Agency Auditor")
		self.bad = health.Line("seal", "Last checkpoint", "wrong", health.BAD, "Do this.")._asdict()

	def told(self) -> list[str]:
		with patch.object(health, "lines", lambda: [self.bad]):
			return health_notice.tell()

	def notices(self) -> list[str]:
		return frappe.get_all("Notification Log", {"for_user": self.auditor.name}, pluck="subject")

	def test_auditors_hear_of_a_bad_line_once_and_again_when_it_comes_back(self):
		frappe.db.set_global(health_notice.TOLD, "[]")
		self.assertEqual(self.told(), ["seal"])
		self.assertEqual(self.told(), [])
		self.assertEqual(self.notices(), ["Audit log: Last checkpoint: wrong. Do this."])
		self.bad["state"] = health.OK
		self.assertEqual(self.told(), [])
		self.bad["state"] = health.BAD
		self.assertEqual(self.told(), ["seal"])


class TestTheCommand(HealthTestCase):
	def test_monitoring_learns_the_state_by_the_exit_code(self):
		command = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site]
		done = subprocess.run(
			[*command, "govcrm-audit-health", "--json"],
			cwd=Path(get_bench_path(), "sites"),
			env={**os.environ},
			capture_output=True,
			text=True,
			timeout=120,
		)
		lines = frappe.parse_json(done.stdout)
		self.assertEqual(done.returncode, {"ok": 0, "warn": 1, "bad": 2}[health.worst(lines)], done.stderr)
		self.assertIn("unsealed", [line["key"] for line in lines])
