frappe.query_reports["Service Statistics"] = {
	filters: [
		{
			fieldname: "by",
			label: __("By"),
			fieldtype: "Select",
			options: ["Month", "Department", "Kind", "Program"].map((value) => ({ value, label: __(value) })),
			default: "Month",
			reqd: 1,
		},
		{
			fieldname: "month",
			label: __("Month"),
			fieldtype: "Select",
			depends_on: "eval:doc.by !== 'Month'",
		},
		{
			fieldname: "department",
			label: __("Department"),
			fieldtype: "Select",
			depends_on: "eval:doc.by !== 'Department'",
		},
	],

	async onload(report) {
		const { months, departments } = await frappe.xcall("govcrm.api.statistics.choices");
		const month = (day) => ({ value: day, label: moment(day).format("MMMM YYYY") });
		const offer = (fieldname, options) => {
			const filter = report.get_filter(fieldname);
			const chosen = filter.get_value();
			filter.df.options = [{ value: "", label: "" }, ...options];
			filter.refresh();
			if (chosen) {
				filter.set_input(chosen);
			}
		};
		offer("month", months.map(month));
		offer(
			"department",
			departments.map((value) => ({ value, label: value })),
		);
	},

	// Numbers stand under one another; what is withheld is a word, never an empty cell.
	formatter(value, row, column, data, default_formatter) {
		const text = default_formatter(value, row, column, data);
		return column.fieldname === "group" ? text : `<div style="text-align: right">${text}</div>`;
	},
};
