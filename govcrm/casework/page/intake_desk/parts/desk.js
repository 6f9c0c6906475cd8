// The desk itself: lays out the parts, carries the request between them, saves it.
frappe.provide("govcrm.intake");

govcrm.intake.CHANNELS = ["Phone", "Counter", "E-mail"];

govcrm.intake.Desk = class Desk {
	constructor(wrapper) {
		this.page = wrapper.page;
		this.$body = $(govcrm.intake.layout()).appendTo(this.page.main);
		this.make_parts();
		this.make_message();
		this.bind_keys(wrapper);
		this.page.set_primary_action(__("Save"), () => this.save());
		this.new_call();
		this.place.show_neighbourhood();
	}

	part(name) {
		return this.$body.find(`[data-part=${name}]`);
	}

	make_parts() {
		const on_change = () => this.look_for_duplicates();
		this.caller = new govcrm.intake.Caller({
			parent: this.part("caller"),
			on_change,
			on_chosen: () => !this.service.program && this.service.picker.focus(),
		});
		this.service = new govcrm.intake.Service({
			parent: this.part("service"),
			on_change: () => this.on_service(),
		});
		this.place = new govcrm.intake.Place({
			parent: this.part("place"),
			map_parent: this.part("map"),
			on_change,
		});
		this.duplicates = new govcrm.intake.Duplicates({
			parent: this.part("duplicates"),
			on_found: (found) => this.place.show_others(found),
		});
		this.receipt = new govcrm.intake.Receipt({
			parent: this.part("receipt"),
			on_next: () => this.new_call(true),
		});
	}

	make_message() {
		this.$description = this.$body.find("#intake-description");
		this.$message = this.$body.find(".intake-message");
		this.$save = this.$body.find(".intake-save").on("click", () => this.save());
		this.$channels = this.$body.find("[name=intake-channel]");
		this.$body.on("input change", "[aria-invalid=true]", (event) => this.clear_error(event.target));
	}

	bind_keys(wrapper) {
		// Frappe's own Ctrl+S calls this on pages that are no forms
		wrapper.save_action = () => this.save();
		frappe.ui.keys.add_shortcut({
			shortcut: "ctrl+enter",
			action: () => this.save(),
			page: this.page,
			description: __("Save the request"),
			ignore_inputs: true,
		});
		frappe.ui.keys.add_shortcut({
			shortcut: "ctrl+shift+k",
			action: () => this.new_call(true),
			page: this.page,
			description: __("Next call, without saving this one"),
			ignore_inputs: true,
		});
	}

	show() {
		this.place.resize();
		if (!this.$body.hasClass("saved")) this.caller.focus();
	}

	on_service() {
		const { program } = this.service;
		this.caller.allow_anonymous(program.anonymous_allowed);
		this.place.set_rule(program.location_rule);
		this.look_for_duplicates();
	}

	look_for_duplicates() {
		if (!this.duplicates) return;
		const point = this.place.get_point();
		const { program } = this.service;
		const useful = program && point;
		this.duplicates.look_up(useful ? { service_code: program.service_code, ...point } : null);
	}

	get_value() {
		return {
			...this.service.get_value(),
			...this.caller.get_value(),
			...this.place.get_value(),
			channel: this.$channels.filter(":checked").val(),
			description: this.$description.val().trim() || undefined,
			join: this.duplicates.get_value(),
			idempotency_key: this.key,
		};
	}

	async save() {
		if (this.saving || this.$body.hasClass("saved")) return;
		// lets a control take over what was typed last
		$(document.activeElement).trigger("change");
		this.clear_errors();
		if (!this.check_required()) return;
		this.set_saving(true);
		try {
			this.on_saved(await govcrm.intake.client.submit(this.get_value()));
		} catch (refusal) {
			this.on_refused(refusal);
		}
		this.set_saving(false);
	}

	set_saving(saving) {
		this.saving = saving;
		this.$save.prop("disabled", saving).text(saving ? __("Saving…") : __("Save request"));
	}

	on_saved(saved) {
		this.$body.addClass("saved");
		this.page.clear_primary_action();
		this.receipt.show({ ...saved, service_name: this.service.chosen.service_name });
	}

	new_call(focus) {
		this.$body.removeClass("saved");
		this.receipt.hide();
		this.clear_errors();
		// One key per call: pressing Save twice, or again after a lost answer, makes one request.
		this.key = frappe.utils.get_random(32);
		[this.caller, this.service, this.place, this.duplicates].forEach((part) => part.reset());
		this.$description.val("");
		this.page.set_primary_action(__("Save"), () => this.save());
		if (focus) this.caller.focus();
	}
};

govcrm.intake.layout = function () {
	const channels = govcrm.intake.CHANNELS.map(
		(channel, index) => `<label class="intake-switch"><input type="radio" name="intake-channel"
			value="${channel}" ${index ? "" : "checked"}> ${__(channel)}</label>`,
	);
	const step = (name, title, body = "") => `
		<section class="intake-step" aria-labelledby="intake-${name}-title">
			<h2 id="intake-${name}-title">${title}</h2>
			<div data-part="${name}">${body}</div>
		</section>`;
	return `
		<div class="intake-desk">
			<div data-part="receipt"></div>
			<form class="intake-form" autocomplete="off" onsubmit="return false">
				<div class="intake-main">
					${step(
						"caller",
						__("Who"),
						`<div class="intake-switches" role="radiogroup"
						aria-label="${__("Channel")}">${channels.join("")}</div>`,
					)}
					${step("service", __("What"))}
					${step(
						"more",
						__("In their words"),
						`
						<label for="intake-description" class="sr-only">${__("Description")}</label>
						<textarea id="intake-description" class="form-control" rows="3"
							aria-describedby="intake-description-error"></textarea>
						<p id="intake-description-error" class="intake-error" role="alert" hidden></p>`,
					)}
					${step("place", __("Where"))}
				</div>
				<div class="intake-side">
					<div data-part="map"></div>
					<div data-part="duplicates"></div>
				</div>
				<div class="intake-end">
					<p class="intake-message" role="alert"></p>
					<button type="button" class="btn btn-primary btn-md intake-save">${__("Save request")}</button>
					<span class="intake-hint"><kbd>Ctrl</kbd>+<kbd>Enter</kbd></span>
				</div>
			</form>
		</div>`;
};
