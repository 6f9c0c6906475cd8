frappe.ui.form.on("Deadline Policy", {
	refresh(frm) {
		frm.add_custom_button(__("Show Dates"), () => show_dates(frm));
	},
});

// The rows as they stand in the form, saved or not.
function show_dates(frm) {
	const dialog = new frappe.ui.Dialog({
		title: __("Dates by This Policy"),
		size: "large",
		fields: [
			{
				fieldname: "received",
				fieldtype: "Datetime",
				label: __("Received"),
				default: frappe.datetime.now_datetime(),
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "calendar",
				fieldtype: "Link",
				options: "Business Calendar",
				label: __("Calendar"),
				description: __("Empty: the calendar of the agency"),
			},
			{ fieldtype: "Section Break" },
			{ fieldname: "dates", fieldtype: "HTML" },
		],
		primary_action_label: __("Show Dates"),
		primary_action: ({ received, calendar }) => fill_dates(frm, dialog, { received, calendar }),
	});
	dialog.show();
}

async function fill_dates(frm, dialog, args) {
	const { message } = await frm.call({ method: "preview", args, doc: frm.doc });
	if (message) dialog.fields_dict.dates.$wrapper.html(dates_table(message));
}

function dates_table(rows) {
	const escape = frappe.utils.escape_html;
	const head = [__("Deadline"), __("For"), __("Counted From"), __("Due")].map(
		(text) => `<th scope="col">${text}</th>`,
	);
	const body = rows.map(({ label, priority, condition, start_event, due }) => {
		const cases = [priority && __(priority), condition].filter(Boolean).join(", ") || __("all cases");
		const date = due ? frappe.datetime.str_to_user(due) : __("The calendar has too little working time.");
		const cells = [__(label), cases, __(start_event), date];
		return `<tr>${cells.map((text) => `<td>${escape(text)}</td>`).join("")}</tr>`;
	});
	return `
		<div class="table-responsive" aria-live="polite">
			<table class="table table-sm"><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>
		</div>`;
}
