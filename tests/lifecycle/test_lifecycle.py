"""The app comes to a site beside others, is migrated, works, and goes. The tests build on each other, in order."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
inventory = pytest.importorskip("inventory", reason="needs a bench's Python")

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
	inventory.assert_same(found["with"], inventory.take(site))


def test_uninstall_leaves_nothing_behind(site: str, bench: Callable[..., str]):
	bench("uninstall-app", "govcrm", "--yes", "--no-backup")
	inventory.assert_same(found["without"], inventory.take(site))


def test_the_site_still_migrates_without_the_app(bench: Callable[..., str]):
	bench("migrate")


def test_the_app_can_come_back(site: str, bench: Callable[..., str]):
	bench("install-app", "govcrm")
	again = inventory.take(site)
	assert set(again) == set(found["with"])
