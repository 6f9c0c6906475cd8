import frappe
from frappe import _
from frappe.utils.nestedset import NestedSet

from govcrm.domain.area_files import Columns
from govcrm.domain.boundaries import BadBoundary, as_features, read_boundary, restore, share_outside
from govcrm.service_catalogue import area_upload, areas

OUTSIDE = 0.01  # borders digitised at different scales differ by about so much


class ServiceArea(NestedSet):
	"""A district, ward or zone with its boundary. Says which department works there for which programs."""

	nsm_parent_field = "parent_service_area"

	def validate(self):
		self.check_parent()
		self.read_boundary()
		self.check_groups_once()
		self.warn_outside_parent()

	def on_update(self):
		super().on_update()
		areas.forget()

	def after_rename(self, olddn, newdn, merge=False):
		super().after_rename(olddn, newdn, merge)
		areas.forget()

	def on_trash(self, *args, **kwargs):
		super().on_trash(*args, **kwargs)
		areas.forget()

	def check_parent(self):
		parent = self.parent_service_area
		if parent and not frappe.db.get_value("Service Area", parent, "is_group"):
			frappe.throw(
				_('{0} cannot have areas below it. Set "Has Areas Below" there first.').format(
					frappe.bold(parent)
				)
			)

	def read_boundary(self):
		"""Whatever was drawn, uploaded or sent is kept as polygons of one FeatureCollection."""
		if not self.has_value_changed("boundary"):
			return
		self.boundary = None if is_blank(self.boundary) else kept(self.boundary)

	def check_groups_once(self):
		groups = [row.program_group or "" for row in self.departments]
		for group in sorted({group for group in groups if groups.count(group) > 1}):
			frappe.throw(
				_("Two departments are named for {0}. Keep one row for each program group.").format(
					frappe.bold(group or _("all groups"))
				)
			)

	def warn_outside_parent(self):
		parent = self.parent_service_area
		above = parent and self.boundary and frappe.db.get_value("Service Area", parent, "boundary")
		if not above or not (
			self.has_value_changed("boundary") or self.has_value_changed("parent_service_area")
		):
			return
		share = share_outside(restore(self.boundary), restore(above))
		if share > OUTSIDE:
			frappe.msgprint(
				_("{0}% of {1} lies outside {2}, of which it is a part. Check both boundaries.").format(
					round(share * 100, 1), frappe.bold(self.area_name), frappe.bold(parent)
				),
				title=_("Outside"),
				indicator="orange",
			)


def is_blank(boundary: str | None) -> bool:
	"""A map on which nothing has been drawn sends a collection without features. What cannot be read is not blank."""
	try:
		found = frappe.parse_json(boundary or "{}")
	except (ValueError, RecursionError):
		return False
	return isinstance(found, dict) and (not found or found.get("features") == [])


def kept(boundary: str) -> str:
	"""The boundary as it is kept. Refused in words."""
	try:
		return frappe.as_json(as_features(read_boundary(boundary)), indent=None)
	except BadBoundary as bad:
		frappe.throw(_(bad.message).format(*bad.values), title=_("Boundary"))


@frappe.whitelist(methods=["POST"])
def add_area(area_name: str, parent: str, is_root: bool = False, is_group: bool = False) -> str:
	"""Insert an area from the tree view, below `parent` or, where that is the tree's title, at the top."""
	area = frappe.new_doc("Service Area", area_name=area_name, is_group=is_group)
	area.parent_service_area = None if is_root else parent
	return area.insert().name


@frappe.whitelist(methods=["POST"])
def check_boundary(boundary: str) -> str:
	"""The boundary of an uploaded file as it would be kept, for the map of the form. Refused in words."""
	frappe.has_permission("Service Area", "write", throw=True)
	return kept(boundary)


@frappe.whitelist(methods=["POST"])
def preview_upload(
	text: str, name: str = "", code: str = "", parent_property: str = "", parent: str | None = None
) -> dict:
	"""What `save_upload` would make of a FeatureCollection: see `govcrm.service_catalogue.area_upload.preview`."""
	frappe.has_permission("Service Area", "create", throw=True)
	return area_upload.preview(text, Columns(name, code, parent_property), parent or None)


@frappe.whitelist(methods=["POST"])
def save_upload(
	text: str, name: str, code: str = "", parent_property: str = "", parent: str | None = None
) -> dict[str, int]:
	"""Make an area of every sound feature; one of a known name gets the boundary. `name` is that of a property."""
	frappe.has_permission("Service Area", "create", throw=True)
	return area_upload.save(text, Columns(name, code, parent_property), parent or None)
