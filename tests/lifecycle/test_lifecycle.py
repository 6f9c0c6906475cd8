"""The app comes to a site beside others, is migrated, works, and goes. The tests build on each other, in order."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
inventory = pytest.importorskip("inventory", reason="needs a bench's Python")

CHECKOUT = Path(__file__).resolve().parents[2]
# Users belong to the site and may have come to do other work there: they stay, without our roles.
PEOPLE = "example.org"
EVENTS = "tabAudit Event"

found: dict[str, dict] = {}


def test_installs_beside_the_other_apps(site: str, bench: Callable[..., str]):
	# The other apps' own first migration tidies up after their installation.
	bench("migrate")
	found["without"] = inventory.take(site)
	bench("install-app", "govcrm")
	found["with"] = inventory.take(site)
	assert "tabService Request" in found["with"]


def test_a_migration_changes_nothing_on_a_fresh_site(site: str, bench: Callable[..., str]):
	bench("migrate")
	after = inventory.take(site)
	new = after[EVENTS] - found["with"][EVENTS]
	# The log says that there was a migration, and Frappe writes anew which apps it has.
	assert inventory.told(site, new) == [("migrate", None), ("update", "Installed Applications")]
	inventory.assert_same({**found["with"], EVENTS: after[EVENTS]}, after)


def test_the_app_works_beside_the_others(site: str):
	tests = [CHECKOUT / "govcrm/casework/doctype", CHECKOUT / "govcrm/tests/test_intake_service.py"]
	command = [
		sys.executable,
		"-m",
		"pytest",
		"-c",
		CHECKOUT / "pyproject.toml",
		"--rootdir",
		CHECKOUT,
		*tests,
	]
	env = {**os.environ, "GOVCRM_TEST_SITE": site}
	done = subprocess.run(command, text=True, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
	assert done.returncode == 0, done.stdout[-6000:]


def test_uninstall_leaves_nothing_behind_but_the_people(site: str, bench: Callable[..., str]):
	bench("execute", "govcrm.setup.demo.make_demo_city", "--kwargs", "{'requests': 40, 'citizens': 20}")
	put_up(site)
	bench("uninstall-app", "govcrm", "--yes", "--no-backup")
	inventory.assert_same(found["without"], inventory.take(site), beside=PEOPLE)


def put_up(site: str) -> None:
	"""A file of a sealed case, which lies outside every table of files."""
	with inventory.connected(site):
		import frappe

		from govcrm.casework.evidence import blobs, records

		case = frappe.get_all("Case", pluck="name", limit=1)[0]
		records.make(case, {"file_name": "a.txt"}, [b"text"])
		frappe.db.commit()
		assert any(blobs.folder().iterdir())


def test_the_site_still_migrates_without_the_app(bench: Callable[..., str]):
	bench("migrate")


def test_the_app_can_come_back(site: str, bench: Callable[..., str]):
	bench("install-app", "govcrm")
	again = inventory.take(site)
	assert set(again) == set(found["with"])
