"""The four tiers of tests. Each takes what it needs and gives its outcome."""

import os
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from . import axe, requirements
from .bench import Bench
from .report import Outcome, read_counts
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


def stop_serving(services: Services, bench: Bench) -> None:
	for kind in ("worker", "web"):
		services.stop(f"{bench.name}-{kind}")


def served(tier: str, place: Site, env: dict[str, str], extra: list[str]) -> Outcome:
	"""REST and browser tests: they see the site as its users do."""
	if tier == "browser":
		# What a browser draws on a busy machine may come late once. A test that passes only then is told of.
		env, extra = {**axe.environment(), **env}, ["--reruns", "1", *extra]
	return pytest(place.bench.python, [CHECKOUT / "tests" / tier], extra, cwd=CHECKOUT, env=env)


def pytest(
	python: object, folders: list[Path], extra: list[str], cwd: Path, env: dict | None = None
) -> Outcome:
	"""Run pytest with its output on the screen and count its tests."""
	if not any(folder.exists() for folder in folders):
		return Outcome(reason=f"there is no {folders[0].relative_to(CHECKOUT)}")
	started = time.monotonic()
	command = [
		str(python), "-m", "pytest", "-c", str(CHECKOUT / "pyproject.toml"), "--rootdir", str(CHECKOUT),
		"-p", "counting", "-rfER", *map(str, folders), *extra,
	]  # fmt: skip
	with tempfile.TemporaryDirectory() as folder:
		counts = Path(folder) / "counts.json"
		done = subprocess.run(command, cwd=cwd, env=_env(env or {}, counts), stdin=subprocess.DEVNULL)
		outcome = read_counts(counts, done.returncode)
	outcome.seconds = round(time.monotonic() - started, 1)
	return outcome


def _env(env: dict[str, str], counts: Path) -> dict[str, str]:
	"""The environment of pytest, with our plugin on its path."""
	paths = [str(Path(__file__).parent), env.get("PYTHONPATH") or os.environ.get("PYTHONPATH", "")]
	own = {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "GOVCRM_TEST_COUNTS": str(counts)}
	return {**os.environ, **env, **own}


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
