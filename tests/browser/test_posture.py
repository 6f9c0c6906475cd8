"""The page Security Posture as those meet it who set up, and as an auditor does: also on a telephone, also with the keyboard."""

import pytest
from desk import open_desk, settle, shoot
from test_accessibility import WIDTHS, axe, findings

ADA, ANN = ("posture-ada@example.org", "Agency Administrator"), ("posture-ann@example.org", "Agency Auditor")
SETTINGS = "/api/resource/System Settings/System Settings"
LINE = '[data-line="document_share_key_expiry"]'
__all__ = ["axe"]


@pytest.fixture
def unsafe(admin_session):
	"""One setting as Frappe has it."""
	assert admin_session.put(SETTINGS, json={"document_share_key_expiry": 30}).ok
	yield
	assert admin_session.put(SETTINGS, json={"document_share_key_expiry": 7}).ok


def open_page(page):
	open_desk(page, "security-posture")
	page.locator(".posture-lines li").first.wait_for()
	return page


def test_a_setting_is_put_in_force_by_a_click_and_recorded(unsafe, page_of, admin_session):
	page = open_page(page_of(*ADA))
	assert "Not in force" in page.locator(LINE).inner_text()
	shoot(page, "posture")
	before = len(_changes(admin_session))
	page.locator(f"{LINE} button").click()
	page.locator(".modal.show .btn-modal-primary").click()
	page.locator(f"{LINE}.ok").wait_for()
	settle(page)
	assert page.evaluate("document.activeElement.dataset.line") == "document_share_key_expiry"
	assert len(_changes(admin_session)) == before + 1


def _changes(session) -> list[dict]:
	filters = '{"verb": "update", "reference_doctype": "System Settings"}'
	return session.get(
		"/api/resource/Audit Event", params={"filters": filters, "limit_page_length": 0}
	).json()["data"]


def test_an_auditor_sees_the_same_and_no_button(unsafe, page_of):
	page = open_page(page_of(*ANN))
	assert "Not in force" in page.locator(LINE).inner_text()
	assert page.locator(".posture-mend").count() == 0


def test_the_map_of_controls_opens_with_the_keyboard(page_of):
	page = open_page(page_of(*ADA))
	family = page.locator(".posture-controls details").first
	family.locator("summary").focus()
	page.keyboard.press("Enter")
	assert "AC-3" in family.inner_text()
	family.scroll_into_view_if_needed()
	shoot(page, "posture-controls")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_accessible_and_fits(unsafe, page_of, axe, width):
	page = page_of(*ADA)
	page.set_viewport_size({"width": width, "height": 800})
	open_page(page)
	for family in page.locator(".posture-controls summary").all():
		family.click()
	assert not findings(page, axe, ".security-posture")
	assert page.evaluate("document.documentElement.scrollWidth") <= width
