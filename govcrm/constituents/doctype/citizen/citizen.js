frappe.ui.form.on("Citizen", {
	refresh(frm) {
		show_name(frm);
		show_merge(frm);
		if (frm.is_new()) return;
		show_numbers(frm);
		offer_request(frm);
		frm.add_custom_button(__("History"), () =>
			frappe.set_route("case-history", frm.doctype, frm.doc.name),
		);
	},
});

/** The name heads the form of who may read it; it is no title field, which would carry it into lists and links. */
function show_name(frm) {
	const name = frm.doc.preferred_name
		? `${frm.doc.full_name} (${frm.doc.preferred_name})`
		: frm.doc.full_name;
	if (name && !frm.is_new()) frm.page.set_title(frappe.utils.escape_html(name));
	if (frm.doc.deceased) frm.page.set_indicator(__("Deceased"), "gray");
}

function show_merge(frm) {
	if (!frm.doc.merged_into) return;
	const link = frappe.utils.get_form_link("Citizen", frm.doc.merged_into, true);
	frm.set_intro(__("Kept for history. In use is {0}.", [link]), "orange");
}

function offer_request(frm) {
	if (frm.doc.merged_into || !frappe.model.can_create("Service Request")) return;
	frm.add_custom_button(__("New Request"), () =>
		frappe.new_doc("Service Request", { citizen: frm.doc.name, anonymous: 0 }),
	);
}

/** Numbers by their last characters. One is told in whole to who says why; both are recorded. */
function show_numbers(frm) {
	const rows = (frm.doc.identifiers || []).filter(
		(row) => !row.__islocal && row.last_characters !== undefined,
	);
	if (!rows.length) return;
	const list = $(`<ul class="citizen-numbers list-unstyled mb-0">${rows.map(number_line).join("")}</ul>`);
	frm.dashboard.add_section("", __("Numbers")).append(list);
	frm.dashboard.show();
	list.on("click", "button", (event) => ask_for_number(frm, $(event.currentTarget)));
}

function number_line({ name, identifier_type, last_characters }) {
	const kind = frappe.utils.escape_html(__(identifier_type));
	const end = frappe.utils.escape_html(last_characters || "");
	const label = frappe.utils.escape_html(__("Show the whole number: {0}", [__(identifier_type)]));
	return `<li class="d-flex flex-wrap align-items-center py-1" style="gap: 4px 12px">
		<span style="flex: 0 1 160px">${kind}</span>
		<span class="citizen-number" style="overflow-wrap: anywhere" aria-live="polite">•••• ${end}</span>
		<button type="button" class="btn btn-xs btn-default" data-name="${name}" aria-label="${label}">${__(
			"Show",
		)}</button>
	</li>`;
}

function ask_for_number(frm, button) {
	const reason = {
		fieldname: "reason",
		fieldtype: "Small Text",
		label: __("Reason"),
		reqd: 1,
		description: __("Recorded with your name in the history of the citizen."),
	};
	const act = ({ reason }) => {
		const args = { citizen: frm.doc.name, identifier: button.data("name"), reason };
		const asked = frappe.call({ method: "govcrm.api.intake.reveal_identifier", args, type: "POST" });
		return asked.then(({ message }) => {
			button.prev().text(message);
			button.remove();
		});
	};
	const dialog = frappe.prompt(reason, act, __("Show the Whole Number"), __("Show"));
	dialog.fields_dict.reason.$input.attr("aria-label", reason.label);
}
