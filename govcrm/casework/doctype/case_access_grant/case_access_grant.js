const grant_text = (fieldname, label) => ({ fieldname, fieldtype: "Small Text", label, reqd: 1 });

const GRANT_VERBS = {
	give: { label: () => __("Give"), fields: give_fields, primary: true },
	refuse: { label: () => __("Refuse"), fields: () => [grant_text("note", __("Reason"))] },
	end: { label: () => __("End Now"), fields: () => [grant_text("note", __("Reason"))] },
	review: { label: () => __("Review"), fields: review_fields, primary: true },
};

frappe.ui.form.on("Case Access Grant", {
	refresh(frm) {
		frm.disable_save();
		for (const verb of frm.doc.__onload?.verbs || []) {
			const { label, fields, primary } = GRANT_VERBS[verb];
			const button = frm.add_custom_button(label(), () => ask_grant(frm, verb, label(), fields(frm)));
			if (primary) button.removeClass("btn-default").addClass("btn-primary");
		}
	},
});

function ask_grant(frm, verb, title, fields) {
	const call = (args) =>
		frm.call({ method: verb, doc: frm.doc, args, freeze: true }).then(() => frm.reload_doc());
	const dialog = frappe.prompt(fields, call, title, title);
	// The labels that Frappe draws in a dialog belong to no field for those who cannot see them.
	for (const { $input, df } of dialog.fields_list) $input?.attr("aria-label", df.label);
}

function give_fields(frm) {
	return [
		{
			fieldname: "opens",
			fieldtype: "Select",
			label: __("May"),
			reqd: 1,
			default: frm.doc.opens,
			options: ["Read", "Work"].map((value) => ({ value, label: __(value) })),
		},
		{
			fieldname: "valid_to",
			fieldtype: "Date",
			label: __("Until"),
			reqd: 1,
			description: __("Ends by itself after that day: at most a year from now."),
		},
		{
			...grant_text("authority", __("Authority")),
			description: __("Who ordered it, or the law that gives the right."),
		},
	];
}

function review_fields() {
	return [
		{
			fieldname: "finding",
			fieldtype: "Select",
			label: __("Finding"),
			reqd: 1,
			options: ["Justified", "Not Justified"].map((value) => ({ value, label: __(value) })),
		},
		{
			...grant_text("note", __("What Was Looked At")),
			description: __("Kept in the history of the case."),
		},
	];
}
