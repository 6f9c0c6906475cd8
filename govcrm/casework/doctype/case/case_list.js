// Loaded with the DocType, by list and form alike: what both need lives here.
// {% include "govcrm/casework/doctype/case/parts/quick_lists.js" %}
// {% include "govcrm/casework/doctype/case/parts/access.js" %}
frappe.provide("govcrm.casework");

govcrm.casework.colors = { Open: "blue", Waiting: "orange", Closed: "green", Cancelled: "gray" };

// What a list says of a case before the state it is in; the state has a column of its own.
govcrm.casework.pressing = { Overdue: "red", "At Risk": "orange" };

// Fields of the dialog that asks what a verb needs to know.
govcrm.casework.reason_field = () => ({
	fieldname: "reason",
	fieldtype: "Small Text",
	label: __("Reason"),
	reqd: 1,
	description: __("Kept in the history of the case. The public does not see it."),
});

govcrm.casework.answer_field = (reqd) => ({
	fieldname: "status_notes",
	fieldtype: "Small Text",
	label: __("Answer to the Public"),
	reqd,
	description: __("Told to everybody who asks with the reference of a request."),
});

govcrm.casework.outcome_field = (action) => ({
	fieldname: "outcome",
	fieldtype: "Data",
	label: __("Outcome"),
	reqd: 1,
	default: action,
});

govcrm.casework.until_field = (reqd) => ({
	fieldname: "until",
	fieldtype: "Date",
	label: __("Until"),
	reqd,
	description: __("Ends by itself on that day: 1 to 120 days from today."),
});

govcrm.casework.worker_field = () => ({
	fieldname: "user",
	fieldtype: "Link",
	options: "User",
	label: __("To"),
	reqd: 1,
	get_query: () => ({ query: "govcrm.api.casework.workers" }),
});

govcrm.casework.fields_of = function (step, answer_needed) {
	const { reason_field, answer_field, outcome_field, until_field } = govcrm.casework;
	// Nobody asked for a part in another department: its answer is the outcome.
	const answer = answer_needed ? [answer_field(1)] : [];
	const fields = {
		close: () => [outcome_field(step.action), ...answer, reason_field()],
		cancel: () => [...answer, reason_field()],
		wait: () => [reason_field(), until_field(0)],
	};
	return fields[step.verb]?.() || (step.needs_reason ? [reason_field()] : []);
};

// Asks only where there is something to ask.
govcrm.casework.ask = function (title, fields, act) {
	if (!fields.length) return act({});
	const dialog = frappe.prompt(fields, act, title, title);
	name_fields(dialog);
	dialog.$wrapper.on("keydown", (event) => {
		if ((event.ctrlKey || event.metaKey) && event.key === "Enter") submit(dialog);
	});
	return dialog;
};

// The labels that Frappe draws in a dialog belong to no field for those who cannot see them.
function name_fields(dialog) {
	for (const { $input, df } of dialog.fields_list) $input?.attr("aria-label", df.label);
}

// A text field takes its value over when it is left; the button takes the focus as a click would.
function submit(dialog) {
	dialog.get_primary_btn().trigger("focus");
	setTimeout(() => dialog.get_primary_btn().trigger("click"), 100);
}

frappe.listview_settings["Case"] = {
	add_fields: ["state_category", "workflow_state", "waiting_until", "deadline_status", "next_due"],
	hide_name_column: false,

	get_indicator(doc) {
		const pressing = govcrm.casework.pressing[doc.deadline_status];
		if (pressing) return [__(doc.deadline_status), pressing, `deadline_status,=,${doc.deadline_status}`];
		const color = govcrm.casework.colors[doc.state_category] || "gray";
		return [__(doc.workflow_state), color, `workflow_state,=,${doc.workflow_state}`];
	},

	onload(listview) {
		govcrm.casework.add_quick_lists(listview);
		govcrm.casework.add_access_requests(listview);
		listview.page.add_actions_menu_item(
			__("Take an Action"),
			() => offer_shared_actions(listview),
			false,
		);
	},
};

function offer_shared_actions(listview) {
	const names = listview.get_checked_items(true);
	frappe.call("govcrm.api.casework.shared_actions", { names }).then(({ message }) => {
		if (!message.length) {
			frappe.msgprint(
				__("There is no action that you may take on all of these. Select cases of one state."),
			);
			return;
		}
		ask_which_action(listview, names, message);
	});
}

function ask_which_action(listview, names, actions) {
	const fields = [
		{
			fieldname: "action",
			fieldtype: "Select",
			label: __("Action"),
			reqd: 1,
			options: options_of(actions),
		},
		{ ...govcrm.casework.reason_field(), reqd: 0 },
		govcrm.casework.answer_field(0),
	];
	const title = __("Action on {0} Cases", [names.length]);
	frappe.prompt(fields, (values) => apply_to_selected(listview, names, values), title, title);
}

function options_of(actions) {
	return actions.map(({ action }) => ({ label: __(action), value: action }));
}

function apply_to_selected(listview, names, values) {
	frappe
		.call({
			method: "govcrm.api.casework.apply_to_selected",
			args: { names, ...values },
			freeze: true,
			freeze_message: __("Working on {0} cases", [names.length]),
		})
		.then(({ message }) => {
			tell_result(message);
			listview.clear_checked_items();
			listview.refresh();
		});
}

function tell_result({ queued, done, failed }) {
	if (queued) {
		frappe.show_alert(__("{0} cases are worked on in the background.", [queued]));
		return;
	}
	const refusals = Object.entries(failed);
	frappe.show_alert({ message: __("{0} cases done.", [done.length]), indicator: "green" });
	if (refusals.length) {
		frappe.msgprint({
			title: __("{0} Cases Refused", [refusals.length]),
			indicator: "orange",
			message: refusals.map(as_line).join("<br>"),
		});
	}
}

function as_line([name, why]) {
	return `${frappe.utils.get_form_link("Case", name, true)}: ${frappe.utils.escape_html(why)}`;
}
