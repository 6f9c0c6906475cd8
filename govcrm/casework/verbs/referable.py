"""Parts of the work that other departments do, each as a case of its own."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime

from govcrm.accountability import trail
from govcrm.casework import events, notices, participation
from govcrm.casework.opening import add_checklist
from govcrm.casework.queues import giving
from govcrm.casework.verbs.authority import require_supervisor
from govcrm.casework.verbs.guarded import by_verb, parts_of
from govcrm.casework.verbs.transferable import require_active, required
from govcrm.domain.cases import MAX_DEPTH, RUNNING, counts, missing, referral_refusal


class Referable:
	"""Needs the fields parent_case, holds_parent, join_rule, join_count."""

	# As a parent -------------------------------------------------------------------------------------------

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def refer(self, department: str, instructions: str, program: str | None = None) -> str:
		"""Ask another department for its part, as a case of its own that this one waits for. Returns its name.

		The other department does not see this case: say in the instructions all it needs. This department can read
		the part.
		"""
		self.begin()
		self.refuse_if_ended()
		required(instructions)
		refuse_referral(self, department)
		part = open_part(self, department, instructions, program)
		self.finish("refer", instructions, detail=f"{part.name} → {department}")
		return part.name

	@frappe.whitelist(methods=["POST"])
	@trail.together()
	def release_part(self, case: str, reason: str) -> None:
		"""Wait no longer for a part. It goes on by itself. A right of supervisors."""
		self.begin()
		require_supervisor(self)
		part = frappe.get_doc("Case", case, for_update=True)
		if part.parent_case != self.name or not part.holds_parent:
			frappe.throw(_("{0} is no part that {1} waits for.").format(part.name, self.name))
		detach(part, required(reason))
		self.finish("release_part", reason, detail=part.name)

	def refuse_other_join_rule(self) -> None:
		"""Waiting for fewer parts than were asked for is releasing one, and as much a right of supervisors."""
		changed = self.has_value_changed("join_rule") or self.has_value_changed("join_count")
		if not self.is_new() and changed and frappe.db.exists("Case", {"parent_case": self.name}):
			require_supervisor(self)

	def detach_open_parts(self) -> None:
		"""The parent ends while parts are open: by its join rule, or because it is cancelled. They go on alone."""
		filters = {"parent_case": self.name, "holds_parent": 1, "state_category": ("in", list(RUNNING))}
		for name in frappe.get_all("Case", filters=filters, pluck="name", order_by="creation"):
			message = _("{0} is {1} and waits for this no longer.")
			detach(
				frappe.get_doc("Case", name, for_update=True),
				message.format(self.name, _(self.state_category)),
			)

	# As a part ---------------------------------------------------------------------------------------------

	def tell_parent(self) -> None:
		"""The parent learns that this part has ended, and when it is the last one waited for. It does not move by
		itself: what the parts have said is for a person to weigh."""
		if not (self.parent_case and self.holds_parent):
			return
		parent = frappe.get_doc(
			"Case", self.parent_case, for_update=True
		)  # as it is, not as it was at our first read
		events.write(parent, "part_ended", reason=self.reason, detail=f"{self.name}: {self.workflow_state}")
		if parts_complete(parent):
			events.write(parent, "parts_complete")
			notices.tell_assignee(parent, _("All parts of {0} are done.").format(parent.name))


_REFUSALS = {
	"self": lambda: _("The case is with {0} already. Make it a task instead."),
	"circle": lambda: _("{0} works on a case above this one and would wait for itself."),
	"depth": lambda: _("Cases may be parts of parts {0} deep, no more.").format(MAX_DEPTH),
}


def refuse_referral(case: Document, department: str) -> None:
	require_active(department)
	if why := referral_refusal(department, line_of(case)):
		frappe.throw(_REFUSALS[why]().format(department))


def line_of(case: Document) -> list[tuple[str, str]]:
	"""The case and those above it as (name, department), nearest first."""
	line, above = [(case.name, case.department)], case.parent_case
	while above and len(line) <= MAX_DEPTH:
		department, next_above = frappe.db.get_value("Case", above, ["department", "parent_case"])
		line.append((above, department))
		above = next_above
	return line


def parts_complete(parent: Document) -> bool:
	"""Does the parent wait for no part any more, having waited for some?"""
	parts = parts_of(parent.name, lock=True)
	return any(map(counts, parts)) and not missing(parts, parent.join_rule, parent.join_count)[0]


def detach(part: Document, reason: str) -> None:
	part.holds_parent = 0
	with by_verb(part):
		part.save()
	events.write(part, "detach", reason=reason)
	notices.tell_assignee(part, reason)


def open_part(
	parent: Document, department: str, instructions: str, program: str | None, holds: bool = True
) -> Document:
	"""Insert a part of a case. Unless it `holds`, the case does not wait for it."""
	part = build_part(parent, department, instructions, program)
	part.holds_parent = int(holds)
	part.insert(ignore_permissions=True)  # who works the parent may ask for a part
	participation.add(part, "Referring Department", department=parent.department, source=parent)
	add_checklist(part)
	giving.give_out(part)
	return part


_OF_PARENT = ("subject", "priority", "confidentiality", "service_area")


def build_part(parent: Document, department: str, instructions: str, program: str | None) -> Document:
	version = version_for(program or referral_program())
	part = frappe.get_doc({"doctype": "Case", "program": version.program, "program_version": version.name})
	part.update({field: parent.get(field) for field in _OF_PARENT})
	part.update({"department": department, "parent_case": parent.name, "instructions": instructions})
	if version.expected_days:
		part.expected_datetime = add_to_date(now_datetime(), days=version.expected_days)
	return part


def version_for(program: str) -> Document:
	"""The version in force of a program that takes new cases."""
	found = frappe.get_cached_value("Agency Program", program, ["active", "current_version"])
	active, version = found or (False, None)
	if not (active and version):
		message = _(
			"{0} takes no cases: it is not active or has no published version. Choose another program."
		)
		frappe.throw(message.format(frappe.utils.escape_html(program)))
	return frappe.get_cached_doc("Program Version", version)


def referral_program() -> str:
	program = frappe.get_cached_doc("GovCRM Settings").referral_program
	if not program:
		frappe.throw(_("Choose a program: GovCRM Settings name none for referrals."))
	return program
