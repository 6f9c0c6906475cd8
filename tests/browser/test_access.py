"""A restricted case: asked for and given by name, and opened in an emergency that a privacy officer reviews."""

from datetime import datetime, timedelta

import pytest
from desk import Watch, answer_dialog, fill_dialog, open_desk, press, settle, shoot
from test_accessibility import WIDTHS, axe, findings  # noqa: F401
from town import GRETA, NORA, PRIVACY

SHELTER, CODE = "Browser Shelter", "BROWSER-SHELTER"
HANNAH = ("browser-hannah@example.org", "Caseworker", "Case Supervisor")
CHILDREN = {
	"code": "children",
	"label": "Who comes along?",
	"datatype": "singlevaluelist",
	"options": "none=Nobody\nsome=Children",
}
ORDER = "Order of the county court, no. 12"
IN_A_WEEK = (datetime.now() + timedelta(days=7)).strftime("%m-%d-%Y")  # as the site writes days


@pytest.fixture(scope="module")
def shelter(town, make_login):
	"""A department whose cases are restricted, with one supervisor."""
	make_login(*HANNAH)
	members = [{"user": HANNAH[0], "role": "Supervisor"}]
	town.make("Agency Department", SHELTER, department_name=SHELTER, members=members)
	town.make(
		"Agency Program",
		CODE,
		service_code=CODE,
		program_name="Place in a shelter (browser)",
		department=SHELTER,
	)
	version = {"workflow": "Fix-it Request", "effective_from": "2020-01-01", "changes": "First."}
	town.make(
		"Program Version",
		f"{CODE}-v1",
		program=CODE,
		docstatus=1,
		default_confidentiality="Restricted",
		questions=[CHILDREN],
		**version,
	)
	return town


@pytest.fixture
def case(shelter) -> str:
	return shelter.get("Service Request", shelter.file_request(service_code=CODE, answers={}))["case"]


def status_of(page, case: str) -> int:
	return page.request.get(f"/api/resource/Case/{case}").status


def from_menu(page, label: str) -> None:
	"""Choose an entry of the menu of a list."""
	page.locator(".menu-btn-group button:visible").first.click()
	page.locator(".menu-btn-group .dropdown-menu.show").get_by_text(label).click()


def answer(page, **values: str) -> None:
	"""Fill the open dialog, press its button and wait until the server has answered."""
	fill_dialog(page, **values).locator(".btn-modal-primary:visible").click()
	settle(page)


def grant_of(town, case: str) -> str:
	return town.first("Case Access Grant", case=case)


def test_it_is_asked_for_given_for_a_time_and_ended(shelter, page_of, case):
	nora, hannah = page_of(*NORA), page_of(*HANNAH)
	watches = [Watch(nora), Watch(hannah)]
	assert nora.request.get(f"/api/resource/Case/{case}").status == 403

	open_desk(nora, "case")
	from_menu(nora, "Ask for Access to a Case")
	shoot(nora, "access-ask")
	answer(nora, case=case, reason="I took the first call.")
	nora.locator(".modal.show", has_text="have been asked").wait_for()

	open_desk(hannah, f"case-access-grant/{grant_of(shelter, case)}")
	press(hannah, "Give")
	answer(hannah, valid_to=IN_A_WEEK, authority=ORDER)
	hannah.locator('.layout-main [data-fieldname="authority"]', has_text=ORDER).wait_for()
	shoot(hannah, "access-given")

	open_desk(nora, f"case/{case}")
	nora.locator(".page-title, .title-text", has_text="shelter").first.wait_for()
	press_end(hannah)
	assert status_of(nora, case) == 403
	for watch in watches:
		watch.check("giving access")


def press_end(page) -> None:
	press(page, "End Now")
	answer(page, note="The matter is settled.")
	page.locator(".indicator-pill:visible", has_text="Ended").first.wait_for()


def test_a_supervisor_opens_it_to_a_person(shelter, page_of, case):
	hannah = page_of(*HANNAH)
	watch = Watch(hannah)
	open_desk(hannah, f"case/{case}")
	press(hannah, "Open to a Person", "Work")
	hannah.wait_for_timeout(500)
	shoot(hannah, "access-open-to")
	answer_dialog(
		hannah, user=NORA[0], opens="Work", valid_to=IN_A_WEEK, authority=ORDER, reason="She speaks Somali."
	)
	assert shelter.get("Case Access Grant", grant_of(shelter, case))["opens"] == "Work"
	watch.check("opening to a person")


def test_an_emergency_opens_it_at_once_and_is_reviewed(shelter, page_of, case):
	greta, petra = page_of(*GRETA), page_of(*PRIVACY)
	watches = [Watch(greta), Watch(petra)]
	open_desk(greta, "case")
	from_menu(greta, "Open a Case in an Emergency")
	shoot(greta, "access-emergency")
	answer_dialog(greta, case=case.lower(), reason="A child may be in danger.")
	greta.wait_for_url(f"**/case/{case}")
	settle(greta)

	open_desk(petra, f"case-access-grant/{grant_of(shelter, case)}")
	press(petra, "Review")
	shoot(petra, "access-review")
	answer(petra, finding="Justified", note="The officer on duty could not be reached.")
	assert shelter.get("Case Access Grant", grant_of(shelter, case))["finding"] == "Justified"
	for watch in watches:
		watch.check("an emergency")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_dialog_that_opens_a_case_to_a_person_is_accessible(shelter, page_of, case, axe, width):  # noqa: F811
	hannah = page_of(*HANNAH)
	open_desk(hannah, f"case/{case}")
	press(hannah, "Open to a Person", "Work")
	hannah.set_viewport_size({"width": width, "height": 900})
	hannah.locator(".modal.show [data-fieldname=authority] textarea").wait_for()
	settle(hannah)
	found = findings(hannah, axe, ".modal.show .modal-body")
	assert not [each for each in found if not each.startswith("color-contrast")]  # the colours are Frappe's
