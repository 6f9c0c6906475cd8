"""Who may see no record lands on published numbers, and finds nothing broken there at either width."""

import json

import pytest
from desk import Watch, open_desk, settle, shoot
from test_accessibility import WIDTHS, axe, findings  # noqa: F401 the fixture
from town import COUNCIL

# A month that is over takes a month to come: what the report answers is filled in on its way.
ROW = {"group": "Streets", "received": 41, "closed": 37, "in_time": "withheld", "late": "withheld"}
ROW |= {"share": "withheld", "growth": "+4", "median_days": 6}
SUMMARY = [{"label": "Received", "value": "41", "datatype": "Data"}]


def fill_in(route) -> None:
	answer = route.fetch()
	message = answer.json()["message"] | {"result": [ROW], "report_summary": SUMMARY}
	route.fulfill(response=answer, body=json.dumps({"message": message}))


@pytest.mark.parametrize("width", WIDTHS)
def test_an_official_lands_on_the_statistics(town, page_of, width):
	page = page_of(*COUNCIL)
	page.set_viewport_size({"width": width, "height": 800})
	watch = Watch(page)
	page.goto("/app")
	page.wait_for_url("**/service-performance*")
	page.locator(".number-widget-box .number").first.wait_for()
	settle(page)
	watch.check("Service Performance")
	shoot(page, "service-performance")


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_withheld_is_a_word_in_the_report(town, page_of, axe, width):  # noqa: F811
	page = page_of(*COUNCIL)
	page.set_viewport_size({"width": width, "height": 800})
	watch = Watch(page)
	page.route("**/api/method/frappe.desk.query_report.run*", fill_in)
	open_desk(page, "query-report/Service Statistics?by=Department")
	page.locator(".dt-scrollable").get_by_text("withheld").first.wait_for()
	settle(page)
	for ours in (".report-summary", ".dt-scrollable"):
		assert not findings(page, axe, ours)
	watch.check("Service Statistics")
	shoot(page, "service-statistics")
