// The year of a calendar, month by month, of the rows as they stand in the form.

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
	const { message } = await frappe.call({
		method: `${CONTROLLER}.year_view`,
		args: { calendar: frm.doc, year },
	});
	// Another record or year may have been asked for while this was on its way.
	if (!message || frm.doc.name !== name || frm.shown_year !== year) return;
	wrapper.html(year_page(message));
	wrapper
		.find("[data-year]")
		.on("click", (event) => show_year(frm, Number(event.currentTarget.dataset.year)));
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
		([kind, mark]) =>
			`<li><span class="calendar-key ${kind}" aria-hidden="true">${mark || "1"}</span> ${kind_label(
				kind,
			)}</li>`,
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
		return `<th scope="col" abbr="${long}">${date.toLocaleDateString(locale, {
			weekday: "narrow",
		})}</th>`;
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
	return `<td class="${kind}" title="${escape(words)}">${Number(
		date.slice(8),
	)}${mark}<span class="sr-only">${escape(words)}</span></td>`;
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
