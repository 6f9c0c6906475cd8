"""The four tiers of tests. Each takes what it needs and gives its outcome."""

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from . import requirements
from .report import Outcome, read_junit
from .services import Services, free_port, start_web, start_worker
from .shell import CHECKOUT, RUN, CommandFailed, run, say
from .site import ADMIN_PASSWORD, Site


def plain(extra: list[str]) -> Outcome:
	"""Domain and metadata: no Frappe, no bench, no database."""
	folders = [CHECKOUT / "tests/domain", CHECKOUT / "tests/metadata"]
	return pytest(plain_python(), folders, extra, cwd=CHECKOUT)


def site(place: Site, extra: list[str]) -> Outcome:
	"""Tests inside the app, in one process connected to the site; each test is rolled back."""
	env = {**place.bench.env, "GOVCRM_TEST_SITE": place.name}
	return pytest(place.bench.python, [CHECKOUT / "govcrm"], extra, cwd=place.bench.sites, env=env)


def lifecycle(place: Site, extra: list[str]) -> Outcome:
	"""Install beside the other apps, migrate, work, uninstall: on a site that begins without the app."""
	env = {**place.bench.env, "GOVCRM_TEST_SITE": place.name}
	return pytest(
		place.bench.python, [CHECKOUT / "tests/lifecycle"], ["-x", *extra], cwd=place.bench.sites, env=env
	)


def serve(services: Services, place: Site) -> dict[str, str]:
	"""Start web server and worker for the site; the environment that tells the tests where they are."""
	port = free_port()
	start_web(services, place.bench, place.name, port, workers=3)
	start_worker(services, place.bench)
	return {
		**place.bench.env,
		"GOVCRM_SITE_URL": f"http://127.0.0.1:{port}",
		"GOVCRM_TEST_SITE": place.name,
		"GOVCRM_ADMIN_PASSWORD": ADMIN_PASSWORD,
		"GOVCRM_BENCH": str(place.bench.path),
	}


def served(tier: str, place: Site, env: dict[str, str], extra: list[str]) -> Outcome:
	"""REST and browser tests: they see the site as its users do."""
	return pytest(place.bench.python, [CHECKOUT / "tests" / tier], extra, cwd=CHECKOUT, env=env)


def pytest(
	python: object, folders: list[Path], extra: list[str], cwd: Path, env: dict | None = None
) -> Outcome:
	"""Run pytest with its output on the screen and count its cases."""
	started = time.monotonic()
	with tempfile.TemporaryDirectory() as folder:
		junit = Path(folder) / "junit.xml"
		command = [
			str(python), "-m", "pytest", "-c", str(CHECKOUT / "pyproject.toml"), "--rootdir", str(CHECKOUT),
			"-rfE", "--junitxml", str(junit), *map(str, folders), *extra,
		]  # fmt: skip
		present = [folder for folder in folders if folder.exists()]
		if not present:
			return Outcome(reason=f"there is no {folders[0].relative_to(CHECKOUT)}")
		done = subprocess.run(command, cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL)
		outcome = read_junit(junit, done.returncode)
	outcome.seconds = round(time.monotonic() - started, 1)
	return outcome


def plain_python() -> str:
	"""This Python when it has what the plain tier needs, else a virtual environment that is made once."""
	wanted = requirements.of_plain_tests()
	if requirements.present(sys.executable, wanted):
		return sys.executable
	python = RUN / "venv" / "bin" / "python"
	if not requirements.present(python, wanted):
		say("making .run/venv for the plain tests")
		try:
			venv.create(RUN / "venv", with_pip=True, clear=True)
		except subprocess.CalledProcessError:
			message = "Python's venv module is not complete here: apt-get install python3-venv."
			raise CommandFailed(message) from None
		run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *wanted)
	return str(python)
