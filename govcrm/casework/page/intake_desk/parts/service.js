// What is asked for: the service, found by typing, and the questions its published version asks.
frappe.provide("govcrm.intake");

/** Services that match all typed words, best first: by name, then by keyword, then by description. */
govcrm.intake.match_services = function (catalogue, text) {
	const words = text.toLowerCase().split(/\s+/).filter(Boolean);
	const score = (service) => {
		const name = service.service_name.toLowerCase();
		const rest = [service.keywords, service.group, service.service_code, service.description];
		const all = [name, ...rest].filter(Boolean).join(" ").toLowerCase();
		if (!words.every((word) => all.includes(word))) return 0;
		return 1 + words.filter((word) => name.includes(word)).length + name.startsWith(words[0] || "");
	};
	return catalogue
		.map((service) => [score(service), service])
		.filter(([points]) => points)
		.sort(([a], [b]) => b - a)
		.map(([, service]) => service)
		.slice(0, 30);
};

govcrm.intake.Service = class Service {
	constructor({ parent, on_change }) {
		this.on_change = on_change;
		this.picker = new govcrm.intake.Picker({
			parent,
			id: "intake-service",
			label: __("Service"),
			placeholder: __("Type what it is about, such as pothole or permit"),
			open_on_focus: true,
			search: async (text) =>
				govcrm.intake.match_services(await govcrm.intake.client.catalogue(), text),
			render: (service) => this.render_option(service),
			on_pick: (service) => this.choose(service),
		});
		this.$about = $(`<p class="intake-about" hidden></p>`).appendTo(parent);
		this.$questions = $(`<div class="intake-questions"></div>`).appendTo(parent);
	}

	render_option(service) {
		const escape = frappe.utils.escape_html;
		const facts = [service.group, __(service.kind)].filter(Boolean).map(escape);
		return `<strong>${escape(service.service_name)}</strong><span>${facts.join(" · ")}</span>`;
	}

	async choose(service) {
		this.picker.$input.val(service.service_name);
		this.chosen = service;
		this.program = await govcrm.intake.client.program(service.service_code);
		this.$about.text(service.description || "").prop("hidden", !service.description);
		this.make_questions();
		this.on_change();
		this.focus_next();
	}

	make_questions() {
		this.$questions.empty();
		this.form = null;
		this.shown = this.read().shown;
		if (!this.program.questions.length) return;
		const is_shown = (code) => this.shown.has(code);
		this.form = new govcrm.intake.Fields({
			parent: $("<div></div>").appendTo(this.$questions)[0],
			fields: this.program.questions.map((one) => govcrm.intake.question_field(one, is_shown)),
		});
		this.form.make();
		this.$questions.off("change input").on("change input", () => this.on_answer());
	}

	on_answer() {
		const { shown } = this.read();
		const more = [...shown].filter((code) => !this.shown.has(code)).length;
		this.shown = shown;
		this.form.refresh_dependency();
		if (more) this.announce(more);
	}

	announce(more) {
		this.picker.$status.text(__("{0} more questions", [more]));
	}

	read() {
		const values = this.form ? this.form.get_values(true) : {};
		return govcrm.intake.read_answers(this.program ? this.program.questions : [], values || {});
	}

	focus_next() {
		if (this.form) this.form.focus_on_first_input();
		else $("#intake-description").trigger("focus");
	}

	get_value() {
		if (!this.program) return {};
		return { service_code: this.program.service_code, answers: this.read().answers };
	}

	reset() {
		this.chosen = this.program = this.form = null;
		this.picker.clear();
		this.$about.prop("hidden", true);
		this.$questions.empty();
	}
};
