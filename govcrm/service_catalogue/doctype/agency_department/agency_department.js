frappe.ui.form.on("Agency Department", {
	setup(frm) {
		frm.set_query("parent_agency_department", () => ({
			filters: { is_group: 1, name: ["!=", frm.doc.name] },
		}));
		frm.set_query("user", "members", () => ({ filters: { enabled: 1, user_type: "System User" } }));
	},

	onload(frm) {
		suggest_timezones(frm);
	},
});

async function suggest_timezones(frm) {
	const { message } = await frappe.call("frappe.core.doctype.user.user.get_timezones");
	frm.fields_dict.timezone.set_data([...message.timezones].sort());
}
