"""What the tests against a running site share: its address and people who are logged in.

`bin/test rest` and `bin/test browser` make and serve the site. To use one that runs already:

	GOVCRM_SITE_URL=http://127.0.0.1:8000 GOVCRM_ADMIN_PASSWORD=admin python -m pytest tests/rest
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PASSWORD = "Correct-horse-7-battery"


@pytest.fixture(scope="session")
def site_url() -> str:
	"""The address of the running site, without a slash at its end."""
	url = os.environ.get("GOVCRM_SITE_URL")
	if not url:
		pytest.skip("no running site: use bin/test rest or bin/test browser, or set $GOVCRM_SITE_URL")
	return url.rstrip("/")


@pytest.fixture(scope="session")
def new_session(site_url: str) -> Callable:
	"""Makes a `requests` session that takes paths: nobody is logged in."""
	requests = pytest.importorskip("requests")

	class SiteSession(requests.Session):
		def request(self, method, url, **words):
			words.setdefault("timeout", 120)
			return super().request(method, urljoin(f"{site_url}/", url), **words)

	return SiteSession


@pytest.fixture
def guest_session(new_session: Callable):
	return new_session()


@pytest.fixture(scope="session")
def admin_session(new_session: Callable):
	"""Administrator, for setting the stage."""
	return _log_in(new_session(), "Administrator", os.environ.get("GOVCRM_ADMIN_PASSWORD", "admin"))


@pytest.fixture(scope="session")
def make_login(admin_session) -> Callable[..., str]:
	"""`make_login(email, *roles)`: an enabled user with these roles and the common password, whoever was there before."""

	def make(email: str, *roles: str) -> str:
		values = {"first_name": email.split("@")[0].title(), "enabled": 1, "new_password": PASSWORD}
		values["roles"] = [{"role": role} for role in roles]
		there = admin_session.get(f"/api/resource/User/{email}").status_code == 200
		answer = (
			admin_session.put(
				f"/api/resource/User/{email}", json=values if roles else {"new_password": PASSWORD}
			)
			if there
			else admin_session.post(
				"/api/resource/User", json={"email": email, "send_welcome_email": 0, **values}
			)
		)
		assert answer.ok, answer.text
		return email

	return make


@pytest.fixture(scope="session")
def user_session(new_session: Callable, make_login: Callable) -> Callable:
	"""`user_session(email, *roles)`: a session of that user, who is made first where needed."""

	def log_in(email: str, *roles: str):
		return _log_in(new_session(), make_login(email, *roles), PASSWORD)

	return log_in


@pytest.fixture(scope="session")
def bench_execute() -> Callable[..., str]:
	"""`bench_execute("dotted.function", **arguments)` on the site, for a stage that REST cannot set."""
	bench, site = os.environ.get("GOVCRM_BENCH"), os.environ.get("GOVCRM_TEST_SITE")
	if not (bench and site):
		pytest.skip("no bench for the running site: use bin/test")

	def execute(method: str, **arguments: object) -> str:
		python = Path(bench) / "env/bin/python"
		words = [python, "-m", "frappe.utils.bench_helper", "frappe", "--site", site, "execute", method]
		words += ["--kwargs", repr(arguments)]
		done = subprocess.run(
			words, cwd=Path(bench) / "sites", text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
		)
		assert done.returncode == 0, done.stdout[-4000:]
		return done.stdout

	return execute


def _log_in(session, user: str, password: str):
	answer = session.post("/api/method/login", data={"usr": user, "pwd": password})
	assert answer.ok, answer.text
	return session
