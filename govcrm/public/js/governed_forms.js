// Forms of records that the access rule closes. Said before Frappe draws their fields.
$(document).on("form-refresh", (event, frm) => {
	if (!frappe.boot.govcrm?.governed.includes(frm.doctype)) return;
	// They cannot be shared: a case is opened to a person instead, by a verb of its own.
	$(frm.wrapper).find(".form-shared").addClass("hidden");
	// Frappe takes what the server says of the record for fields of the first level alone.
	if (!frm.is_new() && !frm.perm[0]?.write) frm.set_read_only();
});
