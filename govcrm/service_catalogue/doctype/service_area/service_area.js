// {% include "govcrm/service_catalogue/doctype/service_area/area_upload.js" %}

frappe.ui.form.on("Service Area", {
	setup(frm) {
		frm.set_query("parent_service_area", () => ({
			filters: { is_group: 1, name: ["!=", frm.doc.name] },
		}));
		frm.set_query("department", "departments", () => ({ filters: { active: 1 } }));
	},

	onload(frm) {
		suggest_groups(frm);
	},

	refresh(frm) {
		offer_upload(frm);
	},
});

async function suggest_groups(frm) {
	const rows = await frappe.db.get_list("Agency Program", {
		fields: ["program_group"],
		filters: { program_group: ["is", "set"] },
		group_by: "program_group",
		order_by: "program_group",
		limit: 0,
	});
	const groups = rows.map((row) => row.program_group);
	// Frappe 16 may draw a form before it knows the fields of its rows: no suggestions then, until it is opened again.
	const field = frappe.meta.get_docfield("Service Area Department", "program_group", frm.doc.name);
	if (!field) return;
	field.options = groups;
	frm.refresh_field("departments");
}

function offer_upload(frm) {
	if (!frm.perm[0]?.write) return;
	frm.add_custom_button(__("Upload Boundary"), () =>
		govcrm.areas.choose_file(async (boundary) => {
			const { message } = await frappe.call({
				method: `${govcrm.areas.METHODS}.check_boundary`,
				args: { boundary },
			});
			await frm.set_value("boundary", message);
			frappe.show_alert({ message: __("Look at the map, then save."), indicator: "blue" });
		}),
	);
}
