frappe.listview_settings["Program Version"] = {
	add_fields: ["status", "effective_from"],
	has_indicator_for_draft: true,
	has_indicator_for_cancelled: true,

	get_indicator(doc) {
		if (doc.status === "Published" && doc.effective_from > frappe.datetime.get_today()) {
			return [
				__("Scheduled"),
				"blue",
				`status,=,Published|effective_from,>,${frappe.datetime.get_today()}`,
			];
		}
		const colors = { Draft: "gray", Published: "green", Superseded: "yellow", Withdrawn: "red" };
		return [__(doc.status), colors[doc.status], `status,=,${doc.status}`];
	},
};
