// Which dates would move is shown before a changed calendar is saved.
frappe.ui.form.on("Business Calendar", {
	async validate(frm) {
		if (frm.is_new()) return;
		const outcome = await frappe.xcall("govcrm.api.deadlines.dates_that_move", { calendar: frm.doc });
		if (outcome.moved) frappe.validated = await agree_to_moving(outcome);
	},
});

function agree_to_moving(outcome) {
	return new Promise((resolve) => {
		let agreed = false;
		const answer = (yes) => {
			agreed = yes;
			dialog.hide();
		};
		const dialog = new frappe.ui.Dialog({
			title: __("Dates Will Move"),
			primary_action_label: __("Save and Move Dates"),
			primary_action: () => answer(true),
			secondary_action_label: __("Do Not Save"),
			secondary_action: () => answer(false),
		});
		$(moving_words(outcome) + moving_table(outcome.examples)).appendTo(dialog.body);
		dialog.$wrapper.on("hidden.bs.modal", () => resolve(agreed));
		dialog.show();
	});
}

function moving_words({ total, clocks, moved, earlier, missed }) {
	const lines = [__("{0} of {1} running deadlines get another date.", [moved, clocks])];
	if (clocks < total) lines.push(__("Only the first {0} of {1} were looked at.", [clocks, total]));
	if (earlier) lines.push(__("{0} are due earlier than before.", [earlier]));
	if (missed) {
		const icon = frappe.utils.icon("solid-warning", "sm");
		lines.push(`${icon} ${__("{0} will have been missed then.", [missed])}`);
	}
	lines.push(__("Both dates are recorded on each case. Dates that were missed before stay as they are."));
	return lines.map((line) => `<p>${line}</p>`).join("");
}

function moving_table(examples) {
	const head = [__("Case"), __("Deadline"), __("Now"), __("Then")].map(
		(text) => `<th scope="col">${text}</th>`,
	);
	const rows = examples.map(({ case: name, label, before, after }) => {
		const cells = [
			name,
			__(label),
			frappe.datetime.str_to_user(before),
			frappe.datetime.str_to_user(after),
		];
		return `<tr>${cells.map((text) => `<td>${frappe.utils.escape_html(text)}</td>`).join("")}</tr>`;
	});
	return `
		<div class="table-responsive">
			<table class="table table-sm"><thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>
		</div>`;
}
