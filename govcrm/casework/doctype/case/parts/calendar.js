// Due dates in Frappe's calendar. They follow from clocks: nothing is made or moved by dragging.
frappe.provide("govcrm.casework");

govcrm.casework.calendar_of = (method, colors) => ({
	field_map: { id: "name", start: "start", end: "end", title: "title", status: "status" },
	get_events_method: method,
	get_css_class: ({ status }) => colors[status] || "blue",
	options: {
		eventDisplay: "block", // on 16 the colour would be that of a dot alone
		editable: false,
		selectable: false,
		eventDataTransform: (event) => ({ ...event, editable: false }),
		loading: remove_invitation,
	},
});

// Frappe invites to drag over the calendar to make a record.
function remove_invitation() {
	const is_text = (_, node) => node.nodeType === Node.TEXT_NODE;
	$(".footnote-area").contents().filter(is_text).remove();
}
