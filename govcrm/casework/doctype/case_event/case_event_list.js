// Acts stand in the record as code calls them; nobody calls an event by its name.
frappe.listview_settings["Case Event"] = {
	hide_name_column: true,
	hide_name_filter: true,
	formatters: {
		verb: (value) => __(frappe.model.unscrub(value || "")),
	},
};
