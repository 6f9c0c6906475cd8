// Holidays of a calendar: missing ones, and those of a country or a file, looked at before they are added.

function lacks_holidays(doc, year) {
	const dated = (doc.holidays || []).filter((row) => row.date && !row.recurring);
	if (!dated.length) return !(doc.holidays || []).length;
	return Math.max(...dated.map((row) => Number(row.date.slice(0, 4)))) < year;
}

function warn_of_missing_holidays(frm) {
	frm.dashboard.clear_headline();
	if (frm.is_new() || !frm.doc.active) return;
	const year = this_year();
	const missing = [year, year + 1].find((one) => lacks_holidays(frm.doc, one));
	if (!missing) return;
	const text = __(
		"No holidays are entered for {0}. Deadlines that reach into it are counted without any.",
		[missing],
	);
	const icon = frappe.utils.icon("solid-warning", "sm");
	frm.dashboard.set_headline_alert(`${icon} ${frappe.utils.escape_html(text)}`, "orange");
}

function offer_import(frm) {
	if (!frm.perm[0]?.write) return;
	frm.add_custom_button(__("Add Holidays"), () => show_sources(frm));
}

async function show_sources(frm) {
	const { message: places } = await frappe.call({
		method: `${CONTROLLER}.places`,
		type: "GET",
	});
	const dialog = new frappe.ui.Dialog({
		title: __("Add Holidays"),
		size: "large",
		fields: source_fields(places),
		primary_action_label: __("Show Holidays"),
		primary_action: () => preview(frm, dialog),
	});
	dialog.fields_dict.country.df.onchange = () => offer_subdivisions(dialog, places);
	for (const { fieldname } of dialog.fields) {
		if (["source", "country", "subdivision", "first_year", "last_year"].includes(fieldname)) {
			dialog.fields_dict[fieldname].$wrapper.on("change", () => forget_preview(frm, dialog));
		}
	}
	dialog.show();
	make_file_input(frm, dialog);
}

function source_fields(places) {
	const year = this_year();
	const country = "eval:doc.source=='Country'";
	return [
		{
			fieldname: "source",
			fieldtype: "Select",
			label: __("From"),
			options: [
				{ value: "Country", label: __("Country") },
				{ value: "File", label: __("iCalendar file (.ics)") },
			],
			default: "Country",
		},
		{
			fieldname: "country",
			fieldtype: "Autocomplete",
			label: __("Country"),
			options: country_options(places),
			depends_on: country,
		},
		{
			fieldname: "subdivision",
			fieldtype: "Autocomplete",
			label: __("State or Region"),
			options: [],
			depends_on: country,
			description: __("ISO 3166-2, such as MA or BY. Empty: holidays of the whole country"),
		},
		{ fieldname: "file", fieldtype: "HTML", depends_on: "eval:doc.source=='File'" },
		{ fieldtype: "Column Break" },
		{ fieldname: "first_year", fieldtype: "Int", label: __("First Year"), default: year, reqd: 1 },
		{ fieldname: "last_year", fieldtype: "Int", label: __("Last Year"), default: year + 1, reqd: 1 },
		{ fieldtype: "Section Break" },
		{ fieldname: "found", fieldtype: "HTML" },
	];
}

function country_options(places) {
	const names = new Intl.DisplayNames([frappe.boot.lang || "en", "en"], { type: "region" });
	const options = Object.keys(places).map((code) => ({
		value: code,
		label: `${region_name(names, code)} (${code})`,
	}));
	return options.sort((one, other) => one.label.localeCompare(other.label));
}

function region_name(names, code) {
	try {
		return names.of(code);
	} catch {
		return code; // codes that are no regions, such as those of exchanges
	}
}

function offer_subdivisions(dialog, places) {
	dialog.set_value("subdivision", "");
	dialog.fields_dict.subdivision.set_data(places[dialog.get_value("country")] || []);
}

function make_file_input(frm, dialog) {
	const id = frappe.dom.get_unique_id();
	const wrapper = dialog.fields_dict.file.$wrapper;
	wrapper.html(`
		<div class="form-group">
			<label class="control-label" for="${id}">${__("File")}</label>
			<input type="file" id="${id}" accept=".ics,text/calendar" class="d-block mw-100">
		</div>`);
	wrapper.find("input").on("change", () => forget_preview(frm, dialog));
}

function forget_preview(frm, dialog) {
	dialog.fields_dict.found.$wrapper.empty();
	dialog.set_primary_action(__("Show Holidays"), () => preview(frm, dialog));
}

async function preview(frm, dialog) {
	const values = dialog.get_values();
	if (!values) return;
	const rows = await find_holidays(frm, dialog, values);
	if (!rows) return;
	dialog.fields_dict.found.$wrapper.html(preview_table(rows));
	const fresh = rows.filter((row) => !row.known).length;
	if (!fresh) return;
	dialog.set_primary_action(__("Add"), () => add_chosen(frm, dialog, rows));
}

async function find_holidays(frm, dialog, { source, country, subdivision, first_year, last_year }) {
	const years = { first_year, last_year };
	if (source === "Country") {
		if (!country) return refuse(__("Choose a country first."));
		return ask(frm, "holidays_of_country", { country, subdivision, ...years });
	}
	const [file] = dialog.fields_dict.file.$wrapper.find("input")[0].files;
	if (!file) return refuse(__("Choose an iCalendar file first."));
	return ask(frm, "holidays_of_file", { content: await file.text(), ...years });
}

function refuse(message) {
	frappe.msgprint({ message, indicator: "orange" });
}

async function ask(frm, method, args) {
	// The rows as they stand in the form, saved or not.
	const { message } = await frappe.call({
		method: `${CONTROLLER}.${method}`,
		args: { calendar: frm.doc, ...args },
		freeze: true,
	});
	return message;
}

function preview_table(rows) {
	if (!rows.length) return `<p>${__("No holidays were found in these years.")}</p>`;
	const escape = frappe.utils.escape_html;
	const fresh = rows.filter((row) => !row.known).length;
	const head = [__("Add"), __("Date"), __("Holiday"), __("Closed")].map(
		(text) => `<th scope="col">${text}</th>`,
	);
	return `
		<p>${__("{0} found, {1} of them new. Choose what to add; it is kept when the calendar is saved.", [
			rows.length,
			fresh,
		])}</p>
		<div class="table-responsive" style="max-height: 45vh; overflow: auto">
			<table class="table table-sm">
				<thead><tr>${head.join("")}</tr></thead>
				<tbody>${rows.map((row, at) => preview_row(row, at, escape)).join("")}</tbody>
			</table>
		</div>`;
}

function preview_row(row, at, escape) {
	const day = frappe.datetime.str_to_user(row.date);
	const label = escape(`${day} ${row.title}`);
	const choice = row.known
		? `<span class="text-muted">${__("entered")}</span>`
		: `<input type="checkbox" data-row="${at}" checked aria-label="${label}">`;
	const closed = row.part_day
		? `${row.closed_from.slice(0, 5)}–${row.closed_to.slice(0, 5)}`
		: __("all day");
	const yearly = row.recurring ? ` (${__("every year")})` : "";
	return `<tr><td>${choice}</td><td class="text-nowrap">${escape(day)}${yearly}</td><td>${escape(
		row.title,
	)}</td><td>${closed}</td></tr>`;
}

function add_chosen(frm, dialog, rows) {
	const chosen = dialog.fields_dict.found.$wrapper.find("input:checked").toArray();
	for (const { dataset } of chosen) {
		const { known, ...values } = rows[Number(dataset.row)];
		frm.add_child("holidays", values);
	}
	dialog.hide();
	if (!chosen.length) return;
	frm.refresh_field("holidays");
	frm.dirty();
	show_again(frm);
	frappe.show_alert({
		message: __("{0} holidays added. Save to keep them.", [chosen.length]),
		indicator: "blue",
	});
}
