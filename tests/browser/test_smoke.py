"""Every workspace, list, form and page of the app opens for those who work with it, without a complaint."""

import pytest
from desk import Watch, open_desk, shoot
from town import (
	ADMIN,
	AUDITOR,
	CLERK,
	COUNCIL,
	DESIGNER,
	GRETA,
	NORA,
	PRIVACY,
	RECORDS,
)

CASEWORK = ["casework", "case", "case/view/kanban/Cases by State", "case-task", "service-request", "citizen"]
INTAKE = [
	"intake",
	"intake-desk",
	"service-request",
	"service-request/view/map",
	"service-request/new",
	"citizen",
]
SETUP = ["agency-setup", "agency-department", "agency-program", "program-version", "program-version/new"]

ROUTES = {
	CLERK: [*INTAKE, "citizen/new", "interaction", "agency-program"],
	NORA: [*CASEWORK, *INTAKE, "interaction"],
	GRETA: [*CASEWORK, "intake", "case-event"],
	ADMIN: ["casework", "case", *SETUP, "agency-department/view/tree", "govcrm-settings", "request-import"],
	DESIGNER: [*SETUP, "agency-program/new", "workflow"],
	RECORDS: ["casework", "case", "service-request"],
	PRIVACY: ["casework", "case", "citizen"],
	AUDITOR: ["audit", "audit-event", "audit-health", "security-posture", "casework", "case", "case-event"],
	COUNCIL: ["service-performance", "public-services", "agency-program"],
}
LANDING = {
	CLERK: "intake",
	NORA: "casework",
	GRETA: "casework",
	ADMIN: "agency-setup",
	DESIGNER: "agency-setup",
	AUDITOR: "audit",
	COUNCIL: "service-performance",
}


def _by_role(person: tuple[str, ...]) -> str:
	return person[-1].lower().replace(" ", "-")


@pytest.mark.parametrize("person", ROUTES, ids=_by_role)
def test_what_a_role_works_with_opens_without_complaint(town, page_of, person):
	town.file_request(latitude=42.36, longitude=-71.05)
	page = page_of(*person)
	for route in ROUTES[person]:
		watch = Watch(page)
		open_desk(page, route)
		watch.check(f"{person[1]}: {route}")
		shoot(page, f"{_by_role(person)}-{route.replace('/', '-').replace(' ', '-')}")


@pytest.mark.parametrize("person", LANDING, ids=_by_role)
def test_after_login_each_role_stands_where_its_work_is(town, page_of, person):
	page = page_of(*person)
	open_desk(page, "")
	page.wait_for_url(f"**/{LANDING[person]}")


def test_a_request_opens_with_its_answers_and_its_letter(town, page_of):
	reference = town.file_request(answers={"size": "large", "hurt": "yes"})
	page = page_of(*CLERK)
	watch = Watch(page)
	open_desk(page, f"service-request/{reference}")
	shoot(page, "service-request")
	watch.check("request")
	page.goto(f"/printview?doctype=Service Request&name={reference}&format=Request Acknowledgement")
	letter = page.locator(".ack").inner_text()
	assert reference in letter
	assert "Larger than one metre" in letter
	assert "hurt" not in letter
	shoot(page, "acknowledgement")


def test_the_dashboard_draws_its_cards_and_charts(town, page_of):
	page = page_of(*NORA)
	page.goto("/app/dashboard-view/Service Delivery")
	page.locator(".number-widget-box .number").nth(3).wait_for()
	page.locator(".dashboard-widget-box .chart-wrapper svg, .dashboard-widget-box .chart-container svg").nth(
		2
	).wait_for()


def test_a_card_is_not_moved_by_dragging(town, page_of):
	reference = town.file_request()
	case = town.get("Service Request", reference)["case"]
	page = page_of(*NORA)
	open_desk(page, "case/view/kanban/Cases by State")
	card = page.locator(f'.kanban-card-wrapper[data-name="{case}"] .kanban-card-body')
	drag(page, card, page.locator('.kanban-column[data-column-value="Waiting"] .kanban-cards'))
	page.locator(".modal.show").get_by_text("choose an action").wait_for()
	assert town.get("Case", case)["state_category"] == "Open"


def drag(page, card, column) -> None:
	start, end = card.bounding_box(), column.bounding_box()
	page.mouse.move(start["x"] + 40, start["y"] + 20)
	page.mouse.down()
	page.mouse.move(start["x"] + 80, start["y"] + 40, steps=5)
	page.mouse.move(end["x"] + 100, end["y"] + 40, steps=15)
	page.mouse.up()
