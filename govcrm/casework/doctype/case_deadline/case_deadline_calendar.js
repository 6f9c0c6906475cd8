// {% include "govcrm/casework/doctype/case/parts/calendar.js" %}

frappe.views.calendar["Case Deadline"] = govcrm.casework.calendar_of("govcrm.api.deadlines.due_clocks", {
	Overdue: "red",
	Late: "orange",
	"On Time": "green",
	Paused: "gray",
	Cancelled: "gray",
});
