// "Why this date?": each step by which a date came about, in words, and the figures for those who count again.
frappe.provide("govcrm.casework");

govcrm.casework.explain_deadline = function (frm, clock, button) {
	// by name, not with the form's copy: that may be older than the last change of a clock
	const args = { dt: "Case", dn: frm.doc.name, method: "why_these_dates" };
	frappe.xcall("run_doc_method", args).then((told) => {
		const explanation = (told || []).find(({ name }) => name === clock.name);
		if (explanation) show_explanation(explanation, button);
		else frm.reload_doc();
	});
};

function show_explanation({ label, steps, numbers }, button) {
	const dialog = new frappe.ui.Dialog({ title: __("Why This Date? {0}", [label]), size: "large" });
	$(dialog.body).append(`${steps_of(steps)}${zone_note()}${figures_of(numbers)}`);
	dialog.$wrapper.on("shown.bs.modal", () => dialog.$wrapper.find(".case-deadline-steps").trigger("focus"));
	dialog.$wrapper.on("hidden.bs.modal", () => {
		dialog.$wrapper.remove();
		button.focus();
	});
	dialog.show();
}

function steps_of(steps) {
	const items = steps.map(
		({ code, text }) => `<li data-step="${code}">${frappe.utils.escape_html(text)}</li>`,
	);
	return `<ol class="case-deadline-steps" tabindex="0" aria-label="${__("Steps")}">${items.join("")}</ol>`;
}

function zone_note() {
	const { system, user } = frappe.boot.time_zone || {};
	if (!system || system === user) return "";
	return `<p class="case-deadline-note">${__("Times here are those of the agency: {0}.", [system])}</p>`;
}

function figures_of(numbers) {
	const figures = [
		[__("Time allowed"), duration(numbers.allowed_seconds)],
		[__("Used"), duration(numbers.elapsed_seconds)],
		[__("Left"), duration(numbers.remaining_seconds)],
		[__("Stood still, by the clock on the wall"), duration(numbers.paused_seconds)],
		[__("Due, UTC"), numbers.due],
	];
	const rows = figures.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${value}</td></tr>`);
	return `<details><summary>${__("Figures")}</summary><table class="table table-sm">${rows.join(
		"",
	)}</table></details>`;
}

// "12:30:00": hours do not become days, for a working day has fewer than 24.
function duration(seconds) {
	const parts = [
		Math.floor(Math.abs(seconds) / 3600),
		Math.floor(Math.abs(seconds) / 60) % 60,
		Math.abs(seconds) % 60,
	];
	return (seconds < 0 ? "-" : "") + parts.map((part) => String(part).padStart(2, "0")).join(":");
}
