from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, get_datetime, now_datetime

from govcrm.domain.calendar import NoWorkingTime
from govcrm.domain.deadlines import due_date
from govcrm.domain.deadlines_policy import TEXTS, Problem, problems
from govcrm.service_catalogue import calendars, deadlines


class DeadlinePolicy(Document):
	"""What must be done by when, and what follows if not.

	Published versions of programs keep the copy they were published with: what is changed here holds from the next
	version on.
	"""

	def validate(self) -> None:
		self.clear_what_does_not_apply()
		self.refuse_problems()
		self.check_people()

	def clear_what_does_not_apply(self) -> None:
		for row in self.milestones:
			for end in ("start", "stop"):
				if row.get(f"{end}_event") != "State Entered":
					row.set(f"{end}_state", None)
			if not (row.on_breach or "").startswith("Deemed"):
				row.breach_action = None

	def refuse_problems(self) -> None:
		tables = ([row.as_dict() for row in table] for table in (self.milestones, self.escalations))
		found = [self.in_words(problem) for problem in problems(*tables)]
		if found:
			lines = "".join(f"<li>{line}</li>" for line in found)
			frappe.throw(_("Please put these right first:") + f"<ul>{lines}</ul>", title=_("Not Ready"))

	def in_words(self, problem: Problem) -> str:
		values = (escape_html(_(value) if isinstance(value, str) else str(value)) for value in problem.values)
		place = _(self.meta.get_label(problem.table))
		return _("{0}, row {1}: {2}").format(place, problem.row, _(TEXTS[problem.code]).format(*values))

	def check_people(self) -> None:
		for row in self.escalations:
			if row.user and not frappe.db.get_value("User", row.user, "enabled"):
				frappe.throw(
					_("{0}, row {1}: {2} is disabled. Choose another user, or none.").format(
						_("Escalations"), row.idx, escape_html(row.user)
					)
				)

	@frappe.whitelist(methods=["POST"])
	def preview(self, calendar: str | None = None, received: str | None = None) -> list[dict[str, Any]]:
		"""When each milestone, as shown in the form, would be due for what is received now or at a site time.

		{row, label, priority, condition, due}; on the agency's calendar unless another is named.
		"""
		self.check_permission("read")
		self.refuse_problems()
		name = calendar or calendars.default()
		if not name:
			frappe.throw(_("Choose a calendar: GovCRM Settings name none."))
		start = calendars.instant(get_datetime(received or now_datetime()).replace(microsecond=0))
		return [self.due_row(row, name, start) for row in self.milestones]

	def due_row(self, row: Document, calendar: str, start) -> dict[str, Any]:
		rule = deadlines.rule_of_row(row)
		try:
			due = str(calendars.site_time(due_date(rule, calendars.load(calendar), start)))
		except NoWorkingTime:
			due = None
		shown = {field: row.get(field) for field in ("label", "priority", "condition", "start_event")}
		return {"row": row.idx, "due": due, **shown}
