// {% include "govcrm/accountability/page/case_history/parts/events.js" %}
const SEEN = "govcrm.api.accountability.events";

frappe.ui.form.on("Audit Event", {
	refresh(frm) {
		frm.disable_save();
		// Nothing is assigned, shared, tagged or commented here.
		frm.page.sidebar.hide();
		frm.footer?.wrapper.hide();
		frm.add_custom_button(__("Verify"), () => verify(frm));
		frm.add_custom_button(__("Proof"), () => take_proof(frm));
		show_event(frm);
	},
});

async function show_event(frm) {
	const { message } = await frappe.call({
		method: `${SEEN}.seen`,
		args: { name: frm.doc.name },
		type: "GET",
	});
	if (message.name !== frm.doc.name) return; // another event was opened meanwhile
	// Frappe puts the head of a page there as HTML, and the name of the window as text.
	const title = title_of(message);
	frm.page.set_title(govcrm.audit.escape(title), null, true, title);
	frm.get_field("event_html").$wrapper.html(`<div class="audit-seen">${draw_head(message)}
		${govcrm.audit.draw_event(message)}</div>`);
}

function draw_head(event) {
	const { escape } = govcrm.audit;
	const from = [event.via ? __("by way of: {0}", [event.via]) : "", event.peer].filter(Boolean).join(", ");
	const rows = [
		[__("Who"), govcrm.audit.person(event)],
		[__("User"), govcrm.audit.accounts(event)],
		[__("When"), `${govcrm.audit.local_time(event.at)} (${govcrm.audit.utc(event.at)})`],
		[__("From where"), from || __("not told")],
		[__("Why"), event.reason || why_not(event)],
	];
	return `<dl class="audit-head">${rows
		.map(([key, value]) => `<dt>${key}</dt><dd>${escape(value)}</dd>`)
		.join("")}</dl>`;
}

function title_of({ said, record }) {
	return [said, record && govcrm.audit.record_words(record)].filter(Boolean).join(" ");
}

/** Where all values are shown, a reason would be among them. */
function why_not({ values }) {
	return ["shown", "none"].includes(values)
		? __("no reason was given")
		: __("no reason was given, or it is not shown to you");
}

async function take_proof(frm) {
	const { message } = await frappe.call({
		method: `${SEEN}.proof`,
		args: { name: frm.doc.name },
		freeze: true,
	});
	govcrm.audit.save_json(message, `proof-${frm.doc.name}.json`);
	frappe.show_alert({ message: __("The proof was saved as a file."), indicator: "green" });
}

async function verify(frm) {
	const { message } = await frappe.call({
		method: `${SEEN}.check`,
		args: { name: frm.doc.name },
		freeze: true,
	});
	const rows = message.results.map(draw_result).join("");
	frappe.msgprint({
		title: __("What Was Checked"),
		message: `<ul class="audit-results">${rows}</ul><p>${govcrm.audit.escape(message.verdict)}</p>`,
		wide: true,
	});
}

function draw_result({ label, ok, says }) {
	const marks = { true: ["✓", __("right")], false: ["✕", __("wrong")], null: ["–", __("not checked")] };
	const [sign, word] = marks[String(ok)];
	const { escape } = govcrm.audit;
	return `<li><span aria-hidden="true">${sign}</span> <strong>${escape(label)}: ${word}.</strong> ${escape(
		says,
	)}</li>`;
}
