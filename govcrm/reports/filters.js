// Filters and cells that the reports of the app share. Put in place by Frappe when it serves the report's script.
frappe.provide("govcrm.reports");

govcrm.reports.period = () => [
	{
		fieldname: "from_date",
		label: __("From"),
		fieldtype: "Date",
		default: frappe.datetime.add_days(frappe.datetime.get_today(), -89),
		reqd: 1,
	},
	{
		fieldname: "to_date",
		label: __("To"),
		fieldtype: "Date",
		default: frappe.datetime.get_today(),
		reqd: 1,
	},
];

govcrm.reports.grouping = (groups, chosen) => ({
	fieldname: "group_by",
	label: __("Group By"),
	fieldtype: "Select",
	options: groups.map((group) => ({ value: group, label: __(group) })),
	default: chosen,
	reqd: 1,
});

govcrm.reports.places = () => [
	{ fieldname: "program", label: __("Program"), fieldtype: "Link", options: "Agency Program" },
	{ fieldname: "department", label: __("Department"), fieldtype: "Link", options: "Agency Department" },
	{ fieldname: "service_area", label: __("Area"), fieldtype: "Link", options: "Service Area" },
];

// Figures of few cases carry a mark that the words under the table explain.
govcrm.reports.mark_few = function (text, column, row) {
	const name = column.fieldname.replace(/_(median|p90)$/, "");
	const few = name !== column.fieldname && row && row[`${name}_few`];
	return few ? `${text} <abbr title="${__("Few cases")}">*</abbr>` : text;
};

// A count leads to the list of what was counted.
govcrm.reports.link_count = function (text, doctype, filters) {
	const query = new URLSearchParams();
	for (const [field, value] of Object.entries(filters)) {
		query.append(field, Array.isArray(value) ? JSON.stringify(value) : value);
	}
	const list = frappe.router.make_url([frappe.router.slug(doctype)]);
	return `<a style="text-decoration: underline" href="${list}?${query}">${text}</a>`;
};
