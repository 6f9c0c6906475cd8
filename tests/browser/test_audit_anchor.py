"""The form of an Audit Anchor: a place is set up, a checkpoint is taken there, and the receipt says so."""

import json
import secrets
from pathlib import Path

import pytest
from desk import Watch, fill, open_desk, press, settle, shoot
from town import ADMIN

ANCHOR = "/api/resource/Audit Anchor"


@pytest.fixture
def place(tmp_path: Path) -> Path:
	"""A file outside the bench, to which the web server's worker may write."""
	return tmp_path / "checkpoints.ndjson"


@pytest.fixture
def name(admin_session):
	"""That of a new anchor, which is switched off afterwards: its file goes with the test."""
	name = f"Browser {secrets.token_hex(3)}"
	yield name
	admin_session.put(f"{ANCHOR}/{name}", json={"enabled": 0}).raise_for_status()


def enter(page, fieldname: str, value: str) -> None:
	fill(page.locator(f'.frappe-control[data-fieldname="{fieldname}"]:visible'), value)


def test_a_file_is_set_up_as_an_anchor_and_shows_its_receipt(town, page_of, bench_execute, name, place):
	bench_execute("govcrm.accountability.sealing.sealer.run")
	page = page_of(*ADMIN)
	watch = Watch(page)
	open_desk(page, "audit-anchor/new")
	enter(page, "anchor_name", name)
	enter(page, "kind", "File")
	enter(page, "path", str(place))
	page.keyboard.press("Control+s")
	page.locator('button[data-label="Test%20This%20Anchor"]:visible').wait_for()
	settle(page)
	press(page, "Test This Anchor")
	page.get_by_text("It got there. See the receipt.").wait_for()
	settle(page)
	shoot(page, "audit-anchor")
	told = json.loads(place.read_text().splitlines()[-1])
	size = json.loads(told["checkpoint"])["size"]
	shown = page.locator('.frappe-control[data-fieldname="last_size"]').inner_text()
	assert str(size) in shown.replace(",", "")
	press(page, "Receipts")
	settle(page)
	rows = page.locator(".list-row-container .list-row")
	rows.first.wait_for()
	assert rows.count() == 1
	rows.first.locator(".list-subject a").click()
	receipt = page.locator('.frappe-control[data-fieldname="receipt"]:visible')
	receipt.wait_for()
	settle(page)
	assert str(place) in receipt.inner_text()
	shoot(page, "audit-anchor-receipt")
	watch.check("an anchor")


def test_a_place_inside_the_bench_is_refused_with_what_to_do(town, page_of, bench_execute):
	page = page_of(*ADMIN)
	open_desk(page, "audit-anchor/new")
	enter(page, "anchor_name", "Browser inside")
	enter(page, "path", bench_execute("frappe.utils.get_bench_path").strip().strip('"') + "/anchor")
	page.keyboard.press("Control+s")
	page.get_by_text("Choose a place outside the bench").first.wait_for()
