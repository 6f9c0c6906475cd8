"""Frappe's Desk as a user meets it: buttons with their words, dialogs with their fields."""

import os
from pathlib import Path
from urllib.parse import quote

# What a test machine cannot have (map tiles, live updates, a loudspeaker), and Frappe's charts, which trip over
# themselves when their box changes its size while they are drawn.
NOT_OURS = ("tile", "socket", "ERR_", "play()", "Failed to load resource", "boundDrawFn")
ERROR_DIALOGS = ".modal.show .msgprint, .modal.show .modal-title:has(.indicator.red)"


class Watch:
	"""Keeps what a page complains about while it is open."""

	def __init__(self, page) -> None:
		self.page = page
		self.complaints: list[str] = []
		page.on("console", lambda message: message.type == "error" and self.note(message.text))
		page.on("pageerror", lambda error: self.note(error.stack or str(error)))
		page.on("response", self.note_failure)

	def note(self, text: str) -> None:
		if not any(part in text for part in NOT_OURS):
			self.complaints.append(text[:1500])

	def note_failure(self, response) -> None:
		if response.status >= 400 and "/api/" in response.url:
			self.complaints.append(f"{response.status} {response.url[:200]}")

	def check(self, where: str) -> None:
		dialogs = self.page.locator(ERROR_DIALOGS).all_inner_texts()
		assert not self.complaints + dialogs, (where, self.complaints, dialogs)


def open_desk(page, path: str) -> None:
	"""Go to a path of the Desk and wait until it has drawn what it asked the server for."""
	page.goto(f"/app/{path}")
	page.wait_for_selector("body[data-route]", state="attached")
	settle(page)


def go(page, route: str) -> None:
	"""As a click on a link does: the Desk stays, and what it has loaded."""
	page.evaluate("(path) => frappe.set_route(path)", f"/app/{route}")
	for _time in range(2):  # what is drawn asks for more
		page.wait_for_timeout(300)
		page.wait_for_function("frappe.request.ajax_count === 0")


def settle(page) -> None:
	page.wait_for_load_state("networkidle")
	page.wait_for_function("!window.frappe || !frappe.request || frappe.request.ajax_count === 0")
	page.wait_for_timeout(300)


def press(page, label: str, group: str | None = None) -> None:
	"""Press a button of a form, in a group's menu if one is named."""
	if group:
		page.locator(f'.inner-group-button[data-label="{quote(group)}"] > button:visible').click()
		page.locator(f'.inner-group-button.show [data-label="{quote(label)}"]:visible').click()
	else:
		page.locator(f'button[data-label="{quote(label)}"]:visible').click()


def answer_dialog(page, **values: str) -> None:
	"""Fill the open dialog and send it by Ctrl+Enter."""
	dialog = fill_dialog(page, **values)
	page.keyboard.press("Control+Enter")
	dialog.wait_for(state="hidden")
	settle(page)


def fill_dialog(page, **values: str):
	"""Fill the open dialog; the dialog."""
	dialog = page.locator(".modal.show")
	dialog.wait_for()
	page.wait_for_timeout(500)  # a dialog that is still coming up cannot be closed
	for fieldname, value in values.items():
		fill(dialog.locator(f'[data-fieldname="{fieldname}"].frappe-control'), value)
	return dialog


def fill(control, value: str) -> None:
	entry = control.locator("input, textarea, select").first
	fieldtype = control.get_attribute("data-fieldtype")
	if fieldtype == "Select":
		entry.select_option(value)
	else:
		entry.fill(value)
	if fieldtype == "Link":
		control.locator(f'[role=option]:has-text("{value}")').first.click()


# On a telephone it begins closed, and lies over the page when the window becomes as narrow as that.
CLOSE_SIDEBAR = """() => innerWidth < 768 && document.querySelector(".body-sidebar-container.expanded")
	&& frappe.app.sidebar.close_sidebar()"""


def shoot(page, name: str) -> None:
	"""A picture at both widths for people to look at, where $GOVCRM_SHOTS names a folder."""
	folder = os.environ.get("GOVCRM_SHOTS")
	if not folder:
		return
	Path(folder).mkdir(parents=True, exist_ok=True)
	before = page.viewport_size
	for width, height in ((1280, 900), (360, 780)):
		page.set_viewport_size({"width": width, "height": height})
		page.evaluate(CLOSE_SIDEBAR)
		page.wait_for_timeout(400)
		page.screenshot(path=Path(folder) / f"{name}-{width}.png")
	page.set_viewport_size(before)
