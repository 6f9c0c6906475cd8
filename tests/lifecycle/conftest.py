"""A site without the app, and the bench's commands for it. `bin/test site` makes the site."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest


@pytest.fixture(scope="session")
def site() -> str:
	name = os.environ.get("GOVCRM_TEST_SITE")
	if not name:
		pytest.skip("no site: run these with bin/test site")
	return name


@pytest.fixture(scope="session")
def bench(site: str) -> Callable[..., str]:
	"""Runs one of bench's commands on the site; the working folder is the bench's `sites`."""

	def command(*words: str) -> str:
		line = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe", "--site", site, *words]
		done = subprocess.run(line, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
		assert done.returncode == 0, done.stdout[-4000:]
		return done.stdout

	return command
