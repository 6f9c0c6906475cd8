// {% include "govcrm/reports/filters.js" %}
// {% include "govcrm/reports/audit_filters.js" %}

frappe.query_reports["Out-Of-Band Changes"] = {
	filters: [
		...govcrm.reports.recent(),
		{ fieldname: "status", label: __("Status"), fieldtype: "Select", options: "\nOpen\nExplained\nGone" },
		{
			fieldname: "kind",
			label: __("Kind"),
			fieldtype: "Select",
			options: "\nChanged\nInserted\nDeleted\nColumn Missing\nLog Damaged",
		},
		govcrm.reports.record_type(),
	],
	onload: govcrm.reports.offer_record_types,
	formatter: govcrm.reports.as_text,
};
