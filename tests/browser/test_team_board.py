"""The team board: taking the next item, giving cases by dragging and by keyboard, and what it says of itself."""

import json

import pytest
from desk import Watch, open_desk, settle, shoot
from test_accessibility import WIDTHS, axe, findings  # noqa: F401

HOUSE, CODE = "Browser Parks", "BROWSER-BENCH"
LEAD = ("browser-lead@example.org", "Caseworker", "Case Supervisor")
KIM = ("browser-kim@example.org", "Caseworker")
LEE = ("browser-lee@example.org", "Caseworker")


@pytest.fixture(scope="module")
def parks(town, make_login):
	"""A department of three with a service of its own. What earlier tests left unassigned is in nobody's way."""
	for person in (LEAD, KIM, LEE):
		make_login(*person)
	members = [{"user": LEAD[0], "role": "Supervisor"}]
	members += [{"user": person[0], "role": "Member"} for person in (KIM, LEE)]
	town.make("Agency Department", HOUSE, department_name=HOUSE, members=members)
	program = {"program_name": "Broken bench (browser)", "department": HOUSE, "place_in_subject": 1}
	town.make("Agency Program", CODE, service_code=CODE, **program)
	version = {"workflow": "Fix-it Request", "effective_from": "2020-01-01", "changes": "First."}
	town.make("Program Version", f"{CODE}-v1", program=CODE, expected_days=3, docstatus=1, **version)
	town.make("Staff Profile", LEE[0], user=LEE[0], max_open_cases=5, away_from="2020-01-01", deputy=KIM[0])
	return town


@pytest.fixture
def case(parks) -> str:
	"""The name of a new case that nobody has, on a board that is empty but for it."""
	filters = json.dumps({"program": CODE, "state_category": "Open"})
	for old in parks.session.get("/api/resource/Case", params={"filters": filters}).json()["data"]:
		args = {"reason": "An earlier test", "status_notes": "An earlier test"}
		words = {"dt": "Case", "dn": old["name"], "method": "cancel", "args": json.dumps(args)}
		parks.session.post("/api/method/run_doc_method", json=words).raise_for_status()
	return parks.get("Service Request", parks.file_request(service_code=CODE, answers={}))["case"]


def open_board(page):
	open_desk(page, "team-board")
	page.locator(".board-column").first.wait_for()
	return page


def column(page, user: str):
	return page.locator(f'.board-column[data-user="{user}"]')


def card(page, case: str):
	return page.locator(f'.board-card[data-case="{case}"]')


def assignee(town, case: str) -> str | None:
	return town.get("Case", case).get("assignee")


def test_a_supervisor_drags_a_case_to_a_person(parks, page_of, case):
	page = page_of(*LEAD)
	watch = Watch(page)
	open_board(page)
	card(column(page, ""), case).drag_to(column(page, KIM[0]))
	card(column(page, KIM[0]), case).wait_for()
	assert assignee(parks, case) == KIM[0]
	watch.check("team board")


def test_a_supervisor_gives_a_case_by_the_keyboard_alone(parks, page_of, case):
	page = open_board(page_of(*LEAD))
	card(page, case).locator(".board-act").focus()
	page.keyboard.press("Enter")
	page.locator(".modal.show select").wait_for()
	page.wait_for_timeout(500)  # until then the dialog moves the focus itself
	page.locator(".modal.show select").focus()
	page.keyboard.press("Home")
	while page.locator(".modal.show select").input_value() != KIM[0]:
		page.keyboard.press("ArrowDown")
	page.keyboard.press("Tab")
	page.keyboard.press("Tab")
	page.keyboard.press("Enter")
	card(column(page, KIM[0]), case).wait_for()
	assert assignee(parks, case) == KIM[0]
	assert page.evaluate("document.activeElement.closest('.board-card')?.dataset.case") == case


def test_a_supervisor_takes_a_case_back_with_a_reason(parks, page_of, case):
	page = open_board(page_of(*LEAD))
	card(page, case).drag_to(column(page, KIM[0]))
	card(column(page, KIM[0]), case).wait_for()
	card(page, case).drag_to(column(page, ""))
	page.locator(".modal.show textarea").fill("She is ill")
	page.locator(".modal.show .btn-primary").click()
	card(column(page, ""), case).wait_for()
	assert not assignee(parks, case)


def test_a_caseworker_gives_nobody_elses_cases_away_and_is_told_so(parks, page_of, case):
	page = open_board(page_of(*KIM))
	card(page, case).drag_to(column(page, LEE[0]))
	page.locator(".modal.show:has-text('Only a case supervisor')").wait_for()
	assert not assignee(parks, case)


def test_a_caseworker_pulls_the_next_item(parks, page_of, case):
	page = open_board(page_of(*KIM))
	first = column(page, "").locator(".board-card").first.get_attribute("data-case")
	page.locator(".page-head .primary-action:visible, .page-actions .primary-action:visible").first.click()
	page.wait_for_url("**/case/CASE-*")
	taken = page.url.rsplit("/", 1)[-1]
	assert taken == first
	assert assignee(parks, taken) == KIM[0]


def test_an_absent_person_is_marked_in_words(parks, page_of):
	page = open_board(page_of(*LEAD))
	said = column(page, LEE[0]).locator("summary").inner_text()
	assert "away" in said
	assert "deputy" in said


@pytest.mark.parametrize("width", WIDTHS)
def test_the_board_is_accessible(parks, page_of, axe, case, width):  # noqa: F811
	page = page_of(*LEAD)
	page.set_viewport_size({"width": width, "height": 800})
	open_board(page)
	assert not findings(page, axe, ".team-board")
	folded = page.locator(".board-column:not([open]) summary")
	while folded.count():
		folded.first.click()
	settle(page)
	assert not findings(page, axe, ".team-board")
	shoot(page, "team-board")
	assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
