"""The public page of the audit log: accessible, also on a telephone, and usable with the keyboard."""

import pytest
from test_accessibility import WIDTHS, axe, findings

PAGE = "/audit"
__all__ = ["axe"]


@pytest.fixture(scope="module", autouse=True)
def sealed(town, bench_execute) -> None:
	bench_execute("govcrm.accountability.sealing.sealer.run")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_fits(guest_page, axe, width, scheme):
	guest_page.set_viewport_size({"width": width, "height": 800})
	guest_page.emulate_media(color_scheme=scheme)
	guest_page.goto(PAGE)
	guest_page.get_by_role("heading", name="Newest checkpoint").wait_for()
	assert not findings(guest_page, axe, "html")
	assert guest_page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_file_to_keep_is_one_key_away(guest_page):
	guest_page.goto(PAGE)
	guest_page.keyboard.press("Tab")
	assert "JSON" in guest_page.evaluate("document.activeElement.textContent")
