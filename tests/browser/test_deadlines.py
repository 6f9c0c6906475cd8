"""From the next piece of work to a missed deadline: clocks stop, go on, are extended and say why their dates are so."""

import json
import re
from datetime import datetime

import pytest
from desk import Watch, answer_dialog, open_desk, press, settle, shoot
from test_accessibility import WIDTHS, axe, findings  # noqa: F401

HOUSE, CODE = "Browser Permits", "BROWSER-PERMIT"
ALWAYS, POLICY = "Browser Always Open", "Browser Permits"
PIA = ("browser-pia@example.org", "Caseworker", "Case Supervisor")
PAUL = ("browser-paul@example.org", "Caseworker")
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DECISION = {
	"code": "decision",
	"label": "Decision",
	"nature": "Statutory",
	"citation": "Town Code § 12",
	"amount": 10,
	"unit": "Working Hours",
	"warn_at": "75",
	"on_breach": "Escalate",
	"max_extensions": 1,
	"extension_amount": 6,
	"extension_notice": 1,
}
ESCALATION = {"milestone": "decision", "at_percent": 100, "step": "Notify Supervisors"}
NOTICE = "We need six hours more, for the map has to be drawn."


@pytest.fixture(scope="module")
def permits(town, make_login):
	"""A department of two, whose cases must be decided within ten hours of a calendar that never closes."""
	for person in (PIA, PAUL):
		make_login(*person)
	members = [{"user": PIA[0], "role": "Supervisor"}, {"user": PAUL[0], "role": "Member"}]
	town.make("Agency Department", HOUSE, department_name=HOUSE, members=members)
	hours = [{"weekday": day, "starts": "00:00:00", "ends": "00:00:00"} for day in WEEK]
	town.make("Business Calendar", ALWAYS, calendar_name=ALWAYS, timezone="America/New_York", hours=hours)
	town.make("Deadline Policy", POLICY, policy_name=POLICY, milestones=[DECISION], escalations=[ESCALATION])
	town.make("Agency Program", CODE, service_code=CODE, program_name="Stall (browser)", department=HOUSE)
	version = {"workflow": "Fix-it Request", "effective_from": "2020-01-01", "changes": "First."}
	deadlines = {"deadline_policy": POLICY, "calendar": ALWAYS}
	town.make("Program Version", f"{CODE}-v1", program=CODE, docstatus=1, **version, **deadlines)
	return town


@pytest.fixture
def case(permits) -> str:
	"""The name of a new case that nobody has and whose clock runs."""
	return permits.get("Service Request", permits.file_request(service_code=CODE, answers={}))["case"]


@pytest.fixture
def let_time_pass(bench_execute):
	"""`let_time_pass(case, hours)`: so much later, when the scheduler has come by."""

	def pass_(case: str, hours: int) -> None:
		bench_execute("govcrm.tests.clock_rows.shift_back", case=case, hours=hours)
		bench_execute("govcrm.tasks.sweep_deadlines")

	return pass_


def clock(town, case: str) -> dict:
	return town.get("Case Deadline", town.first("Case Deadline", case=case))


def wait_for_panel(page, said: str | re.Pattern) -> None:
	"""Until the panel says this of the decision; it is drawn anew some time after each act."""
	page.locator('.case-deadline[data-milestone="decision"]', has_text=said).wait_for()


def hours_between(before: str, after: str) -> float:
	return (datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds() / 3600


def test_a_case_waits_goes_on_is_extended_and_missed(permits, page_of, case, let_time_pass):
	paul, pia = page_of(*PAUL), page_of(*PIA)
	watches = {"paul": Watch(paul), "pia": Watch(pia)}

	case = take_next_item(paul)  # what is due first: ours, or one that an earlier test left
	assert permits.get("Case", case)["assignee"] == PAUL[0]
	wait_for_panel(paul, re.compile(r"On Track\s*Decision\s*Statutory\s*due"))
	wait_for_panel(paul, re.compile("hours left|1 working day left"))
	wait_for_panel(paul, "Town Code § 12")

	press(paul, "Put on Hold", "Actions")
	answer_dialog(paul, reason="The floor plan is missing.")
	wait_for_panel(paul, "Paused")
	wait_for_panel(paul, "The floor plan is missing.")
	assert clock(permits, case)["status"] == "Paused"
	shoot(paul, "case-deadline-paused")

	press(paul, "Resume", "Actions")
	answer_dialog(paul, reason="The plan came.")
	wait_for_panel(paul, "On Track")
	before = clock(permits, case)
	assert before["status"] == "Running"

	open_desk(pia, f"case/{case}")
	press(pia, "Extend Deadline", "Work")
	shoot(pia, "case-deadline-extend")
	answer_dialog(pia, milestone="decision", amount="6", reason="A map is needed.", notice=NOTICE)
	after = clock(permits, case)
	assert hours_between(before["due"], after["due"]) == 6
	assert told_to_the_public(permits, case) == NOTICE

	let_time_pass(case, 17)
	open_desk(paul, f"case/{case}")
	wait_for_panel(paul, "Overdue")
	wait_for_panel(paul, "missed")
	assert clock(permits, case)["breached"] == 1
	shoot(paul, "case-deadline-missed")

	explain_by_keyboard(paul)
	find_among_overdue(paul, case)
	watches["pia"].check("pia")
	pia = page_of(*PIA)  # logged in anew: on 16 a browser keeps the notices it has read for a minute
	watches["pia"] = Watch(pia)
	find_notice(pia, case)
	follow_report(pia)
	for name, watch in watches.items():
		watch.check(name)


def take_next_item(page) -> str:
	open_desk(page, "case")
	press(page, "Next Item")
	page.locator(".case-deadline").first.wait_for()
	settle(page)
	return page.evaluate("cur_frm.doc.name")


def told_to_the_public(town, case: str) -> str:
	return town.get("Service Request", town.first("Service Request", case=case))["status_notes"]


def explain_by_keyboard(page) -> None:
	"""Each step that made the date is told, to who uses no mouse too."""
	page.locator(".case-deadline-why").focus()
	page.keyboard.press("Enter")
	steps = page.locator(".modal.show .case-deadline-steps li")
	steps.first.wait_for()
	page.wait_for_function("document.activeElement.className === 'case-deadline-steps'")
	told = steps.evaluate_all("items => items.map((item) => [item.dataset.step, item.textContent])")
	by_code = {code: text for code, text in told}
	assert "Received on" in by_code["start"]
	assert "10 working hours" in by_code["rule"]
	assert ALWAYS in by_code["calendar"]
	assert any("The floor plan is missing." in text for _, text in told)
	assert any("A map is needed." in text and "6 working hours" in text for _, text in told)
	assert [code for code, _ in told].index("start") < [code for code, _ in told].index("due")
	assert any("missed" in code for code in by_code)
	shoot(page, "case-deadline-why")
	page.keyboard.press("Escape")
	page.locator(".modal.show").wait_for(state="hidden")
	page.wait_for_function("document.activeElement.classList.contains('case-deadline-why')")


def find_among_overdue(page, case: str) -> None:
	open_desk(page, "case")
	page.locator('.inner-group-button[data-label="Show"] > button:visible').click()
	page.locator('.inner-group-button.show [data-label="Overdue"]:visible').click()
	row = page.locator(f'.list-row-container:has([data-name="{case}"])')
	row.wait_for()
	settle(page)
	assert "Overdue" in row.inner_text()
	shoot(page, "case-list-overdue")


def find_notice(page, case: str) -> None:
	"""The supervisor finds it under the bell."""
	open_desk(page, "casework")
	page.locator(".dropdown-notifications > button, .sidebar-notification:visible").first.click()
	notice = page.locator(f'.notification-item[href*="{case}"]').first
	notice.wait_for()
	assert "Decision" in notice.inner_text()
	shoot(page, "deadline-notice")


def follow_report(page) -> None:
	"""A figure of the report leads to the deadlines that it counts."""
	open_desk(page, "query-report/Deadline Performance")
	cell = page.locator(".dt-cell__content a[href*='case-deadline']").first
	cell.wait_for()
	shoot(page, "deadline-performance")
	counted = int(cell.inner_text())
	cell.click()
	page.locator(".list-row-container .list-row").first.wait_for()
	settle(page)
	assert page.locator(".list-row-container .list-row").count() == counted


def test_who_finds_nothing_to_take_is_told_why(permits, page_of, town, make_login):
	idle = ("browser-idle@example.org", "Caseworker")
	make_login(*idle)
	members = [{"user": idle[0], "role": "Member"}]
	town.make("Agency Department", "Browser Idle", department_name="Browser Idle", members=members)
	page = page_of(*idle)
	open_desk(page, "case")
	press(page, "Next Item")
	dialog = page.locator(".modal.show .msgprint")
	dialog.wait_for()
	assert dialog.inner_text().strip()
	assert page.url.endswith("/case") or "/case?" in page.url or "/view/list" in page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_deadlines_are_accessible(permits, page_of, axe, case, width):  # noqa: F811
	page = page_of(*PIA)
	page.set_viewport_size({"width": width, "height": 800})
	open_desk(page, f"case/{case}")
	page.locator(".case-deadline").first.wait_for()
	assert not findings(page, axe, ".case-deadlines")
	page.locator(".case-deadline-why").first.click()
	page.locator(".case-deadline-steps li").first.wait_for()
	page.wait_for_timeout(500)
	assert not findings(page, axe, ".modal.show .modal-body")


SCREENS = [
	"query-report/Deadline Performance",
	"query-report/Answer Times",
	"query-report/Case Ageing",
	"case/view/calendar/default",
	"case-deadline",
	"case-deadline/view/calendar/default",
	"casework",
]


def test_what_shows_deadlines_opens_without_complaint(permits, page_of, case):
	page = page_of(*PIA)
	for route in SCREENS:
		watch = Watch(page)
		open_desk(page, route)
		watch.check(route)
		shoot(page, f"deadlines-{route.replace('/', '-').replace(' ', '-')}")


def test_the_dashboard_of_deadlines_draws_its_cards_and_charts(permits, page_of, case):
	page = page_of(*PIA)
	page.goto("/app/dashboard-view/Answers in Time")
	page.locator(".number-widget-box .number").nth(4).wait_for()
	page.locator(".dashboard-widget-box svg.frappe-chart").first.wait_for()
	settle(page)
	shoot(page, "deadlines-dashboard")


def test_a_due_date_is_not_moved_by_dragging(permits, page_of, case):
	due = permits.get("Case", case)["next_due"]
	page = page_of(*PIA)
	open_desk(page, "case/view/calendar/default")
	page.locator(".fc-event").first.wait_for()
	assert page.locator(".fc-event.fc-draggable, .fc-event.fc-event-draggable").count() == 0
	assert json.dumps(permits.get("Case", case)["next_due"]) == json.dumps(due)
