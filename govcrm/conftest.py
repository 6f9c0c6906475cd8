"""Lets plain pytest run the site tests: connects to the site that $GOVCRM_TEST_SITE names.

	cd sites && GOVCRM_TEST_SITE=dev.localhost ../env/bin/python -m pytest ../apps/govcrm/govcrm

`bin/test site` makes a throw-away site first. Under `bench run-tests` this file is not read.
"""

import os
from collections.abc import Iterator
from functools import cache

import frappe
import pytest

from govcrm import compat
from govcrm.accountability.guard import APPEND_ONLY

OTHERS = ("User", "Contact", "File", "ToDo", "Workflow", "Email Queue")


def pytest_configure(config: pytest.Config) -> None:
	site = os.environ.get("GOVCRM_TEST_SITE")
	if not site:
		raise pytest.UsageError("Name the site for these tests in $GOVCRM_TEST_SITE, or use bin/test site.")
	compat.read_json_as_text()
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.flags.in_test = True
	# SQLite opens its transaction here.
	frappe.db.rollback()


def pytest_unconfigure(config: pytest.Config) -> None:
	if frappe.db:
		frappe.db.rollback()
	frappe.destroy()


@pytest.fixture(scope="class", autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
	"""A class whose tests commit cleans up after itself; what it leaves would be met by tests that follow.

	What the audit log tells of it stays: that can be taken away by nobody.
	"""
	before = _rows()
	yield
	frappe.db.rollback()
	after = _rows()
	changed = [
		f"{doctype}: {after[doctype] - rows:+}" for doctype, rows in before.items() if after[doctype] != rows
	]
	assert not changed, f"these tests left rows on the site: {', '.join(changed)}"


def _rows() -> dict[str, int]:
	return {doctype: frappe.db.count(doctype) for doctype in _doctypes()}


@cache
def _doctypes() -> list[str]:
	modules = frappe.get_all("Module Def", filters={"app_name": "govcrm"}, pluck="name")
	ours = frappe.get_all(
		"DocType", filters={"module": ("in", modules), "issingle": 0, "istable": 0}, pluck="name"
	)
	return [*(doctype for doctype in ours if doctype not in APPEND_ONLY), *OTHERS]
