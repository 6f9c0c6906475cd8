frappe.listview_settings["Agency Program"] = {
	add_fields: ["active", "current_version"],

	get_indicator(doc) {
		if (!doc.active) return [__("Inactive"), "gray", "active,=,0"];
		if (!doc.current_version)
			return [__("No Version"), "orange", "active,=,1|current_version,is,not set"];
		return [__("Active"), "green", "active,=,1|current_version,is,set"];
	},
};
