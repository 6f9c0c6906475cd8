const UNDONE = ["Assigned", "In Progress", "On Hold"];

const TASK_VERBS = [
	{ verb: "start", label: () => __("Start"), from: ["Assigned"], fields: () => [] },
	{
		verb: "complete",
		label: () => __("Complete"),
		from: UNDONE,
		fields: () => [text("result", __("Result"), 0)],
	},
	{
		verb: "resume",
		label: () => __("Resume"),
		from: ["On Hold"],
		fields: () => [text("reason", __("Reason"), 0)],
	},
	{ verb: "hold", label: () => __("Put on Hold"), from: ["Assigned", "In Progress"], fields: hold_fields },
	{ verb: "assign", label: () => __("Assign"), from: UNDONE, fields: () => [user_field()] },
	{
		verb: "cancel",
		label: () => __("Cancel"),
		from: UNDONE,
		fields: () => [text("reason", __("Reason"), 1)],
	},
];
const PRIMARY = ["start", "complete", "resume"];

frappe.ui.form.on("Case Task", {
	refresh(frm) {
		if (frm.is_new()) return;
		if (frm.doc.__onload?.writable) show_task_verbs(frm);
		show_hold(frm);
	},
});

function show_task_verbs(frm) {
	for (const { verb, label, from, fields } of TASK_VERBS) {
		if (!from.includes(frm.doc.status)) continue;
		const group = PRIMARY.includes(verb) ? null : __("Work");
		frm.add_custom_button(label(), () => act(frm, verb, label(), fields()), group);
	}
}

function show_hold(frm) {
	if (frm.doc.status !== "On Hold") return;
	const until = frappe.datetime.str_to_user(frm.doc.hold_until);
	const reason = frappe.utils.escape_html(frm.doc.hold_reason || "");
	frm.set_intro(__("On hold until {0}: {1}", [until, reason]), "orange");
}

function act(frm, verb, title, fields) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save your changes first."));
		return;
	}
	const call = (values) =>
		frm.call({ method: verb, args: values, doc: frm.doc, freeze: true }).then(() => frm.reload_doc());
	if (fields.length) frappe.prompt(fields, call, title, title);
	else call({});
}

function hold_fields() {
	return [
		{ fieldname: "until", fieldtype: "Date", label: __("Until"), reqd: 1 },
		text("reason", __("Reason"), 1),
	];
}

function user_field() {
	const get_query = () => ({ query: "govcrm.api.casework.workers" });
	return { fieldname: "user", fieldtype: "Link", options: "User", label: __("To"), reqd: 1, get_query };
}

function text(fieldname, label, reqd) {
	return { fieldname, fieldtype: "Small Text", label, reqd };
}
