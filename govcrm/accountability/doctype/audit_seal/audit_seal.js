// {% include "govcrm/accountability/page/case_history/parts/events.js" %}
// {% include "govcrm/accountability/page/case_history/parts/consistency.js" %}
frappe.ui.form.on("Audit Seal", {
	refresh(frm) {
		frm.disable_save();
		frm.add_custom_button(__("Consistency Proof"), () => ask_for_other(frm));
	},
});

function ask_for_other(frm) {
	const field = {
		fieldname: "other",
		fieldtype: "Link",
		options: "Audit Seal",
		label: __("Other Checkpoint"),
		reqd: 1,
		description: __(
			"The proof shows that the larger log begins with the smaller: nothing in it was changed or removed.",
		),
		get_query: () => ({ filters: { name: ["!=", frm.doc.name] } }),
	};
	frappe.prompt([field], ({ other }) => govcrm.audit.prove_consistency(cint(frm.doc.name), cint(other)));
}
