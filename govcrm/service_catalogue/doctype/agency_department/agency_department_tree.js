frappe.treeview_settings["Agency Department"] = {
	breadcrumb: "Service Catalogue",
	// No department stands above all others, so the tree hangs on a title.
	root_label: __("Departments"),
	get_tree_root: false,
	add_tree_node: "govcrm.service_catalogue.doctype.agency_department.agency_department.add_department",
	fields: [
		{ fieldtype: "Data", fieldname: "department_name", label: __("Department"), reqd: 1 },
		{ fieldtype: "Check", fieldname: "is_group", label: __("Has Departments Below") },
	],
	ignore_fields: ["parent_agency_department"],
	menu_items: [
		{
			label: __("New Department"),
			action: () => frappe.new_doc("Agency Department", true),
			condition: 'frappe.model.can_create("Agency Department")',
		},
	],
	onload(treeview) {
		treeview.root_value = "";
		treeview.make_tree();
	},
};
