// Who calls: somebody known, somebody new, nobody we may name; and for whom.
frappe.provide("govcrm.intake");

govcrm.intake.AUTHORITIES = [
	"Parent or Guardian",
	"Power of Attorney",
	"Court Appointment",
	"Written Consent",
	"Professional Mandate",
	"Employer",
];

/** One person: looked up, or entered as new. Used for the caller and for whom they call. */
govcrm.intake.Person = class Person {
	constructor({ parent, id, label, on_change, on_chosen }) {
		Object.assign(this, { id, on_change, on_chosen });
		this.$wrapper = $(`<div class="intake-person"></div>`).appendTo(parent);
		this.picker = new govcrm.intake.Picker({
			parent: this.$wrapper,
			id,
			label,
			placeholder: __("Phone, e-mail or name"),
			search: (text) => this.search(text),
			render: (item) => this.render_option(item),
			on_pick: (item) => (item.is_new ? this.enter_new(item.text) : this.choose(item)),
		});
		this.$chosen = $(`<div class="intake-chosen" role="status" hidden></div>`).appendTo(this.$wrapper);
		this.$new = $(`<div class="intake-new" hidden></div>`).appendTo(this.$wrapper);
	}

	async search(text) {
		if (text.length < 2) return [];
		const found = text.length < 3 ? [] : await govcrm.intake.client.find_citizen(text);
		return [...found, { is_new: true, text }];
	}

	render_option(item) {
		const escape = frappe.utils.escape_html;
		if (item.is_new) {
			return `<span class="intake-option-new">+ ${__("New caller: {0}", [escape(item.text)])}</span>`;
		}
		const facts = [...(item.contacts || []), item.place].filter(Boolean).map(escape);
		return `<strong>${escape(item.label)}</strong><span>${facts.join(" · ")}</span>`;
	}

	choose(citizen) {
		this.citizen = citizen;
		this.show_only(this.$chosen);
		this.$chosen.html(this.render_chosen(citizen));
		this.$chosen.find("button").on("click", () => this.reset(true));
		this.on_change();
		this.on_chosen();
	}

	render_chosen(citizen) {
		const escape = frappe.utils.escape_html;
		const facts = [...(citizen.contacts || []), citizen.place, citizen.language];
		const needs = citizen.needs
			? `<p class="intake-needs"><strong>${__("Needs")}:</strong> ${escape(citizen.needs)}</p>`
			: "";
		return `<div><strong>${escape(citizen.label)}</strong>
				<p>${facts.filter(Boolean).map(escape).join(" · ")}</p>${needs}</div>
			<button type="button" class="btn btn-default btn-sm">${__("Change")}</button>`;
	}

	enter_new(text) {
		this.show_only(this.$new);
		this.$new.html(`<div class="intake-new-head"><strong>${__("New citizen")}</strong>
			<button type="button" class="btn btn-default btn-sm">${__("Search again")}</button></div>`);
		this.form = new govcrm.intake.Fields({
			parent: $("<div></div>").appendTo(this.$new)[0],
			fields: govcrm.intake.new_citizen_fields(),
		});
		this.form.make();
		this.$new.find(".intake-new-head button").on("click", () => this.reset(true));
		this.form.set_values(govcrm.intake.guess_citizen(text));
		this.form.fields_dict.first_name.set_focus();
		this.on_change();
	}

	show_only($part) {
		[this.picker.$wrapper, this.$chosen, this.$new].forEach(($one) =>
			$one.prop("hidden", $one !== $part),
		);
	}

	reset(focus) {
		this.citizen = this.form = null;
		this.$new.empty();
		this.picker.clear();
		this.show_only(this.picker.$wrapper);
		if (focus) this.picker.focus();
		this.on_change();
	}

	/** @returns {Object|null} {name} of a known citizen, or the fields of a new one */
	get_value() {
		if (this.citizen) return { name: this.citizen.name };
		return this.form ? this.form.get_values(true) : null;
	}
};

govcrm.intake.new_citizen_fields = () => [
	{ fieldname: "first_name", fieldtype: "Data", label: __("First Name") },
	{ fieldname: "last_name", fieldtype: "Data", label: __("Last Name") },
	{ fieldname: "phone", fieldtype: "Data", label: __("Phone"), inputmode: "tel" },
	{ fieldname: "email", fieldtype: "Data", label: __("E-mail"), inputmode: "email" },
];

/** What the clerk typed while searching, put into the field where it belongs. */
govcrm.intake.guess_citizen = function (text) {
	if (text.includes("@")) return { email: text };
	if (/^[+\d\s()./-]+$/.test(text)) return { phone: text };
	const [first_name, ...rest] = text.split(/\s+/);
	return { first_name, last_name: rest.join(" ") };
};

govcrm.intake.Caller = class Caller {
	constructor({ parent, on_change, on_chosen }) {
		Object.assign(this, { on_change, on_chosen });
		this.$parent = $(parent);
		this.$people = $(`<div></div>`).appendTo(parent);
		this.person = this.make_person("intake-caller", __("Caller"), this.$people, () => this.on_chosen());
		this.make_switches();
		this.$other = $(`<div class="intake-other" hidden></div>`).appendTo(parent);
		this.make_other();
	}

	make_person(id, label, parent, on_chosen) {
		return new govcrm.intake.Person({ parent, id, label, on_chosen, on_change: () => this.on_change() });
	}

	make_switches() {
		const box = (id, label) =>
			`<label class="intake-switch"><input type="checkbox" id="${id}"> ${label}</label>`;
		$(`<div class="intake-switches">
			${box("intake-anonymous", __("Stays anonymous"))}
			${box("intake-behalf", __("Calls for somebody else"))}
		</div>`).appendTo(this.$parent);
		this.$anonymous = this.$parent.find("#intake-anonymous").on("change", () => this.sync());
		this.$behalf = this.$parent.find("#intake-behalf").on("change", () => this.sync());
	}

	make_other() {
		this.other = this.make_person("intake-for-whom", __("For whom"), this.$other, () =>
			this.$authority.trigger("focus"),
		);
		const options = govcrm.intake.AUTHORITIES.map((one) => `<option value="${one}">${__(one)}</option>`);
		$(`<div class="form-group">
			<label for="intake-authority">${__("With what authority")}</label>
			<select id="intake-authority" class="form-control" aria-describedby="intake-authority-error">
				<option value=""></option>${options.join("")}</select>
			<p id="intake-authority-error" class="intake-error" role="alert" hidden></p>
		</div>`).appendTo(this.$other);
		this.$authority = this.$other.find("select");
	}

	sync() {
		const anonymous = this.is_anonymous();
		this.$people.prop("hidden", anonymous);
		this.$behalf.prop("disabled", anonymous);
		if (anonymous) this.$behalf.prop("checked", false);
		this.$other.prop("hidden", !this.$behalf.prop("checked"));
		this.on_change();
	}

	allow_anonymous(allowed) {
		this.$anonymous.prop("disabled", !allowed);
		if (!allowed && this.is_anonymous()) this.$anonymous.prop("checked", false).trigger("change");
	}

	/** Whose form an error about the request's `citizen` or `representative` belongs to. */
	person_for(role) {
		const behalf = this.$behalf.prop("checked");
		return role === "citizen" && behalf ? this.other : this.person;
	}

	is_anonymous() {
		return this.$anonymous.prop("checked");
	}

	get_value() {
		if (this.is_anonymous()) return { anonymous: true };
		const caller = this.person.get_value();
		if (!this.$behalf.prop("checked")) return { citizen: caller };
		const authority = this.$authority.val();
		return {
			citizen: this.other.get_value(),
			representative: caller,
			representation_authority: authority,
		};
	}

	reset() {
		this.$anonymous.prop({ checked: false, disabled: false });
		this.$behalf.prop("checked", false);
		this.$authority.val("");
		this.person.reset();
		this.other.reset();
		this.sync();
	}

	focus() {
		this.person.picker.focus();
	}
};
