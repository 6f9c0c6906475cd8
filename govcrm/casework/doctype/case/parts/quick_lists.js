// Above the list of cases: what most want to see, in one step, and the next piece of work.
frappe.provide("govcrm.casework");

const OPEN_CASES = ["Case", "state_category", "in", ["Open", "Waiting"]];
const QUICK_LISTS = [
	{ label: () => __("Overdue"), filter: () => ["Case", "deadline_status", "=", "Overdue"] },
	{ label: () => __("Due Today"), filter: () => ["Case", "next_due", "Timespan", "today"] },
	{ label: () => __("At Risk"), filter: () => ["Case", "deadline_status", "=", "At Risk"] },
	{ label: () => __("Mine"), filter: () => ["Case", "assignee", "=", frappe.session.user] },
];

govcrm.casework.add_quick_lists = function (listview) {
	for (const { label, filter } of QUICK_LISTS) {
		listview.page.add_inner_button(label(), () => show_only(listview, filter()), __("Show"));
	}
	if (frappe.user.has_role(["Caseworker", "Case Supervisor"])) {
		listview.page.add_inner_button(__("Next Item"), govcrm.casework.take_next_item);
	}
};

function show_only(listview, filter) {
	listview.filter_area.clear(false).then(() => listview.filter_area.add([OPEN_CASES, filter]));
}

// The server says why if there is nothing to take.
govcrm.casework.take_next_item = function () {
	return frappe
		.call({ method: "govcrm.api.casework.next_item", freeze: true })
		.then(({ message }) => message?.case && frappe.set_route("Form", "Case", message.case));
};
