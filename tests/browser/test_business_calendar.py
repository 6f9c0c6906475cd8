"""The holidays of a calendar: warned of, looked at, added from a country and from a file, and seen in the year."""

from datetime import date

import pytest
from desk import Watch, open_desk, press, settle, shoot
from playwright.sync_api import TimeoutError
from test_accessibility import WIDTHS, axe, findings  # noqa: F401

CALENDAR = "Browser Town Hall"
CHIEF = ("browser-calendar-chief@example.org", "Agency Administrator")
YEAR = date.today().year
FILE = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:{YEAR}0616
RRULE:FREQ=YEARLY
SUMMARY:Founders' Day
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART:{YEAR}0703T130000
DTEND:{YEAR}0703T170000
SUMMARY:Parade
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def calendar(town, admin_session):
	"""Monday to Friday from nine to five, without a holiday."""
	week = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
	hours = [{"weekday": day, "starts": "09:00:00", "ends": "17:00:00"} for day in week]
	values = {"calendar_name": CALENDAR, "timezone": "America/New_York", "hours": hours}
	answer = admin_session.post("/api/resource/Business Calendar", json=values)
	assert answer.ok, answer.text
	yield CALENDAR
	admin_session.delete(f"/api/resource/Business Calendar/{CALENDAR}")


@pytest.fixture
def page(page_of, calendar):
	page = page_of(*CHIEF)
	open_desk(page, f"business-calendar/{calendar}")
	page.locator(".form-tabs .nav-link").first.wait_for()
	settle(page)
	return page


def tab(page, label: str) -> None:
	page.locator(".form-tabs .nav-link:visible", has_text=label).click()
	page.wait_for_timeout(700)
	assert page.locator(".form-tabs .nav-link.active:visible").inner_text().strip() == label


def proceed(page) -> None:
	"""Press the dialog's one button: first it shows, then it adds."""
	page.locator(".modal.show .btn-modal-primary:visible").click()
	settle(page)


def choose_country(page, name: str, code: str) -> None:
	"""As a person does: the list that is drawn anew under the hand is opened once more."""
	page.wait_for_timeout(500)  # a dialog that is still coming up takes no keys
	entry = page.locator('.modal.show [data-fieldname="country"] input')
	wanted = page.locator('.modal.show [data-fieldname="country"] li:visible', has_text=f"{name} (").first
	for _ in range(5):
		entry.fill("")
		entry.fill(name)
		try:
			wanted.click(timeout=3000)
			page.wait_for_function("code => cur_dialog.get_value('country') === code", arg=code, timeout=3000)
			break
		except TimeoutError:
			entry.blur()
	assert page.evaluate("cur_dialog.get_value('country')") == code
	settle(page)


def day(page, text: str):
	return page.locator(".calendar-year td", has_text=text)


def test_holidays_of_a_country_are_looked_at_before_they_are_added(page, admin_session):
	watch = Watch(page)
	assert f"No holidays are entered for {YEAR}" in page.locator(".form-message:visible").inner_text()
	press(page, "Add Holidays")
	choose_country(page, "Germany", "DE")
	proceed(page)
	rows = page.locator(".modal.show tbody tr")
	rows.filter(has_text="German Unity Day").first.wait_for()
	assert rows.filter(has_text="German Unity Day").count() == 2
	shoot(page, "calendar-add-holidays")
	rows.filter(has_text="Labor Day").first.locator("input").uncheck()
	proceed(page)
	tab(page, "Year")
	day(page, "German Unity Day").wait_for()
	assert day(page, "Labor Day").count() == 0
	shoot(page, "calendar-year")
	assert not admin_session.get(f"/api/resource/Business Calendar/{CALENDAR}").json()["data"]["holidays"]
	page.keyboard.press("Control+s")
	page.locator(".desk-alert", has_text="Saved").wait_for()
	settle(page)
	shoot(page, "calendar-saved")
	kept = admin_session.get(f"/api/resource/Business Calendar/{CALENDAR}").json()["data"]
	assert kept["holidays_until"] == f"{YEAR + 1}-12-31"
	assert page.locator(".form-message:visible").count() == 0
	watch.check("adding holidays of a country")


def test_a_file_gives_a_holiday_of_every_year_and_one_for_part_of_a_day(page, tmp_path):
	watch = Watch(page)
	path = tmp_path / "town.ics"
	path.write_text(FILE, encoding="utf-8")
	press(page, "Add Holidays")
	page.wait_for_timeout(500)
	page.locator('.modal.show [data-fieldname="source"] select').select_option("File")
	page.locator(".modal.show input[type=file]").set_input_files(str(path))
	proceed(page)
	assert "13:00–17:00" in page.locator(".modal.show tbody tr", has_text="Parade").inner_text()
	proceed(page)
	tab(page, "Year")
	day(page, "Founders' Day").wait_for()
	page.get_by_role("button", name=str(YEAR + 1)).click()
	page.locator(".calendar-year h4", has_text=str(YEAR + 1)).wait_for()
	assert day(page, "Founders' Day").count() == 1
	assert day(page, "Parade").count() == 0
	watch.check("adding holidays of a file")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_year_is_accessible_and_fits(page, axe, width):  # noqa: F811
	page.set_viewport_size({"width": width, "height": 800})
	page.reload()  # a Desk that was wide keeps its side bar over the form
	settle(page)
	tab(page, "Year")
	page.locator(".calendar-month").nth(11).wait_for()
	assert not findings(page, axe, ".calendar-year")
	assert page.evaluate("document.querySelector('.calendar-year').scrollWidth") <= width
