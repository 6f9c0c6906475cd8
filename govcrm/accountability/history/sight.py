"""What of an event its reader may know.

That something happened, who did it, when and to which record is for whoever may read the log, or the record it is the
history of. The values are for those whom the access rule lets read the record today, each field as its level says. The
reader's own rights count, not those of the day of the event: a matter that was sealed since is sealed with its past.
"""

from collections.abc import Iterable

import frappe
from frappe.permissions import has_controller_permissions

from govcrm.access.subjects import subject_of
from govcrm.accountability.trail import actors, governed
from govcrm.domain import story

EVENT = "Audit Event"
ADMINISTRATOR = "Administrator"
SEE_READS = frozenset({"Agency Auditor", "Privacy Officer"})

# Who may do what: for those who read the log, though they may not read these records. It says nothing of citizens.
RIGHTS: dict[str, frozenset[str] | None] = {
	**dict.fromkeys(
		(
			"Role",
			"Role Profile",
			"User Permission",
			"Custom DocPerm",
			"Custom Role",
			"DocShare",
			"Agency Department",
		)
	),
	"User": frozenset({"enabled", "user_type", "role_profile_name", "roles", "role_profiles"}),
}


class Reader:
	"""Somebody who looks at events; what was found out about records is kept for as long as they look."""

	def __init__(self, user: str | None = None) -> None:
		self.user = user or frappe.session.user
		self.oversees = bool(frappe.has_permission(EVENT, "read", user=self.user))
		self._records: dict[tuple, bool] = {}
		self._levels: dict[str, set[int]] = {}
		self._kinds: dict[str, bool] = {}

	def may_read(self, header: dict) -> bool:
		"""Whether the values of the event's record are theirs to know, but for the levels of its fields."""
		key = header.get("doctype"), header.get("name"), header.get("subject")
		if key not in self._records:
			self._records[key] = self._may_read(*key)
		return self._records[key]

	def visible(self, header: dict, paths: Iterable[str]) -> set[str]:
		return {path for path in paths if self.may_see(header, path)}

	def may_see(self, header: dict, path: str) -> bool:
		"""Whether the value that the event commits to under this path is theirs to know."""
		if path == story.PEER:
			return self.oversees
		parsed = story.place_of(path)
		place = parsed[0] if parsed else None
		if self.oversees and self._is_right(header.get("doctype"), place):
			return True
		return self.may_read(header) and (place is None or self._has_level(header["doctype"], place))

	def may_see_reads(self, doctype: str, name: str) -> bool:
		"""Whether they may know who looked at the record: those who oversee, and the supervisors of its department."""
		if self.user == ADMINISTRATOR or SEE_READS.intersection(frappe.get_roles(self.user)):
			return True
		if not frappe.get_meta(doctype).has_field("department"):
			return False
		return frappe.db.get_value(doctype, name, "department") in subject_of(self.user).supervised

	# Records ---------------------------------------------------------------------------------------------

	def _may_read(self, doctype: str | None, name: str | None, subject: str | None) -> bool:
		if not doctype:
			return self.oversees
		if not governed.exists(doctype):
			return False
		if self.user == ADMINISTRATOR:
			return True
		if doctype in governed.governed().satellites:
			return self._may_read_matter(subject) and self._may_read_satellite(doctype, name)
		if not self.may_read_any(doctype):
			return False
		name = _real_name(name, subject)
		if name and (frappe.get_meta(doctype).issingle or frappe.db.exists(doctype, name)):
			return bool(frappe.has_permission(doctype, "read", doc=name, user=self.user))
		return self._may_read_gone(doctype, subject)

	def may_read_any(self, doctype: str) -> bool:
		"""Whether any record of it is theirs to read, be it one that is shared with them: asked once for them all."""
		if doctype not in self._kinds:
			self._kinds[doctype] = bool(frappe.has_permission(doctype, "read", user=self.user))
		return self._kinds[doctype]

	def _may_read_satellite(self, doctype: str, name: str | None) -> bool:
		"""Beside the right to its matter: a to-do is for whom it is given to, a file may be somebody's own.

		Frappe says so in hooks. Of what is gone, or has no such hook, the matter alone decides.
		"""
		if not (name and frappe.get_hooks("has_permission").get(doctype) and frappe.db.exists(doctype, name)):
			return True
		return bool(
			has_controller_permissions(frappe.get_doc(doctype, name), "read", self.user) in (None, True)
		)

	def _may_read_gone(self, doctype: str, subject: str | None) -> bool:
		"""Of a record that is gone nobody can say who might read it: its matter decides, or the right to its kind."""
		if doctype in frappe.get_hooks("govcrm_scoped_doctypes"):
			return self._may_read_matter(subject)
		return True

	def _may_read_matter(self, subject: str | None) -> bool:
		doctype, _slash, name = (subject or "").partition("/")
		doctype, name = ("User", _real_name(name, subject)) if doctype == "Actor" else (doctype, name)
		if doctype == "Site" or not (name and frappe.db.exists(doctype, name)):
			return self.user == ADMINISTRATOR
		return bool(frappe.has_permission(doctype, "read", doc=name, user=self.user))

	# Fields ----------------------------------------------------------------------------------------------

	def _is_right(self, doctype: str | None, place: story.Place | None) -> bool:
		if doctype not in RIGHTS:
			return False
		fields = RIGHTS[doctype]
		return fields is None or place is None or (place.table or place.field) in fields

	def _has_level(self, doctype: str, place: story.Place) -> bool:
		level = level_of(doctype, place)
		return level == 0 or (level is not None and level in self._levels_of(doctype))

	def _levels_of(self, doctype: str) -> set[int]:
		if doctype not in self._levels:
			access = frappe.get_meta(doctype).get_permlevel_access("read", user=self.user)
			self._levels[doctype] = set(access)
		return self._levels[doctype]


def level_of(doctype: str, place: story.Place) -> int | None:
	"""The level of a field, or of a field in a table: the higher of both. None for what is no longer a field."""
	meta, level = frappe.get_meta(doctype), 0
	if place.table:
		table = meta.get_field(place.table)
		if not table or not table.options:
			return None
		meta, level = frappe.get_meta(table.options), table.permlevel or 0
	if place.field in frappe.model.default_fields or place.field in frappe.model.child_table_fields:
		return level
	found = meta.get_field(place.field)
	return max(level, found.permlevel or 0) if found else None


def _real_name(name: str | None, subject: str | None) -> str | None:
	"""Records that are named by a user stand in the log under that user's pseudonym."""
	return actors.user_of(name) or name if name and subject == f"Actor/{name}" else name
