frappe.ui.form.on("Request Import", {
	onload(frm) {
		frappe.realtime.on("request_import", (progress) => {
			if (progress.name === frm.doc.name) on_progress(frm, progress);
		});
	},

	refresh(frm) {
		frm.trigger("show_buttons");
		frm.trigger("show_outcome");
		frm.trigger("show_preview");
		frm.trigger("follow");
	},

	on_hide(frm) {
		clearTimeout(frm.import_timer);
	},

	show_buttons(frm) {
		if (frm.is_new() || frm.is_dirty() || frm.perm[0].write !== 1) return;
		if (is_free(frm)) {
			frm.add_custom_button(__("Check File"), () => start(frm, true));
			frm.page.set_primary_action(__("Import"), () => confirm_import(frm));
		} else if (frm.doc.status === "Failed" || is_under_way(frm)) {
			// A job that was killed leaves its status behind; one that runs refuses a second.
			frm.add_custom_button(__("Go On"), () => start(frm, Boolean(frm.doc.dry_run)));
		}
	},

	show_outcome(frm) {
		frm.dashboard.clear_headline();
		if (frm.doc.message) {
			const colour = { Completed: "green", Failed: "red" }[frm.doc.status] || "orange";
			frm.dashboard.set_headline_alert(frappe.utils.escape_html(frm.doc.message), colour);
		}
	},

	show_preview(frm) {
		frm.fields_dict.preview.$wrapper.empty();
		if (frm.is_new() || !frm.doc.file || !is_free(frm)) return;
		frm.call("preview").then(({ message }) => {
			if (message) frm.fields_dict.preview.$wrapper.html(preview_html(message));
		});
	},

	// Where no socket reaches the browser the form asks itself how far the job is.
	follow(frm) {
		clearTimeout(frm.import_timer);
		if (is_under_way(frm)) frm.import_timer = setTimeout(() => frm.reload_doc(), 4000);
	},
});

const is_under_way = (frm) => ["Queued", "Running"].includes(frm.doc.status);
const is_free = (frm) => frm.doc.status === "Draft" || (frm.doc.dry_run && !is_under_way(frm));

function start(frm, dry_run) {
	return frm.call("start", { dry_run }).then(() => frm.reload_doc());
}

function confirm_import(frm) {
	frappe.confirm(
		__("Import the requests of {0}? What is imported cannot be taken back as a whole.", [
			frappe.utils.escape_html(frm.doc.file_name).bold(),
		]),
		() => start(frm, false),
	);
}

function on_progress(frm, progress) {
	const done = progress.rows_total ? (100 * progress.rows_read) / progress.rows_total : 0;
	if (!progress.rows_total || progress.rows_read >= progress.rows_total) {
		frm.dashboard.hide_progress();
		frm.reload_doc();
		return;
	}
	frm.dashboard.show_progress(
		__("Import"),
		done,
		__("{0} of {1} rows", [progress.rows_read, progress.rows_total]),
	);
	frm.events.follow(frm);
}

function preview_html({ missing, targets, rows, encoding, delimiter }) {
	if (missing.length) {
		return alert_html(__("The file lacks these columns: {0}", [missing.join(", ")]));
	}
	const reasons = rows.some((row) => row.faults.length) ? [__("Not Importable")] : [];
	const head = [__("Line"), ...reasons, ...targets.map(([, label]) => label)].map(cell("th")).join("");
	const body = rows.map((row) => row_html(row, targets, reasons.length)).join("");
	const names = { ",": __("comma"), ";": __("semicolon"), "\t": __("tab"), "|": __("vertical bar") };
	const how = __("Encoding: {0}. Columns are parted by: {1}.", [encoding, names[delimiter]]);
	return `<p class="text-muted small">${frappe.utils.escape_html(how)}</p>
		<div class="table-responsive"><table class="table table-bordered table-sm small">
		<thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function row_html({ line, values, faults }, targets, with_reasons) {
	const reasons = with_reasons ? [faults.join("; ")] : [];
	const cells = [line, ...reasons, ...targets.map(([target]) => values[target] ?? "")];
	return `<tr class="${faults.length ? "text-danger" : ""}">${cells.map(cell("td")).join("")}</tr>`;
}

const cell = (tag) => (value) => `<${tag}>${frappe.utils.escape_html(String(value))}</${tag}>`;
const alert_html = (text) => `<div class="alert alert-danger">${frappe.utils.escape_html(text)}</div>`;
