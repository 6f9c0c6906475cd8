// A profile is named by the account of its person, whose full name is its title.
frappe.listview_settings["Staff Profile"] = {
	hide_name_column: true,
};
