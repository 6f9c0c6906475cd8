// {% include "govcrm/service_catalogue/doctype/business_calendar/parts/holidays.js" %}
// {% include "govcrm/service_catalogue/doctype/business_calendar/parts/year.js" %}
// {% include "govcrm/service_catalogue/doctype/business_calendar/moving_dates.js" %}
const CONTROLLER = "govcrm.service_catalogue.doctype.business_calendar.business_calendar";

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
		const hours = part
			? { closed_from: "12:00:00", closed_to: "00:00:00" }
			: { closed_from: null, closed_to: null };
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
