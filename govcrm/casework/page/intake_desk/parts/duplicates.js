// Open requests that are likely the same matter, to join instead of opening another case.
frappe.provide("govcrm.intake");

govcrm.intake.Duplicates = class Duplicates {
	constructor({ parent, on_found }) {
		this.on_found = on_found;
		this.asked = 0;
		this.found = [];
		this.$wrapper =
			$(`<section class="intake-duplicates" aria-labelledby="intake-duplicates-title" hidden>
			<h3 id="intake-duplicates-title" aria-live="polite"></h3>
			<ol></ol>
		</section>`).appendTo(parent);
		this.$list = this.$wrapper.find("ol").on("click", "button", (event) => {
			this.toggle($(event.currentTarget).closest("li").data("name"));
		});
		this.look_up = frappe.utils.debounce((asked_for) => this.ask(asked_for), 300);
	}

	async ask(asked_for) {
		const asked = ++this.asked;
		const found = asked_for ? await govcrm.intake.client.duplicates(asked_for) : [];
		if (asked !== this.asked) return;
		this.found = found;
		if (!found.some((one) => one.name === this.joined)) this.joined = null;
		this.show();
		this.on_found(found);
	}

	show() {
		const count = this.found.length;
		this.$wrapper.prop("hidden", !count);
		const title =
			count === 1 ? __("Likely the same, 1 request") : __("Likely the same, {0} requests", [count]);
		this.$wrapper.find("h3").text(count ? title : "");
		this.$list.html(this.found.map((one, index) => this.render(one, index + 1)).join(""));
	}

	render(one, number) {
		const escape = frappe.utils.escape_html;
		const joined = one.name === this.joined;
		const facts = [
			one.distance != null && __("{0} m away", [Math.round(one.distance)]),
			one.requested_datetime && frappe.datetime.prettyDate(one.requested_datetime),
			one.address_string && escape(one.address_string),
		];
		return `<li data-name="${escape(one.name)}" class="${joined ? "joined" : ""}">
			<span class="intake-marker" aria-hidden="true">${number}</span>
			<span class="intake-duplicate"><strong>${escape(one.name)}</strong>
				<span>${facts.filter(Boolean).join(" · ")}</span></span>
			<button type="button" class="btn btn-sm ${joined ? "btn-primary" : "btn-default"}"
				aria-pressed="${joined}" aria-label="${__("Join {0}", [escape(one.name)])}">
				${joined ? __("Joined") : __("Join")}</button>
		</li>`;
	}

	toggle(name) {
		this.joined = this.joined === name ? null : name;
		this.show();
		this.$list.find(`li[data-name="${name}"] button`).trigger("focus");
	}

	get_value() {
		return this.joined || undefined;
	}

	reset() {
		this.joined = null;
		this.ask(null);
	}
};
