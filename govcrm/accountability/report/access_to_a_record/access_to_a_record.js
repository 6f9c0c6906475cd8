// {% include "govcrm/reports/filters.js" %}
// {% include "govcrm/reports/audit_filters.js" %}

frappe.query_reports["Access To A Record"] = {
	filters: [
		...govcrm.reports.recent(),
		{ ...govcrm.reports.record_type(), reqd: 1, default: "Case" },
		{ fieldname: "reference_name", label: __("Record"), fieldtype: "Data", reqd: 1 },
		{ fieldname: "changes", label: __("Also changes"), fieldtype: "Check" },
	],
	onload: govcrm.reports.offer_record_types,
	formatter: govcrm.reports.as_text,
};
