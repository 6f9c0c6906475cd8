frappe.listview_settings["Audit Anchor"] = {
	add_fields: ["enabled", "failures", "last_size"],
	has_indicator_for_draft: 1,
	get_indicator(doc) {
		if (!doc.enabled) return [__("Off"), "gray", "enabled,=,0"];
		if (doc.failures) return [__("Failing"), "red", "failures,>,0"];
		if (doc.last_size) return [__("Works"), "green", "failures,=,0"];
		return [__("New"), "blue", "last_size,=,0"];
	},
};
