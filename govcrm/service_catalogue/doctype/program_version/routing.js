// The routing tab of a version: what its conditions can use, and what its rules would have done.

function set_up_routing(frm) {
	for (const table of ["routing_rules", "routing_parts"]) {
		frm.set_query("department", table, active_departments);
	}
	frm.set_query("program", "routing_parts", () => ({ filters: { active: 1 } }));
}

function refresh_routing(frm) {
	suggest_rules(frm);
	const wrapper = frm.fields_dict.what_if_html.$wrapper.empty();
	show_names(frm, $('<div class="mb-4"></div>').appendTo(wrapper));
	if (!frm.doc.docstatus && frm.perm[0]?.write)
		offer_what_if(frm, $("<section></section>").appendTo(wrapper));
}

function suggest_rules(frm) {
	const labels = (frm.doc.routing_rules || []).map((row) => row.label).filter(Boolean);
	// Frappe 16 may draw a form before it knows the fields of its rows: no suggestions then, until it is opened again.
	const field = frappe.meta.get_docfield("Routing Part", "rule", frm.doc.name);
	if (!field) return;
	field.options = labels;
	frm.refresh_field("routing_parts");
}

// What a condition can use -----------------------------------------------------------------------------------

async function show_names(frm, area) {
	const { message: facts } = await frappe.call({
		method: "govcrm.service_catalogue.doctype.program_version.program_version.condition_names",
		type: "GET",
	});
	const answers = (frm.doc.questions || []).map((row) => ({
		name: row.code,
		meaning: row.label,
		kind: { number: "number", boolean: "boolean" }[row.datatype] || "text",
		protected: row.sensitive,
	}));
	area.html(`<details><summary>${__("What a condition can use")}</summary>
		<p class="mt-2">${__(
			"Conditions are written as those of questions are: {0}. A rule that looks at protected data can decide; the case then does not name it.",
			[`<code>size &gt; 5 and request.channel == "Phone"</code>`],
		)}</p>
		${table_html([__("Name"), __("What It Is"), __("Kind")], [...answers, ...facts].map(name_cells), __("Names"))}
	</details>`);
}

function name_cells({ name, meaning, kind, protected: is_protected }) {
	const escape = frappe.utils.escape_html;
	const kinds = { text: __("Text"), number: __("Number"), boolean: __("true or false") };
	const mark = is_protected ? ` ${frappe.utils.icon("lock", "sm")} ${__("Protected")}` : "";
	return [`<code>${escape(name || "")}</code>`, escape(meaning || ""), `${kinds[kind]}${mark}`];
}

// What the rules would have done -----------------------------------------------------------------------------

function offer_what_if(frm, area) {
	const count = frm.what_if_count || 500;
	area.html(`<h5 id="what-if-title">${__("What If")}</h5>
		<p>${__(
			"Runs the rules as they stand here over the last requests of the program and shows what would have gone elsewhere than where it is now. Nothing is changed.",
		)}</p>
		<div class="d-flex flex-wrap align-items-end" style="gap: var(--padding-sm)">
			<div><label class="control-label" for="what-if-count">${__("Number of requests")}</label>
				<input id="what-if-count" type="number" min="1" max="5000" value="${cint(count)}" class="form-control"
					style="max-width: 9em"></div>
			<button type="button" class="btn btn-default">${__("Try the Rules")}</button>
		</div>
		<div class="mt-3" role="status" aria-live="polite"></div>`);
	area.find("button").on("click", () => try_rules(frm, area));
}

async function try_rules(frm, area) {
	frm.what_if_count = cint(area.find("input").val()) || 500;
	const button = area.find("button").prop("disabled", true);
	try {
		const { message } = await frm.call("try_rules", { count: frm.what_if_count });
		if (message) area.find("[role=status]").html(what_if_html(message));
	} finally {
		button.prop("disabled", false);
	}
}

function what_if_html(found) {
	const moved = found.tried - found.stayed;
	const lines = [
		__("{0} requests were tried: {1} would have gone elsewhere, {2} would not.", [
			found.tried,
			moved,
			found.stayed,
		]),
	];
	if (found.parts) lines.push(__("{0} parts would have been opened in other departments.", [found.parts]));
	if (found.left_out) {
		lines.push(__("{0} were left out: you may not read them.", [found.left_out]));
	}
	if (found.untried_rules.length) {
		const names = found.untried_rules.map(frappe.utils.escape_html).join(", ");
		lines.push(__("These rules look at what you may not read and were passed over: {0}.", [names]));
	}
	const heads = [__("Requests"), __("What Would Change"), __("Rule"), __("Such As")];
	const table = moved
		? table_html(heads, found.moves.map(move_cells), __("What would have gone elsewhere"))
		: "";
	return lines.map((line) => `<p class="mb-1">${line}</p>`).join("") + table;
}

function move_cells(move) {
	const escape = frappe.utils.escape_html;
	const changes = [
		[__("Department"), move.department, move.new_department],
		[__("Priority"), __(move.priority), __(move.new_priority)],
		[__("Confidentiality"), __(move.confidentiality), __(move.new_confidentiality)],
	]
		.filter(([, now, then]) => now !== then)
		.map(([label, now, then]) => `${label}: ${escape(now)} → <b>${escape(then)}</b>`);
	const links = move.examples.map((name) => frappe.utils.get_form_link("Service Request", name, true));
	return [move.count, changes.join("<br>"), escape(move.rule) || __("No rule"), links.join("<br>")];
}

function table_html(heads, rows, label) {
	// Rows become cards on a narrow screen, where a table would else be none for screen readers: hence the roles.
	const head = heads.map((text) => `<th scope="col" role="columnheader">${text}</th>`).join("");
	const body = rows.map((cells) => {
		const row = cells.map((cell, at) => `<td role="cell" data-label="${heads[at]}">${cell}</td>`);
		return `<tr role="row">${row.join("")}</tr>`;
	});
	return `<table class="table table-bordered govcrm-stacked mt-3" role="table" aria-label="${label}">
		<thead role="rowgroup"><tr role="row">${head}</tr></thead>
		<tbody role="rowgroup">${body.join("")}</tbody></table>`;
}
