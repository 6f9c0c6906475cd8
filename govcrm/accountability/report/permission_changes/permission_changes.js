// {% include "govcrm/reports/filters.js" %}
// {% include "govcrm/reports/audit_filters.js" %}

frappe.query_reports["Permission Changes"] = {
	filters: [...govcrm.reports.recent(), govcrm.reports.actor(), govcrm.reports.record_type()],
	onload: govcrm.reports.offer_record_types,
	formatter: govcrm.reports.as_text,
};
