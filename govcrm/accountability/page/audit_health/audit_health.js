// How the audit log is: one line for everything that is looked at, with what to do where it is not well.
const HEALTH = "govcrm.api.accountability.health";
// A sign and a word beside each other, so that nothing hangs on its colour.
const STATES = {
	ok: { sign: "✓", word: () => __("Good") },
	warn: { sign: "!", word: () => __("Look at it") },
	bad: { sign: "✕", word: () => __("Bad") },
	unknown: { sign: "?", word: () => __("Not known") },
};

// Where the reader goes on from a line, if they may.
const RECORDS = {
	unsealed: "Audit Event",
	seal: "Audit Seal",
	anchors: "Audit Anchor",
	anchor: "Audit Anchor",
	put_back: "Audit Anchor Receipt",
	reconciliation: "Audit Reconciliation",
	findings: "Audit Finding",
	export: "Audit Export",
};

class AuditHealth {
	constructor(wrapper) {
		this.page = wrapper.page;
		this.$body = $(`<div class="audit-health"><p class="health-told" role="status"></p><ul></ul></div>`);
		this.$body.appendTo(this.page.main);
		this.page
			.set_secondary_action(__("Refresh"), () => this.load(), "refresh")
			.attr("aria-label", __("Refresh"));
		if (frappe.model.can_create("Audit Export")) {
			this.page.add_inner_button(__("Export Now"), () => frappe.new_doc("Audit Export"));
		}
	}

	async load() {
		const { message } = await frappe.call({ method: `${HEALTH}.lines`, type: "GET" });
		const wrong = message.lines.filter(({ state }) => state !== "ok").length;
		this.$body.find("ul").html(message.lines.map(draw_line).join(""));
		this.$body
			.find(".health-told")
			.text(
				wrong
					? __("{0} of {1} lines need a look.", [wrong, message.lines.length])
					: __("All is well."),
			);
		this.offer_reconciling(message.may_reconcile);
	}

	offer_reconciling(may) {
		if (!may || this.offered) return;
		this.offered = true;
		this.page.add_inner_button(__("Reconcile Now"), () => this.reconcile());
	}

	async reconcile() {
		const { message } = await frappe.call({ method: `${HEALTH}.reconcile`, freeze: true });
		const says = message.queued
			? __("Every record is being compared with the log. Findings appear here when it is done.")
			: __("A reconciliation is under way already.");
		frappe.show_alert({ message: says, indicator: message.queued ? "green" : "orange" });
	}
}

const as_html = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

/** The label leads to the records behind the line; that of an anchor to the anchor itself. */
function draw_label({ key, label }) {
	const [kind, name] = key.split(/:(.*)/s);
	const doctype = RECORDS[kind];
	if (!doctype || !frappe.model.can_read(doctype)) return as_html(label);
	const path = name ? frappe.utils.get_form_link(doctype, name) : `/app/${frappe.router.slug(doctype)}`;
	return `<a href="${as_html(path)}">${as_html(label)}</a>`;
}

function draw_line(line) {
	const { value, state, advice } = line;
	const { sign, word } = STATES[state] || STATES.unknown;
	return `<li class="health-line ${as_html(state)}">
		<span class="health-sign" aria-hidden="true">${sign}</span>
		<div><h2>${draw_label(line)} <span class="health-word">${word()}</span></h2>
			<p>${as_html(value)}</p>${advice ? `<p class="health-advice">${as_html(advice)}</p>` : ""}</div></li>`;
}

frappe.pages["audit-health"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Health of the Audit Log"), single_column: true });
	frappe.breadcrumbs.add("Accountability");
	wrapper.health = new AuditHealth(wrapper);
};

frappe.pages["audit-health"].on_page_show = (wrapper) => wrapper.health.load();
