// Open cases on the day of their next deadline. Dates follow from clocks: nothing is moved by dragging.
frappe.provide("govcrm.casework");

govcrm.casework.calendar_of = (method, colors) => ({
	field_map: { id: "name", start: "start", end: "end", title: "title", status: "status" },
	get_events_method: method,
	get_css_class: ({ status }) => colors[status] || "blue",
	options: {
		editable: false,
		selectable: false,
		eventDataTransform: (event) => ({ ...event, editable: false }),
	},
});

frappe.views.calendar["Case"] = govcrm.casework.calendar_of("govcrm.api.deadlines.due_cases", {
	Overdue: "red",
	"At Risk": "orange",
	Paused: "gray",
});
