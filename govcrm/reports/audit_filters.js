// Filters that the reports on the audit log share. Put in place by Frappe when it serves the report's script.
frappe.provide("govcrm.reports");

/** A month: the log is long. */
govcrm.reports.recent = () => {
	const [from, to] = govcrm.reports.period();
	return [{ ...from, default: frappe.datetime.add_days(frappe.datetime.get_today(), -29) }, to];
};

/** Values of records are texts. Frappe puts cells on the page as HTML, and what a citizen wrote may hold some. */
govcrm.reports.as_text = (value, row, column, data, format) =>
	format(typeof value === "string" ? frappe.utils.escape_html(value) : value, row, column, data);

govcrm.reports.actor = () => ({
	fieldname: "actor",
	label: __("User"),
	fieldtype: "Link",
	options: "Audit Actor",
});

/** Offered while one types; what exists no more can still be asked for. */
govcrm.reports.record_type = () => ({
	fieldname: "reference_doctype",
	label: __("Record Type"),
	fieldtype: "Autocomplete",
	ignore_validation: true,
});

govcrm.reports.offer_record_types = async function (report) {
	const { message } = await frappe.call({
		method: "govcrm.api.accountability.events.choices",
		type: "GET",
	});
	report
		.get_filter("reference_doctype")
		.set_data(message.doctypes.map((value) => ({ value, label: __(value) })));
};
