// {% include "govcrm/casework/doctype/case/parts/deadlines.js" %}
// {% include "govcrm/casework/doctype/case/parts/explanation.js" %}
// {% include "govcrm/casework/doctype/service_request/parts/answers.js" %}
// {% include "govcrm/casework/doctype/case/parts/sealed.js" %}
// {% include "govcrm/casework/doctype/case/parts/evidence.js" %}
const VERBS = {
	accept: { label: () => __("Accept"), act: accept },
	assign: { label: () => __("Assign"), act: assign },
	refer: { label: () => __("Refer to Department"), act: refer },
	transfer: { label: () => __("Transfer to Department"), act: transfer },
	release_part: { label: () => __("Release a Part"), act: release_part },
	add_task: { label: () => __("Add Task"), act: add_task },
	extend: { label: () => __("Extend Deadline"), act: extend },
	open_to: { label: () => __("Open to a Person"), act: open_to },
	lower: { label: () => __("Lower"), act: lower },
};

frappe.ui.form.on("Case", {
	before_save: (frm) => govcrm.casework.confirm_sealing(frm),
	refresh(frm) {
		if (frm.is_new()) return;
		frm.govcrm_level = frm.doc.confidentiality;
		govcrm.casework.show_sealed(frm);
		show_actions(frm);
		show_verbs(frm);
		show_reading(frm);
		show_waiting(frm);
		govcrm.casework.show_deadlines(frm, facts(frm).deadlines);
		show_parts(frm);
		show_tasks(frm);
		show_people(frm);
		frm.add_custom_button(__("History"), () =>
			frappe.set_route("case-history", frm.doctype, frm.doc.name),
		);
	},
});

function facts(frm) {
	const nothing = { actions: [], verbs: [], parts: [], tasks: [], blocking: [] };
	return frm.doc.__onload?.casework || nothing;
}

// What may be done --------------------------------------------------------------------------------------------

function show_actions(frm) {
	const group = __("Actions");
	for (const step of facts(frm).actions) {
		frm.add_custom_button(__(step.action), () => take_action(frm, step), group);
	}
	if (facts(frm).actions.length) frm.page.set_inner_btn_group_as_primary(group);
}

function show_verbs(frm) {
	for (const verb of facts(frm).verbs) {
		if (verb === "release_part" && !held_by(frm).length) continue;
		const { label, act } = VERBS[verb];
		frm.add_custom_button(label(), () => act(frm), verb === "accept" ? null : __("Work"));
	}
}

function take_action(frm, step) {
	const blocking = step.verb === "close" ? facts(frm).blocking : [];
	if (blocking.length) {
		frappe.msgprint({
			title: __("Something Is Still Open"),
			message: blocking.join("<br>"),
			indicator: "orange",
		});
		return;
	}
	const fields = govcrm.casework.fields_of(step, facts(frm).answer_needed);
	govcrm.casework.ask(__(step.action), fields, (values) =>
		call(frm, "take_action", { action: step.action, ...values }),
	);
}

function accept(frm) {
	call(frm, "accept");
}

function assign(frm) {
	const fields = [govcrm.casework.worker_field(), { ...govcrm.casework.reason_field(), reqd: 0 }];
	govcrm.casework.ask(__("Assign"), fields, (values) => call(frm, "assign", values));
}

function refer(frm) {
	const fields = [
		department_field(frm),
		{
			fieldname: "instructions",
			fieldtype: "Small Text",
			label: __("What Is Asked"),
			reqd: 1,
			description: __("The other department does not see this case: say all it needs."),
		},
		{
			fieldname: "program",
			fieldtype: "Link",
			options: "Agency Program",
			label: __("Program"),
			description: __("Empty: the program for referrals."),
			get_query: () => ({ filters: { active: 1 } }),
		},
	];
	govcrm.casework.ask(__("Refer to Department"), fields, (values) => call(frm, "refer", values));
}

function transfer(frm) {
	const fields = [department_field(frm), govcrm.casework.reason_field()];
	govcrm.casework.ask(__("Transfer to Department"), fields, (values) =>
		call(frm, "transfer", values, leave),
	);
}

// After a transfer the case may be out of reach.
function leave() {
	frappe.set_route("List", "Case");
}

function release_part(frm) {
	const fields = [
		{
			fieldname: "case",
			fieldtype: "Select",
			label: __("Part"),
			reqd: 1,
			options: held_by(frm).map(({ name, department }) => ({
				value: name,
				label: `${department}: ${name}`,
			})),
		},
		govcrm.casework.reason_field(),
	];
	govcrm.casework.ask(__("Release a Part"), fields, (values) => call(frm, "release_part", values));
}

function add_task(frm) {
	frappe.new_doc("Case Task", { case: frm.doc.name });
}

function extend(frm) {
	const { deadlines, answer_needed } = facts(frm);
	const fields = govcrm.casework.extension_fields(deadlines, answer_needed);
	govcrm.casework.ask(__("Extend Deadline"), fields, (values) => call(frm, "extend", values));
}

function open_to(frm) {
	const fields = govcrm.casework.open_to_fields();
	govcrm.casework.ask(__("Open to a Person"), fields, (values) => call(frm, "open_to", values));
}

function lower(frm) {
	govcrm.casework.ask(__("Lower"), govcrm.casework.lower_fields(), (values) => call(frm, "lower", values));
}

function department_field(frm) {
	return {
		fieldname: "department",
		fieldtype: "Link",
		options: "Agency Department",
		label: __("Department"),
		reqd: 1,
		get_query: () => ({ filters: { active: 1, name: ["!=", frm.doc.department] } }),
	};
}

function held_by(frm) {
	return facts(frm).parts.filter(
		(part) => part.holds_parent && ["Open", "Waiting"].includes(part.state_category),
	);
}

function call(frm, method, args = {}, after = () => frm.reload_doc()) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Save your changes first."));
		return;
	}
	frm.call({ method, args, doc: frm.doc, freeze: true }).then(after);
}

// Where it stands ---------------------------------------------------------------------------------------------

// Who works other cases would look for the button that saves.
function show_reading(frm) {
	const { reading } = facts(frm);
	if (reading) frm.set_intro(reading_words(frm, reading), "blue");
}

function reading_words(frm, { until, emergency }) {
	if (!until) {
		return __("For reading: {0} works this case, and your department takes part in it.", [
			escape(frm.doc.department),
		]);
	}
	const day = frappe.datetime.str_to_user(until.replace(" 23:59:59", "")); // a day is meant to its end
	return emergency
		? __("Opened in an emergency, for reading, until {0}.", [day])
		: __("Opened to you for reading, until {0}.", [day]);
}

function show_waiting(frm) {
	const { state_category, waiting_reason, waiting_until } = frm.doc;
	if (state_category !== "Waiting") return;
	const reason = frappe.utils.escape_html(waiting_reason || __("no reason given"));
	const until = waiting_until ? __("until {0}", [frappe.datetime.str_to_user(waiting_until)]) : "";
	frm.set_intro(`${__("Waiting")} ${until}: ${reason}`, "orange");
}

function show_parts(frm) {
	const rows = facts(frm).parts.map((part) => [
		link("Case", part.name),
		escape(part.department),
		pill(part.workflow_state, govcrm.casework.colors[part.state_category]),
		part.holds_parent ? __("this case waits for it") : __("goes on by itself"),
	]);
	show_table(frm, __("Parts in Other Departments"), rows);
}

function show_tasks(frm) {
	const rows = facts(frm).tasks.map((task) => [
		link("Case Task", task.name, task.title),
		escape(task.assigned_to ? frappe.user.full_name(task.assigned_to) : task.assigned_department),
		pill(task.status, task.status === "On Hold" ? "orange" : "blue"),
		task.due ? frappe.datetime.str_to_user(task.due) : "",
		task.required ? __("required") : "",
	]);
	show_table(frm, __("Open Tasks"), rows);
}

function show_people(frm) {
	if (frm.doc.confidentiality === "Sealed") return; // who asked and what stands in the sealed matter
	frappe.call("govcrm.api.casework.people", { case: frm.doc.name }).then(({ message }) => {
		const rows = (message || []).map((row) => [
			link("Service Request", row.request),
			row.name ? link("Citizen", row.citizen, row.name) : __("anonymous, or not for you to see"),
			escape([row.address_string, row.description].filter(Boolean).join(": ")),
		]);
		show_table(frm, __("What Was Asked"), rows);
	});
}

function show_table(frm, title, rows) {
	if (!rows.length) return;
	const lines = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell || ""}</td>`).join("")}</tr>`);
	frm.dashboard.add_section(
		`<table class="table table-sm table-borderless mb-0 case-table">${lines.join("")}</table>`,
		title,
	);
	frm.dashboard.show();
}

function link(doctype, name, label) {
	return frappe.utils.get_form_link(doctype, name, true, escape(label || name));
}

function pill(label, color = "gray") {
	return `<span class="indicator-pill ${color}">${escape(__(label))}</span>`;
}

function escape(text) {
	return frappe.utils.escape_html(text || "");
}
