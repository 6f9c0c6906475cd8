"""After the records of a matter are destroyed and its key is shredded, its values are nowhere on the site."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
inventory = pytest.importorskip("inventory", reason="needs a bench's Python")

CANARY = "Qanary"
AUTHORITY = "Retention schedule 7"


def test_after_a_destruction_no_byte_of_the_values_is_on_the_site(site: str, bench: Callable[..., str]):
	with inventory.connected(site):
		subjects = make_matter()
		assert CANARY in dump(), "the test would prove nothing"
		destroy_records(subjects)
		commit()
	for subject in subjects:
		said = bench("govcrm-shred", subject, "--authority", AUTHORITY, "--reason", "Six years", "--yes")
		assert "Destroyed" in said
	bench("govcrm-seal")
	with inventory.connected(site):
		assert CANARY not in dump()
		assert [path for path in files() if CANARY.encode() in path.read_bytes()] == []


def test_the_verifier_says_valid_and_names_the_destruction(
	site: str, bench: Callable[..., str], tmp_path: Path
):
	said = bench("govcrm-export-audit", "--values")
	export = re.search(r"/\S+\.gz", said)[0]
	assert CANARY not in subprocess.run(["zcat", export], capture_output=True, text=True, check=True).stdout
	with inventory.connected(site):
		key = kept_by_the_auditor(tmp_path / "checkpoint.json")
	command = [sys.executable, "-m", "govcrm.accountability.verify", str(export), "--key", key]
	command += ["--checkpoint", str(tmp_path / "checkpoint.json")]
	done = subprocess.run(command, capture_output=True, text=True)
	assert done.returncode == 0, said + done.stdout + done.stderr
	assert "Case/" in done.stdout


def make_matter() -> list[str]:
	"""A case with words of a citizen in whatever takes words; gives its matters."""
	import frappe

	from govcrm.tests import factories

	citizen = frappe.get_doc(doctype="Citizen", first_name=CANARY, last_name=CANARY).insert()
	case = factories.make_case()
	request = factories.make_request(
		anonymous=0, citizen=citizen.name, case=case.name, description=CANARY, address_string=CANARY
	)
	task = factories.make_task(case, title=CANARY, instructions=CANARY)
	task.update({"title": f"{CANARY} again"}).save()
	case.reload()
	case.add_comment("Comment", CANARY)
	file = {"doctype": "File", "file_name": "x.txt", "is_private": 1, "content": CANARY}
	frappe.get_doc({**file, "attached_to_doctype": "Case", "attached_to_name": request.case}).insert()
	commit()
	return sorted({f"Case/{case.name}", f"Case/{request.case}", f"Citizen/{citizen.name}"})


def destroy_records(subjects: list[str]) -> None:
	"""What the duty to destroy does with the records themselves: their rows and files, whatever they are."""
	import frappe

	from govcrm.accountability.trail import capture

	capture.install()  # the log tells of what goes
	for subject in subjects:
		filters = {"subject": subject}
		rows = frappe.get_all(
			"Audit Event", filters, ["reference_doctype as doctype", "reference_name as name"]
		)
		for row in rows:
			destroy(row.doctype, row.name)
		table = frappe.qb.Table("__global_search")
		frappe.qb.from_(table).delete().where(table.name == subject.partition("/")[2]).run()


def destroy(doctype: str, name: str) -> None:
	import frappe

	if doctype == "File" and frappe.db.exists("File", name):
		Path(frappe.get_doc("File", name).get_full_path()).unlink(missing_ok=True)
	for field in frappe.get_meta(doctype).get_table_fields():
		frappe.db.delete(field.options, {"parent": name})
	frappe.db.delete(doctype, {"name": name})


def kept_by_the_auditor(path: Path) -> str:
	"""A checkpoint that was taken away, written to `path`; gives the public key that signed it."""
	import frappe

	fields = ["checkpoint", "signature", "signing_key"]
	seal = frappe.get_all("Audit Seal", fields=fields, order_by="name desc", limit=1)[0]
	path.write_text(json.dumps({"t": "c", "checkpoint": seal.checkpoint, "signature": seal.signature}))
	return frappe.db.get_value("Audit Signing Key", seal.signing_key, "public_key")


def commit() -> None:
	import frappe

	frappe.db.commit()


def dump() -> str:
	"""The whole database as text."""
	import frappe

	if frappe.db.db_type == "sqlite":
		with sqlite3.connect(frappe.db.get_db_path()) as connection:
			return "\n".join(connection.iterdump())
	conf, program = frappe.conf, shutil.which("mariadb-dump") or "mysqldump"
	account = [
		f"--user={conf.db_name}",
		f"--password={conf.db_password}",
		f"--host={conf.db_host or '127.0.0.1'}",
	]
	command = [program, *account, "--single-transaction", "--skip-triggers", conf.db_name]
	return subprocess.run(command, capture_output=True, check=True).stdout.decode(errors="replace")


def files() -> Iterator[Path]:
	"""Logs, key folder, exports, files: everything of the site but its database."""
	import frappe

	for path in Path(frappe.get_site_path()).rglob("*"):
		if path.is_file() and "backups" not in path.parts and "db" not in path.parts:
			yield path
