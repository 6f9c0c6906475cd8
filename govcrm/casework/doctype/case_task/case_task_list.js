frappe.provide("govcrm.casework");

govcrm.casework.task_colors = {
	Assigned: "blue",
	"In Progress": "purple",
	"On Hold": "orange",
	Completed: "green",
	Cancelled: "gray",
};

frappe.listview_settings["Case Task"] = {
	add_fields: ["status", "due", "required"],

	get_indicator(doc) {
		const overdue = doc.due && doc.due < frappe.datetime.get_today();
		if (overdue && ["Assigned", "In Progress"].includes(doc.status)) {
			return [__("Overdue"), "red", `due,<,Today|status,=,${doc.status}`];
		}
		return [__(doc.status), govcrm.casework.task_colors[doc.status], `status,=,${doc.status}`];
	},
};
