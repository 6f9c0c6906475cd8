"""From a call to the answer: four people, two departments, one pothole."""

import json
import re

import pytest
from desk import Watch, answer_dialog, open_desk, press, settle, shoot
from town import CLERK, FIRE, GRETA, NORA

ANSWER = "The hole was filled this morning. Thank you for telling us."


@pytest.fixture
def call(page_of, town):
	"""The clerk takes a call without touching the mouse; the reference that is read to the caller."""

	def take(page) -> str:
		keys = page.keyboard
		open_desk(page, "intake-desk")
		assert page.evaluate("document.activeElement.id") == "intake-caller"
		keys.type("Mona Quill")
		page.locator("#intake-caller-list [role=option]:last-child:has-text('Mona Quill')").wait_for()
		pick_new_caller(page)
		tab_to(page, "phone")
		keys.type("+1 617 555 0142")
		tab_to(page, "intake-service")
		keys.type("hole browser")
		keys.press("Enter")
		page.wait_for_function("document.activeElement.dataset.fieldname === 'size'")
		answer_questions(page)
		tab_to(page, "address_string")
		keys.type("12 Harbor Street")
		shoot(page, "intake-desk")
		keys.press("Control+Enter")
		page.locator(".intake-reference").wait_for()
		shoot(page, "intake-desk-saved")
		return "".join(page.locator(".intake-reference b").all_inner_texts())

	return take


def pick_new_caller(page) -> None:
	"""The last option, whoever is known by that name already."""
	page.keyboard.press("ArrowUp")
	page.keyboard.press("Enter")
	page.locator('[data-fieldname="first_name"] input').wait_for()


def answer_questions(page) -> None:
	keys = page.keyboard
	assert not page.locator('[data-fieldname="depth"] input').is_visible()
	keys.type("Larger")
	page.locator('[data-fieldname="depth"] input').wait_for()
	tab_to(page, "depth")
	keys.type("12")


def tab_to(page, field: str) -> None:
	for _ in range(15):
		page.keyboard.press("Tab")
		if page.evaluate("document.activeElement.dataset.fieldname || document.activeElement.id") == field:
			return
	raise AssertionError(f"Tab never came to {field}")


def test_a_call_is_taken_worked_by_two_departments_and_answered(town, page_of, guest_page, call):
	clerk = page_of(*CLERK)
	watch = Watch(clerk)
	spoken = call(clerk)
	watch.check("intake desk")
	assert re.fullmatch(r"SR\d{5}[0-9A-Z]{9}", spoken)

	reference = f"{spoken[:2]}-{spoken[2:7]}-{spoken[7:]}"
	request = town.get("Service Request", reference)
	assert request["channel"] == "Phone"
	assert json.loads(request["answers"]) == {"size": "large", "depth": 12}
	case = request["case"]

	streets = page_of(*NORA)
	watch = Watch(streets)
	open_desk(streets, f"case/{case}")
	press(streets, "Accept")
	settle(streets)
	assert town.get("Case", case)["assignee"] == NORA[0]
	press(streets, "Refer to Department", "Work")
	answer_dialog(streets, department=FIRE, instructions="May we close the fire lane for an hour?")
	shoot(streets, "case")
	watch.check("case of the first department")

	part = town.first("Case", parent_case=case)
	fire = page_of(*GRETA)
	watch = Watch(fire)
	open_desk(fire, f"case/{part}")
	press(fire, "Start Review", "Actions")
	settle(fire)
	press(fire, "Answer", "Actions")
	answer_dialog(fire, reason="The lane may be closed from nine to ten.")
	assert town.get("Case", part)["state_category"] == "Closed"
	watch.check("case of the second department")

	open_desk(streets, f"case/{case}")
	press(streets, "Resolve", "Actions")
	answer_dialog(streets, status_notes=ANSWER, reason="Filled and compacted.")
	assert town.get("Case", case)["state_category"] == "Closed"
	shoot(streets, "case-closed")

	guest_page.goto("/status")
	guest_page.get_by_label("Reference").fill(spoken.lower())
	guest_page.keyboard.press("Enter")
	guest_page.locator(".answer").wait_for()
	assert "Closed" in guest_page.locator(".state").inner_text()
	assert ANSWER in guest_page.locator(".answer").inner_text()
	shoot(guest_page, "status")


def test_a_second_caller_joins_the_case_that_is_open(town, page_of):
	place = {"latitude": 42.3601, "longitude": -71.0589}
	first = town.file_request(**place)
	page = page_of(*CLERK)
	watch = Watch(page)
	open_desk(page, "intake-desk")
	page.locator("#intake-anonymous").focus()
	page.keyboard.press("Space")
	page.locator("#intake-service").focus()
	page.keyboard.type("hole browser")
	page.keyboard.press("Enter")
	page.wait_for_function("document.activeElement.dataset.fieldname === 'size'")
	page.keyboard.type("Smaller")
	tab_to(page, "latitude")
	page.keyboard.type("42.3602")
	page.keyboard.press("Tab")
	page.keyboard.type("-71.0588")
	page.keyboard.press("Tab")
	join = page.get_by_label(f"Join {first}")
	join.focus()
	page.keyboard.press("Enter")
	shoot(page, "intake-desk-join")
	page.keyboard.press("Control+s")
	page.locator(".intake-reference").wait_for()
	assert "joined" in page.locator("#intake-receipt-title").inner_text()
	assert len(town.get("Service Request", first)["followers"]) == 1
	watch.check("intake desk")


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(town, page_of):
	page = page_of(*CLERK)
	open_desk(page, "intake-desk")
	page.keyboard.press("Control+Enter")
	assert page.evaluate("document.activeElement.id") == "intake-service"
	page.keyboard.type("hole browser")
	page.keyboard.press("Enter")
	page.wait_for_function("document.activeElement.dataset.fieldname === 'size'")
	page.locator("#intake-description").fill("Deep and dangerous")
	page.keyboard.press("Control+Enter")
	assert page.evaluate("document.activeElement.dataset.fieldname") == "size"
	page.keyboard.type("Smaller")
	page.keyboard.press("Control+Enter")
	page.locator('[data-fieldname="address_string"] .intake-error:visible').wait_for()
	assert page.locator("#intake-description").input_value() == "Deep and dangerous"
