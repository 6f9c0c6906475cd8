"""axe-core finds nothing on any workspace, list, report or dashboard of the app, as the role that works there sees it."""

import pytest
from axe_core import findings_at_widths, load, violations
from desk import go, open_desk
from screens import PEOPLE, routes_of
from test_accessibility import axe  # noqa: F401
from town import GRETA, NORA

COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "gray")
# Two letters: of one alone axe-core says nothing.
AVATARS = ("orange", "pink", "blue", "green", "dark-green", "red", "yellow", "purple")
AVATAR = "<span style='background: var(--{0}-avatar-bg); color: var(--{0}-avatar-color)'>NQ</span>"
# A fault of each kind that is looked for: in a list, where rows are drawn.
FAULTS = {
	"image-alt": "<img src='/assets/govcrm/images/govcrm.svg' width='20' height='20'>",
	"button-name": "<button style='width: 24px; height: 24px'></button>",
	"color-contrast": "<span style='color: #999; background: #fff'>pale</span>",
	"label": "<input type='text'>",
}
PLANT = "([where, html]) => document.querySelector(where).insertAdjacentHTML('beforeend', html)"
ROW = ".list-row-container:has(.list-row)"


@pytest.fixture(scope="module")
def busy(town, user_session, bench_execute):
	"""The town with something in the lists: a citizen, a case that is worked on, a task, who asks for a case, seals."""
	reference = town.file_request(anonymous=False, citizen={"first_name": "Rita", "last_name": "Bloom"})
	case = town.get("Service Request", reference)["case"]
	nora = user_session(*NORA)
	accept = {"dt": "Case", "dn": case, "method": "accept"}
	nora.post("/api/method/run_doc_method", json=accept).raise_for_status()
	task = {"case": case, "title": "Look at the hole"}
	nora.post("/api/resource/Case Task", json=task).raise_for_status()
	asked = {"case": case, "opens": "Read", "reason": "It is about a hydrant."}
	greta = user_session(*GRETA)
	greta.post("/api/method/govcrm.api.casework.ask_access", json=asked).raise_for_status()
	bench_execute("govcrm.tasks.seal_audit_log")
	return town


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person[-1].lower().replace(" ", "-"))
def test_what_a_role_works_with_is_accessible(busy, page_of, axe, person):  # noqa: F811
	page = open_with_axe(page_of, person, axe)
	found = []
	for route in routes_of(person):
		go(page, route)
		found += findings_at_widths(page, route)
	assert not found, "\n".join(found)


def test_each_colour_of_a_list_can_be_read(busy, page_of, axe):  # noqa: F811
	page = open_with_axe(page_of, NORA, axe)
	go(page, "case")
	page.locator(ROW).first.wait_for()
	for colour in COLOURS:
		page.evaluate(
			PLANT, [ROW, f"<span class='indicator-pill {colour} filterable'><span>Said</span></span>"]
		)
	for colour in AVATARS:
		page.evaluate(PLANT, [ROW, AVATAR.format(colour)])
	assert not violations(page)


def test_a_fault_in_a_list_is_found(busy, page_of, axe):  # noqa: F811
	page = open_with_axe(page_of, NORA, axe)
	go(page, "case")
	page.locator(ROW).first.wait_for()
	assert not violations(page)
	for fault in FAULTS.values():
		page.evaluate(PLANT, [ROW, fault])
	assert {line.partition(":")[0] for line in violations(page)} == set(FAULTS)


def open_with_axe(page_of, person: tuple[str, ...], axe: str):  # noqa: F811
	page = page_of(*person)
	open_desk(page, "")
	load(page, axe)
	return page
