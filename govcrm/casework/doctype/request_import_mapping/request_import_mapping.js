frappe.ui.form.on("Request Import Mapping", {
	setup(frm) {
		frm.set_query("workflow", () => ({ filters: { document_type: "Case" } }));
	},
});
