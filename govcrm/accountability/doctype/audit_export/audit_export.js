const ASKED = ["from_date", "to_date", "include_payloads", "include_rows"];

frappe.ui.form.on("Audit Export", {
	setup(frm) {
		frappe.realtime.on("progress", (data) => {
			if (data.docname === frm.doc.name && data.percent >= 100) frm.reload_doc();
		});
	},

	onload(frm) {
		if (frm.is_new() && !frm.doc.to_date) {
			frm.set_value("from_date", frappe.datetime.month_start());
			frm.set_value("to_date", frappe.datetime.get_today());
		}
	},

	refresh(frm) {
		show_course(frm);
		// One form serves all exports that are looked at: what was asked for is fixed, what is new is not.
		frm.toggle_enable(ASKED, frm.is_new());
		if (frm.is_new()) {
			frm.enable_save();
			return;
		}
		frm.disable_save();
		if (frm.doc.status === "Done") {
			frm.add_custom_button(__("Download"), () => download(frm)).addClass("btn-primary");
		} else if (frm.doc.status !== "Failed") {
			frm.add_custom_button(__("Refresh"), () => frm.reload_doc());
		}
	},
});

function show_course(frm) {
	const course = {
		Queued: [__("This export waits for its turn in the background."), "blue"],
		Running: [__("This export is being written."), "blue"],
		Failed: [__("This export failed: {0}", [frappe.utils.escape_html(frm.doc.message || "")]), "red"],
		Done: [
			__("Verify it on another machine, with the public key you were given: {0}", [
				`<code>govcrm-verify ${frappe.utils.escape_html(file_name(frm))} --key …</code>`,
			]),
			"green",
		],
	}[frm.doc.status];
	frm.set_intro("");
	if (!frm.is_new() && course) frm.set_intro(...course);
}

function file_name(frm) {
	return (frm.doc.file_path || "").split("/").pop();
}

function download(frm) {
	open_url_post("/api/method/govcrm.api.accountability.exports.download", { name: frm.doc.name });
}
