"""Nothing serious or critical by axe-core in what the app itself draws."""

import os
from pathlib import Path

import pytest
from desk import open_desk
from town import CLERK

SEVERE = ("serious", "critical")
SAVED = """() => {
	const { desk } = cur_page.page;
	desk.service.chosen = { service_name: "Pothole repair" };
	desk.on_saved({ reference: "SR-26326-7K3M9QZW4", agency_responsible: "Streets", created: true });
}"""
WIDTHS = [pytest.param(1280, id="wide"), pytest.param(360, id="narrow")]


@pytest.fixture(scope="session")
def axe() -> str:
	"""The source of axe-core: $GOVCRM_AXE, or the package beside the checkout or the bench's Frappe."""
	bench = Path(os.environ.get("GOVCRM_BENCH", "."))
	checkout = Path(__file__).resolve().parents[2]
	places = [checkout / "node_modules", bench / "apps/frappe/node_modules", bench / "node_modules"]
	paths = [Path(os.environ.get("GOVCRM_AXE", "")), *(place / "axe-core/axe.min.js" for place in places)]
	for path in paths:
		if path.is_file():
			return path.read_text(encoding="utf-8")
	pytest.skip("axe-core is not installed: npm install --no-save axe-core, or set $GOVCRM_AXE to axe.min.js")


def findings(page, axe: str, within: str) -> list[str]:
	page.evaluate(axe)
	result = page.evaluate("within => axe.run(within)", within)
	return [
		f"{found['id']}: {node['html'][:200]}"
		for found in result["violations"]
		if found["impact"] in SEVERE
		for node in found["nodes"]
	]


@pytest.mark.parametrize("width", WIDTHS)
def test_the_intake_desk_is_accessible(town, page_of, axe, width):
	town.file_request(latitude=42.3601, longitude=-71.0589)
	page = page_of(*CLERK)
	page.set_viewport_size({"width": width, "height": 800})
	open_desk(page, "intake-desk")
	page.keyboard.type("Mona Quill")
	page.locator("#intake-caller-list [role=option]").first.wait_for()
	assert not findings(page, axe, ".intake-desk")
	page.keyboard.press("ArrowUp")
	page.keyboard.press("Enter")
	page.locator("#intake-service").fill("hole browser")
	page.keyboard.press("Enter")
	page.locator('[data-fieldname="size"] select').wait_for()
	page.locator('[data-fieldname="latitude"] input').fill("42.3602")
	page.locator('[data-fieldname="longitude"] input').fill("-71.0588")
	page.keyboard.press("Tab")
	page.locator(".intake-duplicates li").first.wait_for()
	page.keyboard.press("Control+Enter")
	page.locator(".intake-error:visible").first.wait_for()
	assert not findings(page, axe, ".intake-desk")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_receipt_is_accessible(town, page_of, axe, width):
	page = page_of(*CLERK)
	page.set_viewport_size({"width": width, "height": 800})
	open_desk(page, "intake-desk")
	page.evaluate(SAVED)
	page.locator(".intake-reference").wait_for()
	assert not findings(page, axe, ".intake-desk")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_status_page_is_accessible(town, guest_page, axe, width):
	guest_page.set_viewport_size({"width": width, "height": 800})
	for query in ("", f"?reference={town.file_request()}", "?reference=SR-1"):
		guest_page.goto(f"/status{query}")
		assert not findings(guest_page, axe, "html")


def test_the_acknowledgement_is_accessible(town, page_of, axe):
	page = page_of(*CLERK)
	page.goto(f"/printview?doctype=Service Request&name={town.file_request()}&format=Request Acknowledgement")
	assert not findings(page, axe, ".ack")
