// {% include "govcrm/casework/doctype/service_request/parts/coordinates.js" %}
frappe.listview_settings["Service Request"] = {
	add_fields: ["status"],
	hide_name_column: false,

	get_indicator({ status }) {
		const color = status === "Closed" ? "green" : "orange";
		return [__(status), color, `status,=,${status}`];
	},

	// Frappe 15 asks this for the points of the map view; later versions draw the rows of the list.
	get_coords_method: "govcrm.api.intake.map_points",

	onload(listview) {
		if (!frappe.model.can_create("Service Request")) return;
		listview.page.add_inner_button(__("Take a Call"), () => frappe.set_route("intake-desk"));
	},
};
