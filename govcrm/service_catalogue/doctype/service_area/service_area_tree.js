// {% include "govcrm/service_catalogue/doctype/service_area/area_upload.js" %}

frappe.treeview_settings["Service Area"] = {
	breadcrumb: "Service Catalogue",
	// No area stands above all others, so the tree hangs on a title.
	root_label: __("Areas"),
	get_tree_root: false,
	add_tree_node: "govcrm.service_catalogue.doctype.service_area.service_area.add_area",
	fields: [
		{ fieldtype: "Data", fieldname: "area_name", label: __("Name"), reqd: 1 },
		{ fieldtype: "Check", fieldname: "is_group", label: __("Has Areas Below") },
	],
	ignore_fields: ["parent_service_area"],
	menu_items: [
		{
			label: __("New Area"),
			action: () => frappe.new_doc("Service Area", true),
			condition: 'frappe.model.can_create("Service Area")',
		},
		{
			label: __("Upload Areas"),
			action: () => govcrm.areas.upload_many(() => frappe.views.trees["Service Area"]?.make_tree()),
			condition: 'frappe.model.can_create("Service Area")',
		},
	],
	onload(treeview) {
		treeview.root_value = "";
		treeview.make_tree();
	},
};
