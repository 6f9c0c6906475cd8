"""Lets plain pytest run the site tests: connects to the site that $GOVCRM_TEST_SITE names.

	cd sites && GOVCRM_TEST_SITE=dev.localhost ../env/bin/python -m pytest ../apps/govcrm/govcrm

`bin/test site` makes a throw-away site first. Under `bench run-tests` this file is not read.
"""

import os

import frappe
import pytest


def pytest_configure(config: pytest.Config) -> None:
	site = os.environ.get("GOVCRM_TEST_SITE")
	if not site:
		raise pytest.UsageError("Name the site for these tests in $GOVCRM_TEST_SITE, or use bin/test site.")
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.flags.in_test = True
	# SQLite opens its transaction here.
	frappe.db.rollback()


def pytest_unconfigure(config: pytest.Config) -> None:
	if frappe.db:
		frappe.db.rollback()
	frappe.destroy()
