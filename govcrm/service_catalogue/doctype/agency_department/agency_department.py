from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import formatdate, getdate
from frappe.utils.nestedset import NestedSet

from govcrm.domain.periods import clashes, holds_nothing


class AgencyDepartment(NestedSet):
	"""A unit of the agency. Its members work its cases and those of the departments below it."""

	nsm_parent_field = "parent_agency_department"

	def validate(self):
		self.check_parent()
		self.check_timezone()
		self.check_member_dates()
		self.check_members_once()
		self.keep_turns()

	def check_parent(self):
		parent = self.parent_agency_department
		if parent and not frappe.db.get_value("Agency Department", parent, "is_group"):
			frappe.throw(
				_('{0} cannot have departments below it. Set "Has Departments Below" there first.').format(
					frappe.bold(parent)
				)
			)

	def check_timezone(self):
		if self.timezone and not _is_timezone(self.timezone):
			frappe.throw(
				_("{0} is no known time zone. Use an IANA name, such as America/New_York.").format(
					frappe.bold(self.timezone)
				)
			)

	def check_member_dates(self):
		for row in self.members:
			if holds_nothing(_period(row)):
				frappe.throw(
					_(
						"Row {0}: the membership of {1} ends on {2}, before it begins. Correct the dates."
					).format(row.idx, row.user, formatdate(row.to_date))
				)

	def check_members_once(self):
		"""One row a person at a time: with two, nobody could say which role counts."""
		for user in clashes((row.user, _period(row)) for row in self.members):
			frappe.throw(
				_("{0} is listed twice for the same days. Keep one row, or part the rows by dates.").format(
					frappe.bold(user)
				)
			)

	def keep_turns(self):
		"""A form that was opened before the last case was given out does not take the turn back."""
		filters = {"parenttype": self.doctype, "parent": self.name}
		rows = frappe.get_all("Department Member", filters, ["name", "last_given"], order_by="name")
		stored = {row.name: row.last_given for row in rows}
		for row in self.members:
			row.last_given = stored.get(row.name)


def _period(row):
	return (getdate(row.from_date) if row.from_date else None, getdate(row.to_date) if row.to_date else None)


def _is_timezone(name: str) -> bool:
	try:
		ZoneInfo(name)
	# ZoneInfoNotFoundError is a KeyError; a name such as "../x" is a ValueError, one of a folder an OSError.
	except (KeyError, ValueError, OSError):
		return False
	return True


@frappe.whitelist(methods=["POST"])
def add_department(department_name: str, parent: str, is_root: bool = False, is_group: bool = False) -> str:
	"""Insert a department from the tree view, below `parent` or, where that is the tree's title, at the top."""
	department = frappe.get_doc(
		{
			"doctype": "Agency Department",
			"department_name": department_name,
			"is_group": is_group,
			"parent_agency_department": None if is_root else parent,
		}
	)
	return department.insert().name
