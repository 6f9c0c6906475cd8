frappe.ui.form.on("Agency Program", {
	setup(frm) {
		frm.set_query("department", () => ({ filters: { active: 1 } }));
	},

	refresh(frm) {
		explain_version(frm);
		offer_new_version(frm);
	},
});

function explain_version(frm) {
	if (!frm.is_new() && !frm.doc.current_version) {
		frm.set_intro(__("No version is in force: this program takes no requests yet."), "orange");
	}
}

function offer_new_version(frm) {
	if (frm.is_new() || !frappe.model.can_create("Program Version")) return;
	frm.add_custom_button(__("New Version"), () => draft_version(frm));
}

async function draft_version(frm) {
	const known = await frappe.db.count("Program Version", { filters: { program: frm.doc.name } });
	if (!known) {
		frappe.new_doc("Program Version", { program: frm.doc.name });
		return;
	}
	const { message } = await frm.call("new_version");
	frappe.show_alert({ message: __("Drafted {0} as a copy.", [message]), indicator: "green" });
	frappe.set_route("Form", "Program Version", message);
}
