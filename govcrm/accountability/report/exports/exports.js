// {% include "govcrm/reports/filters.js" %}
// {% include "govcrm/reports/audit_filters.js" %}

frappe.query_reports["Exports"] = {
	filters: [
		...govcrm.reports.recent(),
		govcrm.reports.actor(),
		{
			fieldname: "verb",
			label: __("Act"),
			fieldtype: "Select",
			options: [
				"",
				{ value: "export", label: __("exported") },
				{ value: "print", label: __("printed") },
				{ value: "download", label: __("downloaded") },
				{ value: "run report", label: __("ran a report on") },
				{ value: "email", label: __("e-mailed from") },
			],
		},
	],
	formatter: govcrm.reports.as_text,
};
