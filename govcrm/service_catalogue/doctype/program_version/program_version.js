// {% include "govcrm/service_catalogue/doctype/program_version/routing.js" %}

frappe.ui.form.on("Program Version", {
	setup(frm) {
		set_up_routing(frm);
		frm.set_query("workflow", () => ({ filters: { document_type: "Case" } }));
		frm.set_query("program", () => ({ filters: { active: 1 } }));
		frm.set_query("default_department", active_departments);
		frm.set_query("assigned_department", "checklist", active_departments);
		frm.set_query("required_for_state", "checklist", () => states_of(frm));
	},

	refresh(frm) {
		explain_status(frm);
		offer_check(frm);
		load_states(frm);
		refresh_routing(frm);
	},

	workflow(frm) {
		load_states(frm);
	},
});

frappe.ui.form.on("Routing Rule", {
	label: suggest_rules,
	routing_rules_remove: suggest_rules,
});

function active_departments() {
	return { filters: { active: 1 } };
}

function states_of(frm) {
	return { filters: { name: ["in", frm.workflow_states || []] } };
}

async function load_states(frm) {
	const workflow = frm.doc.workflow;
	frm.workflow_states = [];
	if (!workflow || frm.doc.docstatus) return;
	const { message } = await frappe.call("frappe.client.get", { doctype: "Workflow", name: workflow });
	// The user may have chosen another one while this was on its way.
	if (frm.doc.workflow === workflow) {
		frm.workflow_states = message.states.map((row) => row.state);
	}
}

function explain_status(frm) {
	const texts = {
		Draft: __("Nobody sees a draft. Submit to publish; after that it cannot be changed."),
		Published: __(
			"Published and read-only. For other questions or another workflow, draft a new version.",
		),
		Superseded: __("Requests filed while this version was in force keep it."),
		Withdrawn: __("Withdrawn before any request was filed under it."),
	};
	if (!frm.is_new()) frm.set_intro(texts[frm.doc.status], "blue");
}

function offer_check(frm) {
	if (frm.is_new() || frm.doc.docstatus) return;
	frm.add_custom_button(__("Check Now"), async () => {
		const { message } = await frm.call("check_now");
		show_findings(message);
	});
}

function show_findings(findings) {
	if (!findings.length) {
		frappe.show_alert({
			message: __("No problems found. This version can be published."),
			indicator: "green",
		});
		return;
	}
	const escape = frappe.utils.escape_html;
	const lines = findings.map(
		({ part, message, hint }) => `<li><b>${escape(part)}</b>: ${escape(message)} ${escape(hint)}</li>`,
	);
	frappe.msgprint({
		title: __("Please put these right first"),
		message: `<ul>${lines.join("")}</ul>`,
		indicator: "orange",
	});
}
