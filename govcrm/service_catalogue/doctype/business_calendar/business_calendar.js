// {% include "govcrm/service_catalogue/doctype/business_calendar/moving_dates.js" %}
frappe.ui.form.on("Business Calendar", {
	onload(frm) {
		suggest_timezones(frm);
	},

	refresh(frm) {
		warn_of_missing_holidays(frm);
		offer_import(frm);
		show_year(frm, frm.shown_year || this_year());
	},

	timezone: show_again,
	holidays_add: show_again,
	holidays_remove: show_again,
	hours_remove: show_again,
	special_days_remove: show_again,
});

// Frappe fills a new Time field with the time of day.
frappe.ui.form.on("Calendar Hours", {
	hours_add(frm, doctype, name) {
		frappe.model.set_value(doctype, name, { starts: "09:00:00", ends: "17:00:00" });
	},
	weekday: show_again,
	starts: show_again,
	ends: show_again,
	effective_from: show_again,
});

frappe.ui.form.on("Calendar Holiday", {
	holidays_add(frm, doctype, name) {
		frappe.model.set_value(doctype, name, { closed_from: null, closed_to: null });
	},
	part_day(frm, doctype, name) {
		const part = locals[doctype][name].part_day;
		const hours = part ? { closed_from: "12:00:00", closed_to: "00:00:00" } : { closed_from: null, closed_to: null };
		frappe.model.set_value(doctype, name, hours);
	},
	date: show_again,
	recurring: show_again,
	closed_from: show_again,
	closed_to: show_again,
});

frappe.ui.form.on("Calendar Special Day", {
	special_days_add(frm, doctype, name) {
		frappe.model.set_value(doctype, name, { starts: "09:00:00", ends: "17:00:00" });
	},
	date: show_again,
	starts: show_again,
	ends: show_again,
});

function this_year() {
	return Number(frappe.datetime.get_today().slice(0, 4));
}

async function suggest_timezones(frm) {
	const { message } = await frappe.call("frappe.core.doctype.user.user.get_timezones");
	frm.fields_dict.timezone.set_data([...message.timezones].sort());
}

// Holidays ---------------------------------------------------------------------------------------------------

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
	const text = __("No holidays are entered for {0}. Deadlines that reach into it are counted without any.", [missing]);
	const icon = frappe.utils.icon("solid-warning", "sm");
	frm.dashboard.set_headline_alert(`${icon} ${frappe.utils.escape_html(text)}`, "orange");
}

function offer_import(frm) {
	if (!frm.perm[0]?.write) return;
	frm.add_custom_button(__("Add Holidays"), () => show_sources(frm));
}

async function show_sources(frm) {
	const { message: places } = await frappe.call({
		method: "govcrm.service_catalogue.doctype.business_calendar.business_calendar.places",
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
	const options = Object.keys(places).map((code) => ({ value: code, label: `${region_name(names, code)} (${code})` }));
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
	const { message } = await frm.call({ method, args, doc: frm.doc, freeze: true });
	return message;
}

function preview_table(rows) {
	if (!rows.length) return `<p>${__("No holidays were found in these years.")}</p>`;
	const escape = frappe.utils.escape_html;
	const fresh = rows.filter((row) => !row.known).length;
	const head = [__("Add"), __("Date"), __("Holiday"), __("Closed")].map((text) => `<th scope="col">${text}</th>`);
	return `
		<p>${__("{0} found, {1} of them new. Choose what to add; it is kept when the calendar is saved.", [rows.length, fresh])}</p>
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
	const closed = row.part_day ? `${row.closed_from.slice(0, 5)}–${row.closed_to.slice(0, 5)}` : __("all day");
	const yearly = row.recurring ? ` (${__("every year")})` : "";
	return `<tr><td>${choice}</td><td class="text-nowrap">${escape(day)}${yearly}</td><td>${escape(row.title)}</td><td>${closed}</td></tr>`;
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
	frappe.show_alert({ message: __("{0} holidays added. Save to keep them.", [chosen.length]), indicator: "blue" });
}

// The year ---------------------------------------------------------------------------------------------------

const MARKS = { working: "", closed: "–", holiday: "H", partial: "½", special: "+" };

function kind_label(kind) {
	const labels = {
		working: __("Working day"),
		closed: __("Closed"),
		holiday: __("Holiday"),
		partial: __("Holiday for part of the day"),
		special: __("Special working day"),
	};
	return labels[kind];
}

function show_again(frm) {
	warn_of_missing_holidays(frm);
	clearTimeout(frm.year_timer);
	frm.year_timer = setTimeout(() => show_year(frm, frm.shown_year || this_year()), 400);
}

// A row that is being entered says nothing yet.
function is_complete({ hours, holidays, special_days }) {
	const filled = (rows, ...fields) => (rows || []).every((row) => fields.every((field) => row[field]));
	return (
		filled(hours, "weekday", "starts", "ends") &&
		filled(holidays, "date") &&
		filled(special_days, "date", "starts", "ends")
	);
}

async function show_year(frm, year) {
	frm.shown_year = year;
	const wrapper = frm.fields_dict.year_html.$wrapper;
	if (!is_complete(frm.doc)) return;
	const name = frm.doc.name;
	const { message } = await frm.call({ method: "year_view", args: { year }, doc: frm.doc });
	// Another record or year may have been asked for while this was on its way.
	if (!message || frm.doc.name !== name || frm.shown_year !== year) return;
	wrapper.html(year_page(message));
	wrapper.find("[data-year]").on("click", (event) => show_year(frm, Number(event.currentTarget.dataset.year)));
}

function year_page({ year, days, working_days, working_hours, lacks_holidays }) {
	const months = [...Array(12).keys()].map((month) => month_table(year, month, days));
	const hours = format_number(working_hours, null, Number.isInteger(working_hours) ? 0 : 1);
	const step = (to, text) =>
		`<button type="button" class="btn btn-default btn-sm" data-year="${to}">${text}</button>`;
	const warning = lacks_holidays
		? `<p>${frappe.utils.icon("solid-warning", "sm")} ${__("No holidays are entered for this year.")}</p>`
		: "";
	return `
		<style>${YEAR_STYLE}</style>
		<div class="calendar-year">
			<div class="calendar-year-head">
				${step(year - 1, `‹ ${year - 1}`)}
				<h4>${year}</h4>
				${step(year + 1, `${year + 1} ›`)}
				<span>${__("{0} working days, {1} working hours", [working_days, hours])}</span>
			</div>
			${warning}${legend()}
			<div class="calendar-months">${months.join("")}</div>
		</div>`;
}

function legend() {
	const items = Object.entries(MARKS).map(
		([kind, mark]) => `<li><span class="calendar-key ${kind}" aria-hidden="true">${mark || "1"}</span> ${kind_label(kind)}</li>`
	);
	return `<ul class="calendar-legend">${items.join("")}</ul>`;
}

function month_table(year, month, days) {
	const prefix = `${year}-${String(month + 1).padStart(2, "0")}`;
	const own = days.filter((day) => day.date.startsWith(prefix));
	const locale = frappe.boot.lang || "en";
	const title = new Date(year, month, 1).toLocaleDateString(locale, { month: "long" });
	// 1 January 2024 is a Monday.
	const weekdays = [...Array(7).keys()].map((day) => {
		const date = new Date(2024, 0, 1 + day);
		const long = date.toLocaleDateString(locale, { weekday: "long" });
		return `<th scope="col" abbr="${long}">${date.toLocaleDateString(locale, { weekday: "narrow" })}</th>`;
	});
	return `
		<table class="calendar-month">
			<caption>${title}</caption>
			<thead><tr>${weekdays.join("")}</tr></thead>
			<tbody>${weeks_of(own, (new Date(year, month, 1).getDay() + 6) % 7)}</tbody>
		</table>`;
}

function weeks_of(days, empty) {
	const cells = [...Array(empty).fill("<td></td>"), ...days.map(day_cell)];
	const weeks = [];
	for (let at = 0; at < cells.length; at += 7) weeks.push(`<tr>${cells.slice(at, at + 7).join("")}</tr>`);
	return weeks.join("");
}

function day_cell({ date, kind, hours, titles }) {
	const escape = frappe.utils.escape_html;
	const open = hours.map((span) => span.join("–")).join(", ");
	const words = [kind_label(kind), ...titles, open].filter(Boolean).join(", ");
	const mark = MARKS[kind] ? `<small aria-hidden="true">${MARKS[kind]}</small>` : "";
	return `<td class="${kind}" title="${escape(words)}">${Number(date.slice(8))}${mark}<span class="sr-only">${escape(words)}</span></td>`;
}

const YEAR_STYLE = `
	.calendar-year-head { display: flex; flex-wrap: wrap; gap: var(--margin-sm); align-items: center; }
	.calendar-year-head h4 { margin: 0; }
	.calendar-legend { display: flex; flex-wrap: wrap; gap: var(--margin-xs) var(--margin-md); list-style: none;
		padding: 0; margin: var(--margin-sm) 0; }
	.calendar-months { display: grid; align-items: start; gap: var(--margin-md); grid-template-columns: repeat(auto-fill, minmax(230px, 1fr)); }
	.calendar-month { width: 100%; table-layout: fixed; text-align: center; font-variant-numeric: tabular-nums; }
	.calendar-month caption { caption-side: top; color: var(--heading-color); font-weight: 600; padding: 0; }
	.calendar-month td, .calendar-month th { padding: 2px 0; height: 2.4em; text-align: center; vertical-align: top;
		border: 1px solid transparent; }
	.calendar-month small { display: block; line-height: 1; }
	.calendar-key { display: inline-block; min-width: 1.8em; text-align: center; border: 1px solid var(--border-color); }
	.calendar-year .closed { color: var(--text-muted); }
	.calendar-year .holiday { background: var(--bg-red); color: var(--text-on-red); font-weight: 600; }
	.calendar-year .partial { background: var(--bg-orange); color: var(--text-on-orange); font-weight: 600; }
	.calendar-year .special { background: var(--bg-green); color: var(--text-on-green); font-weight: 600; }
`;
