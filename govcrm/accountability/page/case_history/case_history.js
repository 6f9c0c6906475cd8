// What happened to a case, a request or a citizen. The parts are plain files, put in place by Frappe when it serves the
// page: each directive stands in a line comment so that this file stays valid JavaScript for the linters.
// {% include "govcrm/accountability/page/case_history/parts/events.js" %}
// {% include "govcrm/accountability/page/case_history/parts/history.js" %}

frappe.pages["case-history"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("History"), single_column: true });
	frappe.breadcrumbs.add("Casework");
	wrapper.history = new govcrm.audit.History(wrapper);
};

frappe.pages["case-history"].on_page_show = (wrapper) => wrapper.history.show(frappe.get_route().slice(1));
