// Every deadline on its day. Dates follow from clocks: nothing is moved by dragging.
const DEADLINE_COLORS = { Overdue: "red", Late: "orange", "On Time": "green", Paused: "gray", Cancelled: "gray" };

frappe.views.calendar["Case Deadline"] = {
	field_map: { id: "name", start: "start", end: "end", title: "title", status: "status" },
	get_events_method: "govcrm.api.deadlines.due_clocks",
	get_css_class: ({ status }) => DEADLINE_COLORS[status] || "blue",
	options: {
		editable: false,
		selectable: false,
		eventDataTransform: (event) => ({ ...event, editable: false }),
	},
};
