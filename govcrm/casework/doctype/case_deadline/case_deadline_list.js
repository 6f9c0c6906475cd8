frappe.listview_settings["Case Deadline"] = {
	add_fields: ["status", "breached", "warned_percent"],
	hide_name_column: true,

	get_indicator({ status, breached, warned_percent }) {
		if (["Stopped", "Cancelled"].includes(status)) return ended(status, breached);
		if (breached) return [__("Overdue"), "red", `breached,=,1|status,=,${status}`];
		if (status === "Paused") return [__("Paused"), "gray", "status,=,Paused"];
		return warned_percent
			? [__("At Risk"), "orange", "warned_percent,>,0"]
			: [__("On Track"), "blue", "breached,=,0"];
	},
};

function ended(status, breached) {
	const filters = `status,=,${status}|breached,=,${breached ? 1 : 0}`;
	if (status === "Cancelled") return [__("Cancelled"), "gray", filters];
	return breached ? [__("Met Late"), "orange", filters] : [__("Met"), "green", filters];
}
