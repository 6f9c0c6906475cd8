frappe.listview_settings["Case Statistic"] = {
	filters: [["latest", "=", 1]],

	onload(list) {
		if (!frappe.user.has_role("Agency Administrator")) {
			return;
		}
		list.page.add_inner_button(__("Publish Ended Months"), () =>
			govcrm_begin("govcrm.api.statistics.publish"),
		);
		list.page.add_inner_button(__("Publish a Month Again"), () =>
			frappe.prompt(
				[
					{ fieldname: "month", fieldtype: "Date", label: __("Any Day of the Month"), reqd: 1 },
					{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 },
				],
				(values) => govcrm_begin("govcrm.api.statistics.publish_again", values),
				__("Publish a Month Again"),
				__("Publish"),
			),
		);
	},
};

async function govcrm_begin(method, values) {
	await frappe.xcall(method, values || {});
	frappe.show_alert({
		message: __(
			"The numbers are counted in the background. The last edition stays until they are complete.",
		),
		indicator: "blue",
	});
}
