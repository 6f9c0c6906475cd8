// What a sealed case says. It is fetched when somebody asks for it, since each look is recorded.
frappe.provide("govcrm.casework");

govcrm.casework.show_sealed = function (frm) {
	if (frm.doc.confidentiality !== "Sealed") return;
	const panel = $(`<div class="case-sealed">${sealed_closed()}</div>`);
	frm.dashboard.add_section("", __("Sealed Matter")).append(panel);
	frm.dashboard.show();
	panel.on("click", "[data-act=show]", () => show_sealed_words(frm, panel));
	panel.on("click", "[data-act=hide]", () => hide_sealed(panel));
	panel.on("click", "[data-act=change]", (event) =>
		change_sealed(frm, panel, event.currentTarget.dataset.at),
	);
	govcrm.casework.listen_for_files(frm, panel);
};

// Before the save that seals it: what it does cannot be seen by trying.
govcrm.casework.confirm_sealing = function (frm) {
	if (frm.doc.confidentiality !== "Sealed" || frm.govcrm_level === "Sealed" || frm.is_new()) return;
	const lines = [
		__("Only you, who has the case, and those to whom it was opened by name can open it from now on."),
		__(
			"What was written on it is encrypted. Histories, queued mails and notices lose its words for good; the audit log keeps them encrypted.",
		),
		__("Its files are encrypted with it. Mails are not sent from it any more."),
		__("Parts in other departments stay as they are: seal each of them."),
	];
	const text = `<p>${__("Seal this case?")}</p><ul>${lines
		.map((line) => `<li>${line}</li>`)
		.join("")}</ul>`;
	return new Promise((resolve) => {
		frappe.confirm(text, resolve, () => {
			frappe.validated = false;
			resolve();
		});
	});
};

govcrm.casework.lower_fields = () => [
	{
		fieldname: "confidentiality",
		fieldtype: "Select",
		label: __("To the Level"),
		reqd: 1,
		default: "Restricted",
		options: ["Restricted", "Internal", "Public"].map((value) => ({ value, label: __(value) })),
	},
	govcrm.casework.reason_field(),
];

function sealed_closed() {
	const note = __("What this case says is sealed. Each look at it is recorded.");
	return `<p class="case-sealed-note">${frappe.utils.icon("lock", "sm")}<span>${note}</span></p>
		<button type="button" class="btn btn-default btn-sm" data-act="show">${__("Show what is sealed")}</button>`;
}

function hide_sealed(panel) {
	panel.removeData("records").html(sealed_closed()).find("button").trigger("focus");
}

function show_sealed_words(frm, panel) {
	const args = { case: frm.doc.name };
	return frappe
		.call({ method: "govcrm.api.casework.sealed_words", args, type: "POST" })
		.then(({ message }) => {
			panel.data("records", message.records).html(sealed_opened(message));
			panel.find("[data-act=hide]").first().trigger("focus");
			return govcrm.casework.show_files(frm, panel);
		});
}

function sealed_opened({ state, message, records }) {
	const hide = `<button type="button" class="btn btn-default btn-sm" data-act="hide">${__(
		"Hide",
	)}</button>`;
	const files = `<section class="case-sealed-files" aria-live="polite"></section>`;
	if (state !== "open")
		return `<p class="case-sealed-note" role="alert">${escape(message)}</p>${hide}${files}`;
	const nothing = `<p>${__("Nothing was written on this case.")}</p>`;
	return `${hide}${records.map(sealed_record).join("") || nothing}${files}`;
}

function sealed_record({ doctype, name, label, words }, at) {
	const rows = words.map((word, index) => sealed_word(word, `${at}.${index}`)).join("");
	const number = ["Case", "Service Request"].includes(doctype) ? ` <small>${escape(name)}</small>` : "";
	return `<section class="case-sealed-record"><h5>${escape(label)}${number}</h5><dl>${rows}</dl></section>`;
}

function sealed_word({ label, value, kind, link, editable, questions }, at) {
	const title = escape(__("Change {0}", [label]));
	const change = `<button type="button" class="btn btn-xs btn-default" data-act="change" data-at="${at}" aria-label="${title}">${__(
		"Change",
	)}</button>`;
	const shown = `<div class="case-sealed-value">${sealed_value(value, kind, link, questions)}</div>`;
	return `<div><dt>${escape(label)}</dt><dd>${shown}${editable ? change : ""}</dd></div>`;
}

function sealed_value(value, kind, linked, questions) {
	if (linked) return frappe.utils.get_form_link(linked, value, true, escape(value));
	if (kind === "html") return escape(strip_html(value));
	if (kind !== "answers") return escape(String(value ?? ""));
	const answers = govcrm.casework.answered(questions, JSON.parse(value || "{}"));
	return answers
		.map(({ label, text }) => `<p><small>${escape(label)}</small><br>${escape(text)}</p>`)
		.join("");
}

function change_sealed(frm, panel, at) {
	const [row, column] = String(at).split(".").map(Number);
	const { doctype, name, words } = panel.data("records")[row];
	const { field, label, value } = words[column];
	const fields = [{ fieldname: "value", fieldtype: "Small Text", label, default: value }];
	govcrm.casework.ask(__("Change {0}", [label]), fields, (values) => {
		const args = { case: frm.doc.name, doctype, name, field, value: values.value || "" };
		const written = frappe.call({ method: "govcrm.api.casework.write_sealed", args, type: "POST" });
		return written.then(() => show_sealed_words(frm, panel));
	});
}
