// A case opened to one person by name. Loaded with the list and the form of cases.
frappe.provide("govcrm.casework");

govcrm.casework.opens_field = () => ({
	fieldname: "opens",
	fieldtype: "Select",
	label: __("May"),
	reqd: 1,
	default: "Read",
	options: [
		{ value: "Read", label: __("Read") },
		{ value: "Work", label: __("Work") },
	],
});

govcrm.casework.authority_field = () => ({
	fieldname: "authority",
	fieldtype: "Small Text",
	label: __("Authority"),
	reqd: 1,
	description: __("Who ordered it, or the law that gives the right."),
});

govcrm.casework.valid_to_field = () => ({
	fieldname: "valid_to",
	fieldtype: "Date",
	label: __("Until"),
	reqd: 1,
	description: __("Ends by itself after that day: at most a year from now."),
});

govcrm.casework.open_to_fields = () => [
	{ fieldname: "user", fieldtype: "Link", options: "User", label: __("Person"), reqd: 1 },
	govcrm.casework.opens_field(),
	govcrm.casework.valid_to_field(),
	govcrm.casework.authority_field(),
	govcrm.casework.reason_field(),
];

// Under the menu of the list: for a case that one hears of and cannot open.
govcrm.casework.add_access_requests = function (listview) {
	listview.page.add_menu_item(__("Ask for Access to a Case"), ask_access);
	if (frappe.boot.govcrm?.opens_in_emergency) {
		listview.page.add_menu_item(__("Open a Case in an Emergency"), open_in_emergency);
	}
	if (frappe.user.has_role("Privacy Officer")) {
		listview.page.add_menu_item(__("Open a Sealed Case to a Person"), open_sealed);
	}
};

const number_field = () => ({
	fieldname: "case",
	fieldtype: "Data",
	label: __("Number of the Case"),
	reqd: 1,
});

function ask_access() {
	const fields = [number_field(), govcrm.casework.opens_field(), govcrm.casework.reason_field()];
	govcrm.casework.ask(__("Ask for Access to a Case"), fields, (args) =>
		frappe
			.call({ method: "govcrm.api.casework.ask_access", args, freeze: true })
			.then(({ message }) => frappe.msgprint(message)),
	);
}

function open_in_emergency() {
	const reason = {
		...govcrm.casework.reason_field(),
		description: __(
			"Privacy officers are told at once and review it. It stands in the history of the case.",
		),
	};
	const title = __("Open a Case in an Emergency");
	govcrm.casework.ask(title, [number_field(), reason], (args) =>
		frappe
			.call({ method: "govcrm.api.casework.open_in_emergency", args, freeze: true })
			.then(({ message }) => frappe.set_route("Form", "Case", message.case)),
	);
}

// A privacy officer names the case by its number: what is sealed stands in no list of theirs.
function open_sealed() {
	const fields = [number_field(), ...govcrm.casework.open_to_fields()];
	govcrm.casework.ask(__("Open a Sealed Case to a Person"), fields, (args) =>
		frappe.call({ method: "govcrm.api.casework.open_sealed", args, freeze: true }).then(() =>
			frappe.show_alert({
				message: __("{0} is open to {1}.", [args.case, args.user]),
				indicator: "green",
			}),
		),
	);
}
