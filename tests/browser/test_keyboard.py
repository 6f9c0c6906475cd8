"""A workspace and a list by keys alone: Tab comes to what there is, one sees where one is, Enter opens it."""

import re

import pytest
from desk import open_desk, settle
from town import NORA

# What has the focus, and whether that shows: an outline or a shadow that it does not have without.
FOCUSED = """(selector) => {
	const one = document.activeElement, style = getComputedStyle(one);
	const shows = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
	return { there: one.matches(selector), shows, says: (one.getAttribute("aria-label") || one.innerText || "").trim() };
}"""
MANY = 150
LIST_OF_CASES = re.compile(r"/case(/view/list)?(\?|$)")
SHORTCUT, CARD = ".shortcut-widget-box", ".number-widget-box > .widget-body"
MENU, ROW = ".number-widget-box .card-actions > a", ".list-row-container a.ellipsis"


def tab_to(page, selector: str, says: str = "") -> dict:
	"""Press Tab until something of that kind, with these words, has the focus; what it says."""
	for _time in range(MANY):
		page.keyboard.press("Tab")
		focused = page.evaluate(FOCUSED, selector)
		if focused["there"] and says in focused["says"]:
			return focused
	pytest.fail(f"{MANY} times Tab, and no {selector} with {says!r}")


@pytest.fixture
def workspace(town, page_of):
	town.file_request()
	page = page_of(*NORA)
	open_desk(page, "casework")
	page.locator(".number-widget-box .number").nth(3).wait_for()
	return page


def test_a_shortcut_of_a_workspace_leads_to_a_row_of_a_list_and_that_to_its_case(workspace):
	page = workspace
	assert tab_to(page, SHORTCUT, "Open Cases")["shows"]
	page.keyboard.press("Enter")
	page.wait_for_url(LIST_OF_CASES)
	page.locator(ROW).first.wait_for()
	settle(page)
	assert tab_to(page, ROW)["shows"]
	page.keyboard.press("Enter")
	page.wait_for_url("**/case/CASE-*")


def test_a_number_card_is_opened_by_enter(workspace):
	assert tab_to(workspace, CARD)["shows"]
	workspace.keyboard.press("Enter")
	workspace.wait_for_url(LIST_OF_CASES)


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_menu_of_a_number_card_opens_by_a_key(workspace, key):
	assert tab_to(workspace, MENU)["shows"]
	workspace.keyboard.press(key)
	workspace.locator(".number-widget-box .dropdown-menu.show").wait_for()
	workspace.keyboard.press("Escape")
	workspace.locator(".number-widget-box .dropdown-menu.show").wait_for(state="hidden")
