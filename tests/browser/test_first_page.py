"""The first page after login is work."""


def test_desk_opens_on_work_and_not_on_the_set_up_wizard(page_of):
	page = page_of("first-page@example.org", "Case Supervisor", "Caseworker")
	page.goto("/app")
	page.wait_for_selector(".layout-main-section", state="visible")
	assert "setup-wizard" not in page.url
