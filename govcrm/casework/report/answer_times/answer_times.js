// {% include "govcrm/reports/filters.js" %}

frappe.query_reports["Answer Times"] = {
	filters: [
		...govcrm.reports.period(),
		govcrm.reports.grouping(["Week", "Department", "Program", "Area"], "Week"),
		...govcrm.reports.places(),
	],

	formatter(value, row, column, data, format) {
		return govcrm.reports.mark_few(format(value, row, column, data), column, data);
	},
};
