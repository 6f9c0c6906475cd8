frappe.listview_settings["Request Import"] = {
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			Queued: "blue",
			Running: "blue",
			Completed: "green",
			"Completed with Errors": "orange",
			Failed: "red",
		};
		const label =
			doc.dry_run && doc.status !== "Draft" ? __("Checked: {0}", [__(doc.status)]) : __(doc.status);
		return [label, colours[doc.status], `status,=,${doc.status}`];
	},
};
