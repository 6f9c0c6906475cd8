// The reference, large, in groups and spelt out, to be read to the caller.
frappe.provide("govcrm.intake");

// The spelling alphabet of ICAO Annex 10, volume II, 5.2.1.3; references use no I, L, O and U.
govcrm.intake.SPELLING = Object.fromEntries(
	(
		"Alfa Bravo Charlie Delta Echo Foxtrot Golf Hotel India Juliett Kilo Lima Mike November Oscar Papa " +
		"Quebec Romeo Sierra Tango Uniform Victor Whiskey X-ray Yankee Zulu"
	)
		.split(" ")
		.map((word) => [word[0], word]),
);

/** "SR-26326-7K3M9QZW4" in groups that can be read in one breath: SR, 26 326, 7K3 M9Q ZW4. */
govcrm.intake.reference_groups = function (reference) {
	const [prefix, day, body] = reference.split("-");
	if (!body) return [reference];
	return [prefix, day.slice(0, 2), day.slice(2), ...body.match(/.{1,3}/g)];
};

govcrm.intake.spell = (group) =>
	[...group].map((character) => govcrm.intake.SPELLING[character] || character).join(" ");

govcrm.intake.Receipt = class Receipt {
	constructor({ parent, on_next }) {
		this.on_next = on_next;
		this.$wrapper = $(
			`<section class="intake-receipt" aria-labelledby="intake-receipt-title" hidden></section>`,
		).appendTo(parent);
	}

	show(saved) {
		this.saved = saved;
		this.$wrapper.html(this.render(saved)).prop("hidden", false);
		this.$wrapper
			.find("[data-act=copy]")
			.on("click", () => frappe.utils.copy_to_clipboard(saved.reference));
		this.$wrapper.find("[data-act=open]").on("click", () => this.open());
		this.$wrapper.find("[data-act=print]").on("click", () => this.print());
		this.$wrapper
			.find("[data-act=next]")
			.on("click", () => this.on_next())
			.trigger("focus");
	}

	render(saved) {
		const groups = govcrm.intake.reference_groups(saved.reference);
		const parts = groups.map(
			(group) => `<span><b>${group}</b><small>${govcrm.intake.spell(group)}</small></span>`,
		);
		return `<h2 id="intake-receipt-title">${this.title(saved)}</h2>
			<p class="intake-reference" aria-hidden="true">${parts.join("")}</p>
			<p class="sr-only" role="status">${groups.map(govcrm.intake.spell).join(", ")}</p>
			${this.facts(saved)}
			<div class="intake-acts">
				${this.button("next", __("Next call"), "btn-primary")}
				${this.button("copy", __("Copy reference"))}
				${this.button("print", __("Print acknowledgement"))}
				${this.button("open", __("Open request"))}
			</div>`;
	}

	title(saved) {
		if (saved.joined) return __("Saved, and joined to a case that is already open");
		return saved.created === false
			? __("This request was saved before")
			: __("Saved. Read this to the caller:");
	}

	facts(saved) {
		const date =
			saved.expected_datetime && frappe.datetime.str_to_user(saved.expected_datetime).split(" ")[0];
		const rows = [
			[__("Service"), saved.service_name],
			[__("Department"), saved.agency_responsible],
			[__("Answer expected by"), date],
		].filter(([, value]) => value);
		const escape = frappe.utils.escape_html;
		return `<dl>${rows.map(([k, v]) => `<div><dt>${k}</dt><dd>${escape(v)}</dd></div>`).join("")}</dl>`;
	}

	button(act, label, style = "btn-default") {
		return `<button type="button" class="btn ${style}" data-act="${act}">${label}</button>`;
	}

	open() {
		frappe.set_route("Form", "Service Request", this.saved.reference);
	}

	print() {
		const query = new URLSearchParams({
			doctype: "Service Request",
			name: this.saved.reference,
			format: "Request Acknowledgement",
			no_letterhead: "0",
			trigger_print: "1",
		});
		window.open(`/printview?${query}`, "_blank", "noopener");
	}

	hide() {
		this.$wrapper.prop("hidden", true).empty();
	}
};
