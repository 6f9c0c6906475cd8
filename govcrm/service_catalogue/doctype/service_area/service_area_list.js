// {% include "govcrm/service_catalogue/doctype/service_area/area_upload.js" %}

frappe.listview_settings["Service Area"] = {
	add_fields: ["active", "is_group"],

	get_indicator(doc) {
		return doc.active ? [__("Active"), "green", "active,=,1"] : [__("Inactive"), "gray", "active,=,0"];
	},

	onload(listview) {
		if (!frappe.model.can_create("Service Area")) return;
		listview.page.add_inner_button(__("Upload Areas"), () =>
			govcrm.areas.upload_many(() => listview.refresh()),
		);
	},
};
