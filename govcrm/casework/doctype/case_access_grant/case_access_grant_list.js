frappe.listview_settings["Case Access Grant"] = {
	add_fields: ["status", "valid_to", "kind", "finding"],

	// What ended by the clock is told by it, not by the status.
	get_indicator(doc) {
		const over = doc.status === "Granted" && doc.valid_to < frappe.datetime.now_datetime();
		if (over) return [__("Expired"), "gray", `valid_to,<,${frappe.datetime.now_datetime()}`];
		const color = { Asked: "orange", Granted: "green" }[doc.status] || "gray";
		return [__(doc.status), color, `status,=,${doc.status}`];
	},
};
