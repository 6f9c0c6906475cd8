// Draws audit events as people read them: on the page of a history and on the form of an event.
frappe.provide("govcrm.audit");

govcrm.audit.FEW = 6; // changes that are shown without being asked for

govcrm.audit.escape = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

/** The time of an event on the reader's own clock, with the zone; `at` is UTC in ISO 8601. */
govcrm.audit.local_time = function (at) {
	const timeZone = frappe.boot.time_zone?.user || frappe.boot.time_zone?.system || undefined;
	const options = { dateStyle: "medium", timeStyle: "medium", timeZone };
	const zone = { timeZoneName: "short", timeZone };
	const said = new Intl.DateTimeFormat(undefined, options).format(new Date(at));
	const parts = new Intl.DateTimeFormat(undefined, zone).formatToParts(new Date(at));
	return `${said} ${parts.find(({ type }) => type === "timeZoneName")?.value || ""}`;
};

govcrm.audit.utc = (at) => `${at.slice(0, 10)} ${at.slice(11, 26)} UTC`;

govcrm.audit.person = ({ who, impersonator }) =>
	impersonator
		? __("{0}, acting as {1}", [impersonator.name, who ? who.name : __("nobody known")])
		: who
		  ? who.name
		  : __("Nobody known");

/** The accounts behind these names, for whoever must tell two people of one name apart. */
govcrm.audit.accounts = ({ who, impersonator }) =>
	[impersonator, who]
		.map((person) => person?.user || person?.actor)
		.filter(Boolean)
		.join(", ");

govcrm.audit.draw_event = function (event) {
	const { escape } = govcrm.audit;
	const parts = [
		`<strong>${escape(event.said)}</strong>`,
		govcrm.audit.draw_record(event.record),
		event.action ? `<span class="audit-mark">${escape(__(event.action))}</span>` : "",
		event.outcome === "Success"
			? ""
			: `<span class="audit-mark bad">✕ ${escape(__(event.outcome))}</span>`,
	];
	return `<div class="audit-event" data-event="${escape(event.name)}">
		<p>${parts.filter(Boolean).join(" ")}</p>
		${event.reason ? `<blockquote>${escape(event.reason)}</blockquote>` : ""}
		${govcrm.audit.draw_details(event.details)}
		${govcrm.audit.draw_changes(event)}
		${govcrm.audit.draw_state(event.values)}
		<small title="${escape(event.leaf)}">${govcrm.audit.number(event)}</small>
	</div>`;
};

govcrm.audit.number = ({ seq }) => (seq ? __("No. {0} of the log", [seq]) : __("not sealed yet"));

/** A name that says nothing to people is told to whoever points at the words. */
govcrm.audit.draw_record = function (record) {
	if (!record) return "";
	const { escape } = govcrm.audit;
	const words = govcrm.audit.record_words(record);
	const hint = `title="${escape(record.user || record.name)}"`;
	if (!record.open) return `<span ${hint}>${escape(words)}</span>`;
	return `<a href="${frappe.utils.get_form_link(record.doctype, record.name)}" ${hint}>${escape(
		words,
	)}</a>`;
};

govcrm.audit.record_words = ({ label, title }) => [label, title !== label && title].filter(Boolean).join(" ");

govcrm.audit.draw_details = function (details) {
	const { escape } = govcrm.audit;
	const rows = details.map(({ label, value }) => `<dt>${escape(label)}</dt><dd>${escape(value)}</dd>`);
	return rows.length ? `<dl>${rows.join("")}</dl>` : "";
};

govcrm.audit.draw_changes = function ({ changes, values }) {
	if (!changes.length) return "";
	if (["hidden", "destroyed"].includes(values)) return govcrm.audit.draw_names(changes);
	const table = `<table class="table table-bordered table-sm audit-changes">
		<thead><tr><th scope="col">${__("What")}</th><th scope="col">${__("Before")}</th>
			<th scope="col">${__("After")}</th></tr></thead>
		<tbody>${changes.map(govcrm.audit.draw_change).join("")}</tbody></table>`;
	if (changes.length <= govcrm.audit.FEW) return table;
	return `<details><summary>${__("{0} fields", [changes.length])}</summary>${table}</details>`;
};

/** Where no value can be shown, what changed is all there is to say. */
govcrm.audit.draw_names = function (changes) {
	const names = changes.map(({ label }) => govcrm.audit.escape(label)).join(", ");
	return `<details><summary>${__("{0} fields", [changes.length])}</summary><p>${names}</p></details>`;
};

govcrm.audit.draw_change = function (change) {
	const { escape } = govcrm.audit;
	const side = (name) => {
		if (change.hidden.includes(name)) return `<i>${__("not shown to you")}</i>`;
		if (change[name] == null) return `<span class="sr-only">${__("empty")}</span>–`;
		const kept = change.kept[name];
		return kept == null
			? escape(change[name])
			: `<span title="${escape(kept)}">${escape(change[name])}</span>`;
	};
	return `<tr><th scope="row">${escape(change.label)}</th><td>${side("before")}</td><td>${side(
		"after",
	)}</td></tr>`;
};

/** What is to be said of values that are not all there; nothing when they are. */
govcrm.audit.draw_state = function (state) {
	const words = {
		hidden: __("The values are not shown to you: they are for those who may read the record."),
		partly: __("Some values are not shown to you."),
		destroyed: __("The values were destroyed. The event and its proofs remain."),
	};
	return words[state] ? `<p class="audit-note"><span aria-hidden="true">▪</span> ${words[state]}</p>` : "";
};

/** Give the reader a file of JSON. */
govcrm.audit.save_json = function (data, name) {
	const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
	const link = Object.assign(document.createElement("a"), { href: url, download: name });
	document.body.append(link);
	link.click();
	link.remove();
	setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
