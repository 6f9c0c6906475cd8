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
	words = {"description": STORY, "answers": '{"children": "some"}'}
	answer = shelter.session.put(f"/api/resource/Service Request/{request}", json=words)
	assert answer.ok, answer.text
	page = page_of(*HANNAH)
	watch = Watch(page)
	open_desk(page, f"case/{case}")
	seal(page)
	assert STORY not in page.content()
	assert not shelter.get("Service Request", request).get("description")
	page.locator(".case-sealed [data-act=show]").click()
	page.locator(".case-sealed-value", has_text=STORY).wait_for()
	page.locator(".case-sealed-value", has_text="Who comes along?").filter(has_text="Children").wait_for()
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


def test_a_file_is_put_up_taken_and_removed_on_the_form(shelter, page_of, case, axe, tmp_path):  # noqa: F811
	statement = tmp_path / "Statement of the neighbour, the night of the twelfth of November.txt"
	statement.write_text(STORY)
	page = page_of(*HANNAH)
	watch = Watch(page)
	open_desk(page, f"case/{case}")
	seal(page)
	page.locator(".case-sealed [data-act=show]").click()
	page.locator("[data-act=add-file]").click()
	page.get_by_label("File", exact=True).set_input_files(statement)
	page.locator('.modal.show [data-fieldname="note"] textarea').fill("She gave it to me herself")
	shoot(page, "evidence-ask")
	page.locator(".modal.show .btn-modal-primary:visible").click()
	row = page.locator(".case-sealed-files li", has_text="Statement of the neighbour")
	row.wait_for()
	settle(page)
	assert "She gave it to me herself" in row.inner_text()
	shoot(page, "evidence-shown")
	with page.expect_download() as taken:
		row.locator("[data-act=take-file]").click()
	assert taken.value.path().read_text() == STORY
	page.set_viewport_size({"width": 360, "height": 780})
	row.scroll_into_view_if_needed()
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	assert not findings(page, axe, ".case-sealed")
	page.set_viewport_size({"width": 1440, "height": 900})
	row.locator("[data-act=remove-file]").click()
	page.locator('.modal.show [data-fieldname="reason"] textarea').fill("It is of another case.")
	page.locator(".modal.show .btn-modal-primary:visible, .modal.show .btn-primary:visible").first.click()
	page.locator(".case-sealed-files", has_text="No file was put up").wait_for()
	watch.check("files of a sealed case")


def test_its_request_says_that_it_is_sealed_to_who_may_open_it(shelter, page_of, case, axe):  # noqa: F811
	page = page_of(*HANNAH)
	open_desk(page, f"case/{case}")
	seal(page)
	open_desk(page, f"service-request/{shelter.first('Service Request', case=case)}")
	page.locator(".form-message", has_text="is sealed with its case").wait_for()
	assert not page.locator('[data-fieldname="map_html"]:visible').count()
	shoot(page, "sealed-request")
	page.set_viewport_size({"width": 360, "height": 780})
	assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	assert not findings(page, axe, ".form-message")
