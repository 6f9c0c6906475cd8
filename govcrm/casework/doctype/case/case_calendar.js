// {% include "govcrm/casework/doctype/case/parts/calendar.js" %}

frappe.views.calendar["Case"] = govcrm.casework.calendar_of("govcrm.api.deadlines.due_cases", {
	Overdue: "red",
	"At Risk": "orange",
	Paused: "gray",
});
