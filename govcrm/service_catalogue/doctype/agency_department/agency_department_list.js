frappe.listview_settings["Agency Department"] = {
	add_fields: ["active", "is_group"],

	get_indicator(doc) {
		return doc.active ? [__("Active"), "green", "active,=,1"] : [__("Inactive"), "gray", "active,=,0"];
	},
};
