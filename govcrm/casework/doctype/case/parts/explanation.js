// "Why this date?": each step by which a date came about, in words.
frappe.provide("govcrm.casework");

govcrm.casework.explain_deadline = function (frm, clock, button) {
	const args = { dt: "Case", dn: frm.doc.name, method: "why_these_dates" };
	// by name, not with the form's copy: that may be older than the last sweep
	frappe.xcall("run_doc_method", args).then((told) => {
		const explanation = (told || []).find(({ milestone }) => milestone === clock.milestone);
		show_explanation(clock, explanation || { steps: [] }, button);
	});
};

function show_explanation(clock, { steps }, button) {
	const dialog = new frappe.ui.Dialog({ title: __("Why This Date? {0}", [clock.label]) });
	const items = steps.map((step) => `<li>${frappe.utils.escape_html(step.text || step)}</li>`).join("");
	$(`<ol class="case-deadline-steps" tabindex="0">${items}</ol>`).appendTo(dialog.body);
	dialog.$wrapper.on("shown.bs.modal", () => dialog.$wrapper.find(".case-deadline-steps").trigger("focus"));
	dialog.$wrapper.on("hidden.bs.modal", () => {
		dialog.$wrapper.remove();
		button.focus();
	});
	dialog.show();
}
