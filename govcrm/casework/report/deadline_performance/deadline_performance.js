// {% include "govcrm/reports/filters.js" %}

// Frappe runs this once for each visit: a block keeps the names to itself.
{
	const FIELD_OF_GROUP = {
		Program: "program",
		Department: "department",
		Area: "service_area",
		Milestone: "label",
	};
	const OPEN = ["in", ["Running", "Paused"]];
	const ENDED = ["in", ["Stopped", "Cancelled"]];
	const COUNTED = {
		on_time: (days) => ({ breached: 0, status: "Stopped", stopped_at: days }),
		late: (days) => ({ breached: 1, status: ENDED, breached_at: days }),
		overdue: (days) => ({ breached: 1, status: OPEN, breached_at: days }),
	};

	frappe.query_reports["Deadline Performance"] = {
		filters: [
			...govcrm.reports.period(),
			govcrm.reports.grouping(["Department", "Program", "Area", "Week", "Milestone"], "Department"),
			...govcrm.reports.places(),
			{
				fieldname: "nature",
				label: __("Nature"),
				fieldtype: "Select",
				options: [
					"",
					{ value: "Target", label: __("Target") },
					{ value: "Statutory", label: __("Statutory") },
				],
			},
		],

		formatter(value, row, column, data, format) {
			const text = govcrm.reports.mark_few(format(value, row, column, data), column, data);
			const counted = COUNTED[column.fieldname];
			if (!counted || !value || !data) return text;
			return govcrm.reports.link_count(text, "Case Deadline", filters_of(counted, data.group));
		},
	};

	function filters_of(counted, key) {
		const { from_date, to_date, group_by, ...others } = frappe.query_report.get_filter_values();
		const week = group_by === "Week";
		const days = ["between", week ? within(key, from_date, to_date) : [from_date, to_date]];
		const group = week ? {} : { [FIELD_OF_GROUP[group_by]]: key || ["is", "not set"] };
		return { ...places_of(others), ...group, ...counted(days) };
	}

	// A department or area in the filters stands for those below it too; the row's own group is one of them.
	function places_of({ department, service_area, ...others }) {
		const trees = Object.entries({ department, service_area }).filter(([, name]) => name);
		const below = trees.map(([field, name]) => [field, ["descendants of (inclusive)", name]]);
		return { ...others, ...Object.fromEntries(below) };
	}

	function within(monday, from_date, to_date) {
		const sunday = frappe.datetime.add_days(monday, 6);
		return [monday > from_date ? monday : from_date, sunday < to_date ? sunday : to_date];
	}
}
