// Frappe's own controls for what a program asks, with errors shown at the field.
frappe.provide("govcrm.intake");

govcrm.intake.CONTROLS = {
	string: "Data",
	number: "Data", // Frappe's Float would show 12 as 12.000
	date: "Date",
	datetime: "Datetime",
	text: "Small Text",
	singlevaluelist: "Select",
	multivaluelist: "MultiCheck",
	boolean: "Select",
};

/** The control of one intake question. `is_shown(code)` tells whether its condition holds at the moment. */
govcrm.intake.question_field = function (question, is_shown) {
	return {
		fieldname: question.code,
		fieldtype: govcrm.intake.CONTROLS[question.datatype] || "Data",
		label: __(question.label),
		description: question.help && __(question.help),
		reqd: question.required ? 1 : 0,
		inputmode: question.datatype === "number" ? "decimal" : undefined,
		options: govcrm.intake.question_options(question),
		depends_on: question.shown_when ? () => is_shown(question.code) : undefined,
	};
};

govcrm.intake.question_options = function (question) {
	if (question.datatype === "boolean") {
		// Neither answer is assumed: an unticked box would say "no" for the caller.
		return [
			{ value: "", label: "" },
			{ value: "1", label: __("Yes") },
			{ value: "0", label: __("No") },
		];
	}
	// Frappe reads the options of other controls as a text
	if (!["singlevaluelist", "multivaluelist"].includes(question.datatype)) return undefined;
	const options = question.options.map((option) => ({
		value: option.key,
		label: __(option.label),
	}));
	return question.datatype === "singlevaluelist" ? [{ value: "", label: "" }, ...options] : options;
};

govcrm.intake.Fields = class Fields extends frappe.ui.FieldGroup {
	make() {
		this.no_submit_on_enter = true;
		super.make();
		this.fields_list.forEach((field) => this.name_input(field));
	}

	// A label that points at nothing is silent for a screen reader: Frappe's controls give inputs no id.
	name_input(field) {
		const $input = $(field.wrapper).find("input, select, textarea").first();
		if (!$input.length || field.df.fieldtype === "Check") return;
		if (field.df.inputmode) $input.attr("inputmode", field.df.inputmode);
		const id = $input.attr("id") || frappe.dom.get_unique_id();
		$input.attr({ id, "aria-required": field.df.reqd ? "true" : "false" });
		$(field.wrapper).find("label.control-label").first().attr("for", id);
		$(field.wrapper).find(".help-box").attr("id", `${id}-help`);
		$input.attr("aria-describedby", `${id}-help ${id}-error`);
		$(`<p id="${id}-error" class="intake-error" role="alert" hidden></p>`).appendTo(field.wrapper);
	}

	show_error(fieldname, message) {
		const field = this.fields_dict[fieldname];
		if (!field) return false;
		$(field.wrapper).addClass("has-error").find(".intake-error").text(message).prop("hidden", false);
		$(field.wrapper).find("input, select, textarea").first().attr("aria-invalid", "true");
		return true;
	}

	/** Marks what is required, shown and empty. @returns {boolean} whether all is there */
	check_required() {
		const missing = this.fields_list.filter((field) => this.is_missing(field));
		missing.forEach((field) => this.show_error(field.df.fieldname, __("Please fill this in.")));
		return !missing.length;
	}

	is_missing(field) {
		if (!field.df.reqd || !field.get_value || field.df.hidden_due_to_dependency) return false;
		const value = field.get_value();
		return Array.isArray(value) ? !value.length : is_null(value);
	}
};
