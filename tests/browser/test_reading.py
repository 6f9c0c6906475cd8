"""A case that was opened to a person for reading: its forms cannot be filled, and say why."""

from desk import Watch, open_desk, settle, shoot
from test_access import HANNAH, ORDER, case, shelter  # noqa: F401
from town import NORA


def open_for_reading(page_of, case: str) -> None:  # noqa: F811
	hannah = page_of(*HANNAH)
	open_desk(hannah, f"case/{case}")
	args = {"user": NORA[0], "opens": "Read", "reason": "She asked.", "authority": ORDER}
	hannah.evaluate(
		"args => cur_frm.call({method: 'open_to', doc: cur_frm.doc, args})",
		{**args, "valid_to": hannah.evaluate("frappe.datetime.add_days(frappe.datetime.get_today(), 7)")},
	)
	settle(hannah)


def entries(page) -> int:
	"""Fields of the form that somebody could write into."""
	return page.locator(
		".layout-main .form-layout .frappe-control :is(input, textarea, select):visible:not([disabled])"
	).count()


def test_the_form_of_a_case_opened_for_reading_cannot_be_filled_and_says_why(page_of, case):  # noqa: F811
	open_for_reading(page_of, case)
	nora = page_of(*NORA)
	watch = Watch(nora)
	open_desk(nora, f"case/{case}")
	nora.locator(".form-message", has_text="Opened to you for reading, until").wait_for()
	assert entries(nora) == 0
	assert not nora.locator(".primary-action:visible").count()
	shoot(nora, "reading-case")
	nora.set_viewport_size({"width": 360, "height": 780})
	assert nora.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
	watch.check("reading a case")


def test_its_request_cannot_be_filled_either(shelter, page_of, case):  # noqa: F811
	open_for_reading(page_of, case)
	nora = page_of(*NORA)
	open_desk(nora, f"service-request/{shelter.first('Service Request', case=case)}")
	nora.locator('[data-fieldname="program"]:visible').first.wait_for()
	assert entries(nora) == 0
	assert not nora.evaluate(
		"cur_frm.perm.some((level) => level?.write)"
	), "sensitive answers could be written"
	shoot(nora, "reading-request")


def test_who_works_a_case_can_fill_its_form_and_is_not_offered_to_share_it(page_of, case):  # noqa: F811
	hannah = page_of(*HANNAH)
	open_desk(hannah, f"case/{case}")
	assert entries(hannah)
	assert not hannah.locator(
		".form-shared:visible"
	).count(), "it cannot be shared, and there is a button for it"
	assert not hannah.locator(".form-message", has_text="for reading").count()
