// One screen for a call in progress. The parts are plain files, put in place by Frappe when it serves the page:
// each directive stands in a line comment so that this file stays valid JavaScript for the linters.
// {% include "govcrm/casework/page/intake_desk/parts/condition.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/client.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/picker.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/fields.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/caller.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/service.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/place.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/duplicates.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/receipt.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/desk.js" %}
// {% include "govcrm/casework/page/intake_desk/parts/errors.js" %}

frappe.pages["intake-desk"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Intake Desk"), single_column: true });
	// the way back is the workspace of intake, not that of the module the page lies in
	frappe.breadcrumbs.add("Constituents");
	wrapper.desk = new govcrm.intake.Desk(wrapper);
};

frappe.pages["intake-desk"].on_page_show = (wrapper) => wrapper.desk.show();
