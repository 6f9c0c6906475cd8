"""The audit log for people: the auditor's list, events and proofs; the history of a case, on paper too."""

import hashlib
import json
import re
from urllib.parse import unquote_plus

import pytest
from desk import Watch, open_desk, press, settle, shoot
from test_accessibility import WIDTHS, axe, findings  # noqa: F401
from town import AUDITOR, NORA

HISTORY = "/api/method/govcrm.api.accountability.history.page"


@pytest.fixture(scope="module")
def case(town, user_session, bench_execute) -> str:
	"""A case of Nora's department that she took; everything up to there is sealed."""
	name = town.get("Service Request", town.file_request())["case"]
	nora = user_session(*NORA)
	nora.post(
		"/api/method/run_doc_method", json={"dt": "Case", "dn": name, "method": "accept"}
	).raise_for_status()
	bench_execute("govcrm.tasks.seal_audit_log")
	return name


def open_history(page, case: str):
	open_desk(page, f"case-history/Case/{case}")
	page.locator(".history-act").first.wait_for()
	settle(page)
	return page


def open_event(page, case: str):
	"""The newest event about the case itself, found through the list."""
	open_desk(page, "audit-event")
	filter_by(page, "reference_name", case)
	page.locator(".list-row .list-subject a").first.click()
	page.locator(".audit-seen .audit-event").wait_for()
	settle(page)
	return page


def filter_by(page, field: str, value: str) -> None:
	entry = page.locator(f'.page-form [data-fieldname="{field}"] input:visible').first
	entry.fill(value)
	entry.press("Tab")
	page.wait_for_timeout(800)  # the list waits for the end of typing
	settle(page)


def saved(page, act) -> bytes:
	with page.expect_download() as download:
		act()
	with open(download.value.path(), "rb") as file:
		return file.read()


def test_an_auditor_narrows_the_list_and_it_compares_as_its_indexes_do(case, page_of):
	page = page_of(*AUDITOR)
	watch = Watch(page)
	open_desk(page, "audit-event")
	asked = []
	page.on("request", lambda request: asked.append(request.post_data or ""))
	filter_by(page, "reference_name", case)
	rows = page.locator(".list-row-container .list-row")
	rows.first.wait_for()
	assert rows.count() >= 2
	assert all(case in text for text in rows.all_inner_texts())
	assert "accepted Case" in page.locator(".list-row .list-subject a").first.inner_text()
	assert not [data for data in asked if '"like"' in unquote_plus(data)]
	filter_by(page, "verb", "accept")
	assert rows.count() == 1
	watch.check("list of events")
	shoot(page, "audit-list")


def test_what_an_event_is_about_is_text_in_the_head_of_its_page(case, page_of):
	"""Frappe takes tags away that have an end. What a person typed may have none."""
	page = page_of(*AUDITOR)

	def named(route):
		answer = route.fetch()
		told = answer.json()
		told["message"]["record"]["title"] = "<img src=x onerror=window.ran=1 x"
		route.fulfill(response=answer, json=told)

	page.route("**/*accountability.events.seen*", named)
	open_event(page, case)
	page.locator(".title-text", has_text="<img src=x").first.wait_for()
	assert page.evaluate("window.ran") is None


def test_an_auditor_opens_an_event_checks_it_and_takes_its_proof(case, page_of):
	page = page_of(*AUDITOR)
	watch = Watch(page)
	open_event(page, case)
	told = page.locator(".audit-seen").inner_text()
	assert "UTC" in told
	assert "Nora" in told
	shoot(page, "audit-event")
	press(page, "Verify")
	page.locator(".audit-results li").first.wait_for()
	assert ": wrong." not in page.locator(".audit-results").inner_text()
	assert "not that the site is honest" in page.locator(".modal.show").inner_text()
	page.wait_for_timeout(500)
	shoot(page, "audit-verify")
	page.keyboard.press("Escape")
	page.locator(".modal.show").wait_for(state="hidden")
	proof = json.loads(saved(page, lambda: press(page, "Proof")))
	leaf = hashlib.sha256(b"\0" + proof["header"].encode()).hexdigest()
	assert leaf == proof["leaf"]
	assert proof["signature"]
	watch.check("an event")


def test_a_caseworker_reads_the_history_of_a_case_and_gets_it_on_paper(case, page_of):
	page = page_of(*NORA)
	watch = Watch(page)
	open_desk(page, f"case/{case}")
	press(page, "History")
	page.locator(".history-act").first.wait_for()
	text = page.locator(".history-acts").inner_text()
	assert "accepted" in text
	assert "Nora" in text
	assert not page.get_by_label("Also who looked at it").locator("visible=true").count()
	shoot(page, "history")
	pdf = saved(page, lambda: page.get_by_role("button", name="Print as PDF").click())
	assert pdf.startswith(b"%PDF")
	proofs = json.loads(saved(page, lambda: page.get_by_role("button", name="Proofs as JSON").click()))
	assert {event["seq"] for event in proofs["events"]}
	watch.check("history")


def test_the_story_is_narrowed_to_an_act_and_says_when_nothing_fits(case, page_of):
	page = open_history(page_of(*NORA), case)
	whole = page.locator(".history-act").count()
	page.locator('.page-form [data-fieldname="verb"] select').select_option("accept")
	settle(page)
	assert 0 < page.locator(".history-act").count() <= whole
	assert "created" not in page.locator(".history-acts strong").all_inner_texts()
	page.evaluate("cur_page.page.history.fields.from_date.set_value('2099-01-01')")
	page.locator(".history-empty:visible").wait_for()


def test_a_sealed_case_has_no_history_for_its_own_worker(case, town, page_of, bench_execute, user_session):
	name = town.get("Service Request", town.file_request())["case"]
	# No form offers this level yet; the rule knows it.
	bench_execute("frappe.db.set_value", dt="Case", dn=name, field="confidentiality", val="Sealed")
	answer = user_session(*NORA).get(HISTORY, params={"doctype": "Case", "name": name})
	assert answer.status_code == 403
	page = page_of(*NORA)
	open_desk(page, f"case-history/Case/{name}")
	assert page.locator(".history-act").count() == 0


def test_the_auditor_starts_where_the_log_stands(case, page_of):
	page = page_of(*AUDITOR)
	watch = Watch(page)
	open_desk(page, "audit")
	page.locator('.number-widget-box:has-text("Unsealed Events")').wait_for()
	settle(page)
	shoot(page, "audit-workspace")
	open_desk(page, "audit-health")
	page.locator(".health-line").first.wait_for()
	words = page.locator(".health-word").all_inner_texts()
	assert words and set(words) <= {"Good", "Look at it", "Bad", "Not known"}
	shoot(page, "audit-health")
	watch.check("workspace and health")


@pytest.mark.parametrize(
	("report", "filters"),
	[
		("Access To A Record", "reference_doctype=Case&reference_name={case}&changes=1"),
		("Activity Of A User", ""),
		("Permission Changes", ""),
		("Exports", ""),
		("Out-Of-Band Changes", ""),
	],
)
def test_an_auditor_runs_the_reports(case, page_of, report: str, filters: str):
	page = page_of(*AUDITOR)
	watch = Watch(page)
	open_desk(page, f"query-report/{report}?{filters.format(case=case)}")
	settle(page)
	if report == "Activity Of A User":
		page.locator('.page-form [data-fieldname="actor"] input').fill("Nora")
		page.locator('[role=option]:has-text("Nora")').first.click()
		page.locator('.datatable .dt-cell:has-text("accepted")').first.wait_for()
	if "{case}" in filters:
		assert "accepted" in page.locator(".datatable").inner_text()
	# Frappe 16 says so on its console while a report still waits for its filters.
	watch.complaints = [said for said in watch.complaints if said != "Filter missing"]
	watch.check(report)
	shoot(page, f"report-{re.sub('[^a-z]+', '-', report.lower())}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_history_is_accessible(case, page_of, axe, width):  # noqa: F811
	page = page_of(*NORA)
	page.set_viewport_size({"width": width, "height": 800})
	open_history(page, case)
	for summary in page.locator(".case-history summary").all():
		if summary.is_visible():
			summary.click()
	assert not findings(page, axe, ".case-history")
	for name in ("Person", "Act", "From", "To"):
		assert page.locator(f'.page-form [aria-label="{name}"]:visible').count() == 1, name
	assert page.get_by_role("button", name="Print as PDF").bounding_box()["x"] < width - 20
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", WIDTHS)
def test_an_event_is_accessible(case, page_of, axe, width):  # noqa: F811
	page = page_of(*AUDITOR)
	page.set_viewport_size({"width": 1280, "height": 800})
	open_event(page, case)
	page.set_viewport_size({"width": width, "height": 800})
	page.wait_for_timeout(300)
	assert not findings(page, axe, ".audit-seen")
	page.locator('button[data-label="Verify"]').evaluate(
		"button => button.click()"
	)  # in the menu when narrow
	page.locator(".modal.show .audit-results li").first.wait_for()
	page.wait_for_timeout(500)
	assert not findings(page, axe, ".audit-results")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_health_of_the_log_is_accessible(page_of, axe, width):  # noqa: F811
	page = page_of(*AUDITOR)
	page.set_viewport_size({"width": width, "height": 800})
	open_desk(page, "audit-health")
	page.locator(".health-line").first.wait_for()
	assert not findings(page, axe, ".audit-health")
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
