// {% include "govcrm/reports/filters.js" %}

frappe.query_reports["Case Ageing"] = {
	filters: [
		govcrm.reports.grouping(["Department", "Program", "Area"], "Department"),
		...govcrm.reports.places(),
	],
};
