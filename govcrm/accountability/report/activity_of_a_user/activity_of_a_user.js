// {% include "govcrm/reports/filters.js" %}
// {% include "govcrm/reports/audit_filters.js" %}

frappe.query_reports["Activity Of A User"] = {
	filters: [...govcrm.reports.recent(), { ...govcrm.reports.actor(), reqd: 1 }],
	formatter: govcrm.reports.as_text,
};
