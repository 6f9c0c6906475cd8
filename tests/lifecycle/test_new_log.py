"""A copy of a site without the keys of the original records nothing, until it has begun a log of its own."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

sys.path.insert(0, str(Path(__file__).parent))
inventory = pytest.importorskip("inventory", reason="needs a bench's Python")

COMMAND = "govcrm-begin-log"
CHANGE = ("execute", "frappe.client.set_value", "--args", "['Role', 'Guest', 'home_page', '/{}']")

old: dict[str, object] = {}


def test_a_site_with_its_keys_goes_on_with_its_log(site: str, bench: Callable[..., str]):
	bench("govcrm-seal")
	with inventory.connected(site):
		old.update(log=log_id(), events=set(names("Audit Event")), horizon=horizon(7), anchor=anchor())
	assert "has the keys of its log" in refused(site, COMMAND, "--log", digits())
	with inventory.connected(site):
		assert old["events"] <= set(names("Audit Event"))


def test_a_copy_without_keys_changes_nothing(site: str):
	with inventory.connected(site):
		shutil.rmtree(key_folder())
	assert "The audit log cannot go on" in refused(site, *change("refused"))


def test_it_asks_before_it_deletes(site: str):
	assert f"events of the log {digits()}" in refused(site, COMMAND)
	assert "nothing was deleted" in refused(site, COMMAND, "--log", "0" * 8)
	with inventory.connected(site):
		assert old["events"] <= set(names("Audit Event"))


def test_stopped_in_the_middle_nothing_passes_unrecorded(site: str):
	with inventory.connected(site):
		stop_before("Audit Signing Key")
		assert (horizon(), names("Audit Key")) == (0, [])
	assert "The audit log cannot go on" in refused(site, *change("unheard"))
	refused(site, "migrate", "--skip-search-index")


def test_it_begins_a_log_of_its_own_in_which_nothing_of_the_old_one_is_left(
	site: str, bench: Callable[..., str]
):
	said = bench(COMMAND, "--log", digits())
	with inventory.connected(site):
		assert log_id() != old["log"]
		assert log_id() in said
		assert key_folder().stat().st_mode & 0o777 == 0o700
		assert old["events"].isdisjoint(names("Audit Event"))
		assert not [header for header in headers() if str(old["log"]) in header]
		assert (horizon(), names("Audit Anchor"), secrets_of_anchors()) == (0, [], 0)
		assert missing_triggers() == []
		assert told_of_its_beginning() == {"detail/log": old["log"]}


def test_the_new_log_is_whole(site: str, bench: Callable[..., str], tmp_path: Path):
	bench(*change("told"))
	bench("govcrm-seal")
	assert "0 findings" in bench("govcrm-reconcile")
	export = re.search(r"/\S+\.gz", bench("govcrm-export-audit"))[0]
	with inventory.connected(site):
		key = signing_key()
	command = [sys.executable, "-m", "govcrm.accountability.verify", export, "--key", key]
	done = subprocess.run(command, capture_output=True, text=True)
	assert done.returncode in (0, 3), done.stdout + done.stderr


def test_begun_once_it_is_not_begun_again(site: str):
	assert "has the keys of its log" in refused(site, COMMAND, "--log", digits())


def digits() -> str:
	"""What the command wants to hear before it deletes."""
	return str(old["log"])[:8]


def change(page: str) -> tuple[str, ...]:
	"""A command that changes a covered record."""
	return (*CHANGE[:-1], CHANGE[-1].format(page))


def stop_before(doctype: str) -> None:
	from govcrm import compat
	from govcrm.accountability import beginning

	class Stopped(Exception):
		pass

	def empty(wanted: str, really=compat.empty) -> None:
		if wanted == doctype:
			raise Stopped
		really(wanted)

	with patch.object(compat, "empty", empty), pytest.raises(Stopped):
		beginning.begin_anew(digits())


def refused(site: str, *words: str) -> str:
	"""What a command says that must fail."""
	line = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", site, *words]
	done = subprocess.run(
		line, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
	)
	assert done.returncode, done.stdout
	return done.stdout


def log_id() -> str:
	from govcrm.accountability import folder

	return folder.log_id()


def key_folder() -> Path:
	from govcrm.accountability import folder

	return folder.folder()


def names(doctype: str) -> list[str]:
	import frappe

	return frappe.get_all(doctype, pluck="name", order_by="name")


def headers() -> list[str]:
	import frappe

	return frappe.get_all("Audit Event", pluck="header", order_by="name")


def horizon(moved_to: int | None = None) -> int:
	import frappe

	from govcrm.accountability.guard import writing

	if moved_to is not None:
		with writing():
			frappe.db.set_single_value("Audit Settings", "removed_to_seq", moved_to)
		frappe.db.commit()
	return int(frappe.db.get_single_value("Audit Settings", "removed_to_seq", cache=False))


def anchor() -> str:
	"""One with a secret, which the copy must not go on telling in the name of the original."""
	import frappe

	values = {"doctype": "Audit Anchor", "anchor_name": "Witness", "kind": "Webhook", "enabled": 0}
	made = frappe.get_doc({**values, "url": "https://witness.example/", "secret": "Qanary"})
	made.insert()
	frappe.db.commit()
	return made.name


def secrets_of_anchors() -> int:
	import frappe

	table = frappe.qb.Table("__Auth")
	return len(frappe.qb.from_(table).select(table.name).where(table.doctype == "Audit Anchor").run())


def missing_triggers() -> list[str]:
	from govcrm.accountability.guard import triggers

	return triggers.missing()


def told_of_its_beginning() -> dict:
	import frappe

	from govcrm.accountability.trail import payload

	[event] = frappe.get_all("Audit Event", {"verb": "begin log"}, pluck="name", order_by="name")
	return {path: value for path, value in payload.read(event).items() if path.startswith("detail/")}


def signing_key() -> str:
	import frappe

	return frappe.db.get_value("Audit Signing Key", {"active": 1}, "public_key")
