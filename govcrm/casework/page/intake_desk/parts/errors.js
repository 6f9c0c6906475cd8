// Puts what the server refused where the clerk can mend it, and moves the focus there.
frappe.provide("govcrm.intake");

Object.assign(govcrm.intake.Desk.prototype, {
	/** What is plainly missing is said at once; everything else the server knows better. */
	check_required() {
		const { program, form } = this.service;
		if (!program) this.show_error("service_code", __("Choose a service."));
		const complete = form ? form.check_required() : Boolean(program);
		if (!complete) this.on_refused(new govcrm.intake.Refused(__("Please correct what is marked.")));
		return complete;
	},

	on_refused(refusal) {
		const left = Object.entries(refusal.fields).filter(
			([field, message]) => !this.show_error(field, message),
		);
		this.$message.text([refusal.message, ...left.map(([, message]) => message)].join(" "));
		this.focus_first_error();
	},

	/** @returns {boolean} whether a place for the message was found */
	show_error(field, message) {
		const [first, ...rest] = field.split(".");
		const places = {
			answers: () => this.service.form && this.service.form.show_error(rest.join("."), message),
			citizen: () => this.show_person_error(this.caller.person_for("citizen"), rest.join("."), message),
			representative: () =>
				this.show_person_error(this.caller.person_for("representative"), rest.join("."), message),
			representation_authority: () => this.show_plain_error("intake-authority", message),
			service_code: () => this.show_plain_error("intake-service", message),
			description: () => this.show_plain_error("intake-description", message),
		};
		const show = places[first] || (() => this.place.form.show_error(first, message));
		return Boolean(show());
	},

	show_person_error(person, field, message) {
		if (person.form && person.form.show_error(field, message)) return true;
		return this.show_plain_error(person.id, message);
	},

	show_plain_error(id, message) {
		const $input = this.$body.find(`#${id}`).attr("aria-invalid", "true");
		const $error = this.$body.find(`#${id}-error`).text(message).prop("hidden", false);
		return Boolean($input.length && $error.length);
	},

	clear_error(input) {
		$(input).removeAttr("aria-invalid").closest(".has-error").removeClass("has-error");
		const ids = ($(input).attr("aria-describedby") || "")
			.split(" ")
			.filter((id) => id.endsWith("-error"));
		ids.forEach((id) => this.$body.find(`#${id}`).prop("hidden", true).text(""));
	},

	clear_errors() {
		this.$message.text("");
		this.$body.find(".has-error").removeClass("has-error");
		this.$body.find(".intake-error").prop("hidden", true).text("");
		this.$body.find("[aria-invalid]").removeAttr("aria-invalid");
	},

	focus_first_error() {
		const $first = this.$body.find("[aria-invalid=true]:visible").first();
		($first.length ? $first : this.$save).trigger("focus");
	},
});
