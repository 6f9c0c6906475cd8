// The list of a log of millions: every filter compares as its index does, and nothing is counted or refreshed unasked.
const VERBS = {}; // verb: words for it, once they are known

const STYLE = `.audit-log :is(.list-row-like, .list-liked-by-me) { display: none !important; }
	.audit-log .list-row-col.list-subject { flex: 3; }`;

frappe.listview_settings["Audit Event"] = {
	hide_name_filter: true,
	hide_name_column: true,
	add_fields: ["outcome", "reference_doctype", "reference_name"],

	onload(listview) {
		leave_out_what_no_event_has(listview);
		compare_exactly(listview);
		suggest(listview);
	},

	get_indicator({ outcome }) {
		const color = { Denied: "orange", Failed: "red" }[outcome] || "green";
		return [__(outcome), color, `outcome,=,${outcome}`];
	},

	formatters: {
		// The column is UTC, whatever zone the reader lives in; the reader's own time is told on the form.
		at_utc: (value) => `<span title="${value} UTC">${String(value).slice(0, 16)}</span>`,
		// What was done with what in one column, the only one that is left on a telephone. Frappe takes it as a text.
		verb(value, _df, { reference_doctype, reference_name }) {
			const name = reference_name !== reference_doctype && reference_name;
			return [VERBS[value] || __(value), reference_doctype && __(reference_doctype), name]
				.filter(Boolean)
				.join(" ");
		},
	},
};

// Nobody likes, assigns or tags an event.
function leave_out_what_no_event_has(listview) {
	listview.page.sidebar.hide();
	listview.page.wrapper.addClass("audit-log");
	frappe.dom.set_style(STYLE, "audit-log");
}

// Frappe searches for part of a text, which no index can do.
function compare_exactly(listview) {
	for (const field of Object.values(listview.page.fields_dict)) {
		if (field.df.condition === "like") field.df.condition = "=";
	}
}

// Exact words must be known: verbs and record types are offered while one types.
async function suggest(listview) {
	const { message } = await frappe.call({
		method: "govcrm.api.accountability.events.choices",
		type: "GET",
	});
	Object.assign(VERBS, message.verbs);
	if (listview.data?.length) listview.render_list();
	offer(listview, "verb", Object.entries(message.verbs));
	offer(
		listview,
		"reference_doctype",
		message.doctypes.map((doctype) => [doctype, __(doctype)]),
	);
}

function offer(listview, fieldname, pairs) {
	const input = listview.page.fields_dict[fieldname]?.$input;
	if (!input) return;
	const id = `audit-${fieldname}-choices`;
	const escape = frappe.utils.escape_html;
	const options = pairs.map(
		([value, label]) => `<option value="${escape(value)}">${escape(label)}</option>`,
	);
	$(`#${id}`).remove();
	$(`<datalist id="${id}">${options.join("")}</datalist>`).insertAfter(input);
	input.attr("list", id);
}
