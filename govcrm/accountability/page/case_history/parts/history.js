// The page: asks for acts, draws them in order, and goes on where it stopped.
frappe.provide("govcrm.audit");

const METHODS = "govcrm.api.accountability.history";

govcrm.audit.History = class History {
	constructor(wrapper) {
		this.page = wrapper.page;
		this.$body = $(`<div class="case-history">
			<p class="history-told sr-only" role="status"></p><ol class="history-acts"></ol>
			<p class="history-empty" hidden></p>
			<button type="button" class="btn btn-default btn-sm history-more" hidden>${__("More")}</button>
		</div>`).appendTo(this.page.main);
		this.$acts = this.$body.find(".history-acts");
		this.$more = this.$body.find(".history-more").on("click", () => this.load_more());
		this.make_filters();
		this.add_actions();
		this.page.add_menu_item(
			__("Open the record"),
			() => this.record && frappe.set_route("Form", ...this.record),
		);
	}

	/** A telephone has room for one button, without its words; the other is in the menu. */
	add_actions() {
		const [print, prove] = [__("Print as PDF"), __("Proofs as JSON")];
		const button = this.page.set_primary_action(print, () => this.download("pdf"), "printer");
		button.attr({ "aria-label": print, title: print });
		this.page.set_secondary_action(prove, () => this.download("proofs")).addClass("hidden-xs");
		this.page.add_menu_item(prove, () => this.download("proofs"));
	}

	make_filters() {
		const change = () => !this.setting && this.shown !== JSON.stringify(this.filters()) && this.load();
		const add = (fieldname, fieldtype, label, more = {}) =>
			this.page.add_field({ fieldname, fieldtype, label, change, ...more });
		this.fields = {
			actor: add("actor", "Select", __("Person"), { options: [] }),
			verb: add("verb", "Select", __("Act"), { options: [] }),
			from_date: add("from_date", "Date", __("From")),
			to_date: add("to_date", "Date", __("To")),
			reads: add("reads", "Check", __("Also who looked at it")),
		};
		// Frappe shows the labels of such fields as placeholders alone, which name nothing once something is chosen.
		for (const { $input, df } of Object.values(this.fields)) $input.attr("aria-label", df.label);
	}

	filters() {
		const values = Object.entries(this.fields).map(([name, field]) => [name, field.get_value() || null]);
		return Object.fromEntries(values);
	}

	/** Show the record of the route: case-history/<DocType>/<name>, or a case by its name alone. */
	show([first, second]) {
		const record = second ? [first, second] : ["Case", first];
		if (!record[1]) return this.tell_empty(__("Open a case, a request or a citizen and press History."));
		if (this.record?.join("/") === record.join("/")) return this.load();
		this.record = record;
		this.page.set_title(__("History of {0}", [record[1]]));
		frappe.breadcrumbs.add({
			type: "Custom",
			label: `${__(record[0])} ${record[1]}`,
			route: frappe.utils.get_form_link(...record),
		});
		return this.clear_filters().then(() => this.load());
	}

	async clear_filters() {
		this.setting = true;
		for (const field of Object.values(this.fields))
			await field.set_value(field.df.fieldtype === "Check" ? 0 : "");
		this.setting = false;
	}

	async ask(after) {
		const [doctype, name] = this.record;
		const args = { doctype, name, filters: this.filters(), after };
		const { message } = await frappe.call({ method: `${METHODS}.page`, args, type: "GET" });
		return message;
	}

	async load() {
		this.shown = JSON.stringify(this.filters());
		const asked = (this.asked = {});
		const found = await this.ask();
		if (asked !== this.asked) return; // another question was asked meanwhile
		await this.set_choices(found);
		this.$acts.empty();
		this.draw(found);
		this.tell_empty(
			found.acts.length
				? ""
				: __("Nothing was recorded that fits. Choose other filters, or a longer period."),
		);
		this.$body.find(".history-told").text(__("{0} acts are shown.", [this.$acts.children().length]));
	}

	async load_more() {
		const last = this.$acts.children().last();
		this.draw(await this.ask(this.next));
		last.next().attr("tabindex", -1).trigger("focus");
	}

	async set_choices({ people, verbs, may_see_reads }) {
		this.setting = true;
		const all = { value: "", label: "" };
		const count = people.reduce((found, { name }) => ({ ...found, [name]: (found[name] || 0) + 1 }), {});
		const actors = people.map(({ actor, user, name }) => ({
			value: actor,
			label: count[name] > 1 ? `${name} (${user || actor})` : name,
		}));
		await this.set_options(this.fields.actor, [all, ...actors]);
		await this.set_options(this.fields.verb, [
			all,
			...verbs.map(({ verb, said }) => ({ value: verb, label: said })),
		]);
		this.fields.reads.$wrapper.toggle(may_see_reads);
		this.setting = false;
	}

	/** What is chosen stays chosen, also where it does not occur any more. */
	async set_options(field, options) {
		const chosen = field.get_value();
		const kept = field.df.options.find?.(({ value }) => value === chosen);
		if (chosen && kept && !options.some(({ value }) => value === chosen)) options.push(kept);
		field.df.options = options;
		field.refresh();
		await field.set_value(chosen);
	}

	draw({ acts, next }) {
		for (const act of acts) {
			const last = this.$acts.children().last();
			const goes_on = act.key && last.data("key") === act.key;
			if (goes_on) last.append(govcrm.audit.draw_act_body(act));
			else this.$acts.append(govcrm.audit.draw_act(act));
		}
		this.next = next;
		this.$more.prop("hidden", !next);
	}

	tell_empty(text) {
		this.$body.find(".history-empty").text(text).prop("hidden", !text);
	}

	download(form) {
		const [doctype, name] = this.record;
		const args = { doctype, name, filters: JSON.stringify(this.filters()) };
		open_url_post(`/api/method/${METHODS}.${form}`, args);
	}
};

govcrm.audit.draw_act = (act) => `<li class="history-act" data-key="${govcrm.audit.escape(act.key)}">
	<h2><span title="${govcrm.audit.escape(govcrm.audit.accounts(act.events[0]))}">${govcrm.audit.escape(
		govcrm.audit.person(act.events[0]),
	)}</span>
		<time datetime="${govcrm.audit.escape(act.at)}" title="${govcrm.audit.utc(act.at)}">${govcrm.audit.escape(
			govcrm.audit.local_time(act.at),
		)}</time></h2>
	${govcrm.audit.draw_act_body(act)}</li>`;

/** What the act was about first; the records that were only kept along with it are there when they are asked for. */
govcrm.audit.draw_act_body = function ({ events }) {
	const lead = events.filter(({ lead }) => lead);
	const rest = lead.length ? events.filter(({ lead }) => !lead) : [];
	const shown = (lead.length ? lead : events).map(govcrm.audit.draw_event).join("");
	if (!rest.length) return shown;
	const title =
		rest.length === 1
			? __("1 more record of the same act")
			: __("{0} more records of the same act", [rest.length]);
	return `${shown}<details class="history-rest"><summary>${title}</summary>
		${rest.map(govcrm.audit.draw_event).join("")}</details>`;
};
