frappe.ui.form.on("Citizen", {
	refresh(frm) {
		show_name(frm);
		show_merge(frm);
		if (frm.is_new()) return;
		offer_request(frm);
		frm.add_custom_button(__("History"), () => frappe.set_route("case-history", frm.doctype, frm.doc.name));
	},
});

/** The name heads the form of who may read it; it is no title field, which would carry it into lists and links. */
function show_name(frm) {
	const name = frm.doc.preferred_name
		? `${frm.doc.full_name} (${frm.doc.preferred_name})`
		: frm.doc.full_name;
	if (name && !frm.is_new()) frm.page.set_title(frappe.utils.escape_html(name));
	if (frm.doc.deceased) frm.page.set_indicator(__("Deceased"), "gray");
}

function show_merge(frm) {
	if (!frm.doc.merged_into) return;
	const link = frappe.utils.get_form_link("Citizen", frm.doc.merged_into, true);
	frm.set_intro(__("Kept for history. In use is {0}.", [link]), "orange");
}

function offer_request(frm) {
	if (frm.doc.merged_into || !frappe.model.can_create("Service Request")) return;
	frm.add_custom_button(__("New Request"), () =>
		frappe.new_doc("Service Request", { citizen: frm.doc.name, anonymous: 0 })
	);
}
