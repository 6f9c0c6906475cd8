"""A case is sealed on its form: its words are shown to who may read them, on request, and to nobody else."""

from desk import Watch, open_desk, press, settle, shoot
from test_access import HANNAH, case, shelter  # noqa: F401
from test_accessibility import axe, findings  # noqa: F401

STORY = "She left him on Tuesday"


def seal(page) -> None:
	page.evaluate("cur_frm.set_value('confidentiality', 'Sealed')")
	settle(page)
	page.evaluate("void cur_frm.save()")
	page.locator(".modal.show", has_text="Seal this case?").wait_for()
	shoot(page, "sealed-ask")
	page.locator(".modal.show .btn-primary:visible").click()
	page.locator(".case-sealed [data-act=show]").wait_for()
	settle(page)


def test_what_it_says_is_shown_to_who_asks_and_lies_in_no_record(shelter, page_of, case, axe):  # noqa: F811
	request = shelter.first("Service Request", case=case)
	answer = shelter.session.put(f"/api/resource/Service Request/{request}", json={"description": STORY})
	assert answer.ok, answer.text
	page = page_of(*HANNAH)
	watch = Watch(page)
	open_desk(page, f"case/{case}")
	seal(page)
	assert STORY not in page.content()
	assert not shelter.get("Service Request", request).get("description")
	page.locator(".case-sealed [data-act=show]").click()
	page.locator(".case-sealed-value", has_text=STORY).wait_for()
	shoot(page, "sealed-shown")
	page.set_viewport_size({"width": 360, "height": 780})
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	assert not findings(page, axe, ".case-sealed")
	page.set_viewport_size({"width": 1440, "height": 900})
	press(page, "Lower", "Work")
	page.locator('.modal.show [data-fieldname="reason"] textarea').fill("The court has lifted it.")
	page.locator(".modal.show .btn-modal-primary:visible").click()
	page.locator(".case-sealed").wait_for(state="detached")
	assert shelter.get("Service Request", request)["description"] == STORY
	watch.check("sealing a case")
