const EVERY_DAY = 24 * 60;
const ASKED_EVERY = 1500; // milliseconds
const ASKED_AT_MOST = 40;

frappe.ui.form.on("Audit Anchor", {
	refresh(frm) {
		show_course(frm);
		if (!frm.is_new() && frm.perm[0]?.write) {
			frm.add_custom_button(__("Test This Anchor"), () => test(frm));
		}
		if (!frm.is_new()) {
			frm.add_custom_button(__("Receipts"), () =>
				frappe.set_route("List", "Audit Anchor Receipt", { anchor: frm.doc.name }),
			);
		}
	},

	kind(frm) {
		// A mail every five minutes is read by nobody.
		if (frm.doc.kind === "E-mail" && frm.doc.every_minutes < EVERY_DAY) {
			frm.set_value("every_minutes", EVERY_DAY);
		}
	},
});

function show_course(frm) {
	if (frm.is_new()) return;
	if (frm.doc.failures) {
		frm.set_intro(__("Failing: {0}", [frappe.utils.escape_html(frm.doc.last_error || "")]), "red");
	} else if (!frm.doc.enabled) {
		frm.set_intro(__("Switched off: no checkpoint is taken there."), "orange");
	}
}

async function test(frm) {
	if (frm.is_dirty()) {
		frappe.msgprint(__("Please save first."));
		return;
	}
	const before = frm.doc.last_tried_at;
	await frm.call("test");
	frappe.show_alert({ message: __("The newest checkpoint is on its way."), indicator: "blue" });
	const course = await wait_for_attempt(frm.doc.name, before);
	frm.reload_doc();
	tell(course);
}

async function wait_for_attempt(name, before) {
	const fields = ["last_tried_at", "next_at", "last_at", "last_error", "failures"];
	for (let asked = 0; asked < ASKED_AT_MOST; asked++) {
		await new Promise((done) => setTimeout(done, ASKED_EVERY));
		const { message } = await frappe.db.get_value("Audit Anchor", name, fields);
		const tried = message.last_tried_at && message.last_tried_at !== before;
		if (tried && (message.last_at >= message.last_tried_at || message.last_error)) return message;
	}
	return null;
}

function tell(course) {
	if (!course) {
		frappe.msgprint({
			message: __("There is no answer yet. Look whether the background workers run."),
			indicator: "orange",
		});
	} else if (course.last_error) {
		frappe.msgprint({
			title: __("It did not get there"),
			message: frappe.utils.escape_html(course.last_error),
			indicator: "red",
		});
	} else {
		frappe.show_alert({ message: __("It got there. See the receipt."), indicator: "green" });
	}
}
