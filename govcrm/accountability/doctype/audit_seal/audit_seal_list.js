// {% include "govcrm/accountability/page/case_history/parts/events.js" %}
// {% include "govcrm/accountability/page/case_history/parts/consistency.js" %}
frappe.listview_settings["Audit Seal"] = {
	onload(listview) {
		listview.page.add_actions_menu_item(__("Consistency Proof"), () =>
			prove(listview.get_checked_items(true)),
		);
	},
};

function prove(names) {
	if (names.length !== 2) {
		frappe.msgprint(
			__("Mark two checkpoints: the proof shows that the later log begins with the earlier."),
		);
		return;
	}
	govcrm.audit.prove_consistency(...names.map(cint));
}
