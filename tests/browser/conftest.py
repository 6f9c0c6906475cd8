"""A real browser, and pages of users who are logged in. Pictures of failures go to .run/screenshots."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from town import Town

PICTURES = Path(__file__).resolve().parents[2] / ".run" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator:
	"""Chromium of the machine ($GOVCRM_CHROMIUM or on the path), else the one that Playwright brought."""
	playwright = pytest.importorskip("playwright.sync_api")
	path = os.environ.get("GOVCRM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
	with playwright.sync_playwright() as driver:
		browser = driver.chromium.launch(
			executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"]
		)
		yield browser
		browser.close()


@pytest.fixture
def page_of(
	browser, site_url: str, user_session: Callable, request: pytest.FixtureRequest
) -> Iterator[Callable]:
	"""`page_of(email, *roles)`: a page of its own browser profile in which that user is logged in."""
	contexts = []

	def open_page(email: str, *roles: str):
		context = browser.new_context(
			base_url=site_url, viewport={"width": 1440, "height": 900}, locale="en-US"
		)
		contexts.append(context)
		context.set_default_timeout(30_000)
		context.add_cookies(_cookies(user_session(email, *roles), site_url))
		return context.new_page()

	yield open_page
	if getattr(request.node, "failed", False):
		_take_pictures(contexts, request.node.name)
	for context in contexts:
		context.close()


@pytest.fixture(scope="session")
def town(admin_session, make_login: Callable) -> Town:
	"""Departments, a service and people for all tests of the browser tier."""
	return Town(admin_session, make_login).build()


@pytest.fixture
def guest_page(browser, site_url: str) -> Iterator:
	context = browser.new_context(base_url=site_url)
	yield context.new_page()
	context.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
	outcome = yield
	report = outcome.get_result()
	if report.when == "call":
		item.failed = report.failed


def _cookies(session, site_url: str) -> list[dict]:
	return [{"name": cookie.name, "value": cookie.value, "url": site_url} for cookie in session.cookies]


def _take_pictures(contexts: list, test: str) -> None:
	PICTURES.mkdir(parents=True, exist_ok=True)
	pages = [page for context in contexts for page in context.pages]
	for number, page in enumerate(pages, 1):
		page.screenshot(path=PICTURES / f"{re.sub(r'[^a-z0-9]+', '-', test.lower())}-{number}.png")
