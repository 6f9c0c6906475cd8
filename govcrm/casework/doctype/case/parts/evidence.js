// The files of a sealed case, below its words. They are no attachments: each is fetched by itself, and each look is recorded.
govcrm.casework.listen_for_files = function (frm, panel) {
	const at = (event) => panel.data("files")[event.currentTarget.dataset.at];
	panel.on("click", "[data-act=add-file]", () => add_file(frm, panel));
	panel.on("click", "[data-act=take-file]", (event) => take_file(at(event)));
	panel.on("click", "[data-act=remove-file]", (event) => remove_file(frm, panel, at(event)));
};

govcrm.casework.show_files = function (frm, panel) {
	return ask_for_files("sealed_files", { case: frm.doc.name }).then(({ message }) => {
		panel.data("files", message.files).find(".case-sealed-files").html(files_shown(message));
	});
};

function ask_for_files(method, args) {
	return frappe.call({ method: `govcrm.api.casework.${method}`, args, type: "POST" });
}

function files_shown({ files, may_write }) {
	const add = `<button type="button" class="btn btn-default btn-sm" data-act="add-file">${__(
		"Add Evidence",
	)}</button>`;
	const none = `<p>${__("No file was put up.")}</p>`;
	const list = `<ul>${files.map((file, at) => file_shown(file, at, may_write)).join("")}</ul>`;
	return `<h5>${__("Evidence")}</h5>${files.length ? list : none}${may_write ? add : ""}`;
}

function file_shown(file, at, may_write) {
	const name = file.file_name || __("File {0}", [file.number]);
	const take =
		file.state === "open" && !file.link
			? file_button("take-file", at, __("Download"), __("Download {0}", [name]))
			: "";
	const remove = may_write ? file_button("remove-file", at, __("Remove"), __("Remove {0}", [name])) : "";
	const said = `<div class="case-sealed-value"><strong>${escape(name)}</strong>${file_facts(file)}</div>`;
	return `<li>${said}<span class="case-sealed-acts">${take}${remove}</span></li>`;
}

function file_button(act, at, text, title) {
	return `<button type="button" class="btn btn-xs btn-default" data-act="${act}" data-at="${at}" aria-label="${escape(
		title,
	)}">${text}</button>`;
}

function file_facts(file) {
	if (file.state !== "open") return `<small role="alert">${escape(file.message)}</small>`;
	const size = file.link || file_size(file.size);
	const where = file.on === "Case" ? null : __(file.on);
	const facts = [size, frappe.datetime.str_to_user(file.at.slice(0, 19)), file.by, where].filter(Boolean);
	const note = file.note ? `<small>${escape(file.note)}</small>` : "";
	return `<small>${facts.map((fact) => escape(String(fact))).join(" · ")}</small>${note}`;
}

function file_size(bytes) {
	if (bytes < 1048576) return __("{0} KB", [Math.max(1, Math.round(bytes / 1024))]);
	return __("{0} MB", [(bytes / 1048576).toFixed(1)]);
}

function add_file(frm, panel) {
	const fields = [
		{ fieldname: "file", fieldtype: "HTML", options: file_chooser() },
		{
			fieldname: "note",
			fieldtype: "Small Text",
			label: __("Note"),
			description: __("Sealed with the file."),
		},
	];
	const dialog = new frappe.ui.Dialog({
		title: __("Add Evidence"),
		fields,
		primary_action_label: __("Add"),
	});
	dialog.set_primary_action(__("Add"), ({ note }) => {
		const file = dialog.$wrapper.find("input[type=file]")[0].files[0];
		if (!file) return frappe.msgprint({ message: __("Choose a file."), indicator: "red" });
		dialog.disable_primary_action();
		return put_up(frm.doc.name, file, note)
			.then(() => dialog.hide())
			.then(() => govcrm.casework.show_files(frm, panel))
			.then(() => panel.find("[data-act=add-file]").trigger("focus"))
			.catch(say_why)
			.finally(() => dialog.enable_primary_action());
	});
	dialog.show();
}

function file_chooser() {
	const id = frappe.utils.get_random(8);
	const label = `<label class="control-label reqd" for="${id}">${__("File")}</label>`;
	return `<div class="form-group case-sealed-chooser">${label}<input type="file" id="${id}" required></div>`;
}

function put_up(name, file, note) {
	const form = new FormData();
	form.append("file", file, file.name);
	form.append("case", name);
	form.append("note", note || "");
	return post_for_files("add_sealed_file", form);
}

function take_file({ name, file_name }) {
	const form = new FormData();
	form.append("name", name);
	return post_for_files("sealed_file", form)
		.then((answer) => answer.blob())
		.then((content) => save_file(content, file_name))
		.catch(say_why);
}

// A form of its own would leave the page when it is refused.
function post_for_files(method, body) {
	const headers = { "X-Frappe-CSRF-Token": frappe.csrf_token, Accept: "application/json" };
	return fetch(`/api/method/govcrm.api.casework.${method}`, { method: "POST", body, headers }).then(
		(answer) => {
			if (answer.ok) return answer;
			return answer.text().then((text) => Promise.reject(new Error(refusal(text))));
		},
	);
}

function refusal(text) {
	try {
		return JSON.parse(JSON.parse(JSON.parse(text)._server_messages)[0]).message;
	} catch {
		return __("The server did not take this. It may be larger than the server takes at once.");
	}
}

function say_why(error) {
	frappe.msgprint({ title: __("File Not Taken"), message: error.message, indicator: "red" });
}

function save_file(content, file_name) {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(content);
	link.download = file_name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function remove_file(frm, panel, { name, number, file_name }) {
	const title = __("Remove {0}", [file_name || __("File {0}", [number])]);
	const field = {
		...govcrm.casework.reason_field(),
		description: __("The file is gone for good. The reason stays in the history."),
	};
	govcrm.casework.ask(title, [field], ({ reason }) =>
		ask_for_files("remove_sealed_file", { name, reason }).then(() =>
			govcrm.casework.show_files(frm, panel),
		),
	);
}
