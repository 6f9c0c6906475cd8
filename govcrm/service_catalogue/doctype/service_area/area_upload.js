// GeoJSON files for service areas: one for the boundary of an area, or one that makes many areas.
frappe.provide("govcrm.areas");

govcrm.areas.METHODS = "govcrm.service_catalogue.doctype.service_area.service_area";

/** Lets the user choose a file and calls back with its text. */
govcrm.areas.choose_file = function (with_text) {
	const input = document.createElement("input");
	input.type = "file";
	input.accept = ".geojson,.json,application/geo+json,application/json";
	input.onchange = async () => input.files.length && with_text(await input.files[0].text());
	input.click();
};

/** Asks for a FeatureCollection, shows what would be made of it, and makes it. */
govcrm.areas.upload_many = function (when_done) {
	const dialog = new frappe.ui.Dialog({
		title: __("Upload Areas"),
		size: "large",
		fields: upload_fields(),
		primary_action_label: __("Make Areas"),
		primary_action: () => make_areas(dialog, when_done),
	});
	dialog.fields_dict.choose.$input.on("click", () =>
		govcrm.areas.choose_file((text) => {
			dialog.file_text = text;
			preview_areas(dialog);
		}),
	);
	for (const fieldname of ["name", "code", "parent_property", "parent"]) {
		dialog.fields_dict[fieldname].df.onchange = () => preview_areas(dialog);
	}
	dialog.get_primary_btn().prop("disabled", true);
	dialog.show();
};

function upload_fields() {
	const of_file = (fieldname, label) => ({
		fieldname,
		label,
		fieldtype: "Select",
		options: [""],
	});
	return [
		{
			fieldname: "about",
			fieldtype: "HTML",
			options: `<p>${__(
				"A GeoJSON FeatureCollection in WGS 84, with a polygon or multipolygon for each area. Nothing is saved before you have seen it.",
			)}</p>`,
		},
		{ fieldname: "choose", fieldtype: "Button", label: __("Choose File") },
		{
			fieldname: "parent",
			fieldtype: "Link",
			options: "Service Area",
			label: __("All Are Part Of"),
			description: __("Those for which the file names no area above"),
		},
		{ fieldtype: "Column Break" },
		of_file("name", __("Property With the Name")),
		of_file("code", __("Property With the Code")),
		of_file("parent_property", __("Property With the Area Above")),
		{ fieldtype: "Section Break" },
		{ fieldname: "rows", fieldtype: "HTML" },
	];
}

async function preview_areas(dialog) {
	if (!dialog.file_text) return;
	const { message } = await call_areas("preview_upload", dialog);
	// Frappe writes a label as HTML, and these come from a file.
	const of_file = (name) => ({ value: name, label: frappe.utils.escape_html(name) });
	const options = [{ value: "", label: "" }, ...message.properties.map(of_file)];
	for (const fieldname of ["name", "code", "parent_property"])
		dialog.set_df_property(fieldname, "options", options);
	if (message.columns.name !== dialog.get_value("name")) {
		dialog.fields_dict.name.set_input(message.columns.name);
		dialog.fields_dict.name.value = message.columns.name;
	}
	dialog.fields_dict.rows.$wrapper.html(rows_html(message.rows));
	dialog.get_primary_btn().prop("disabled", !message.rows.some((row) => !row.problem));
}

async function make_areas(dialog, when_done) {
	const { message } = await call_areas("save_upload", dialog, true);
	dialog.hide();
	frappe.show_alert({
		message: __("{0} made, {1} changed, {2} left out", [
			message.made,
			message.replaced,
			message.left_out,
		]),
		indicator: message.left_out ? "orange" : "green",
	});
	when_done?.();
}

function call_areas(method, dialog, freeze = false) {
	const { name, code, parent_property, parent } = dialog.get_values(true) || {};
	return frappe.call({
		method: `${govcrm.areas.METHODS}.${method}`,
		args: { text: dialog.file_text, name, code, parent_property, parent },
		freeze,
		freeze_message: __("Making areas …"),
	});
}

function rows_html(rows) {
	const escape = frappe.utils.escape_html;
	const sound = rows.filter((row) => !row.problem).length;
	const lines = rows.map((row) => {
		const [icon, text] = row.problem
			? ["solid-warning", `${__("Left out")}: ${row.problem}`]
			: ["check", row.act === "Make" ? __("New area") : __("Boundary replaced")];
		return `<tr><td>${row.number}</td><th scope="row">${escape(row.name)}</th>
			<td>${frappe.utils.icon(icon, "sm")} ${escape(text)}</td><td>${escape(row.code)}</td>
			<td>${escape(row.parent)}</td><td class="text-right">${row.points}</td></tr>`;
	});
	const heads = [__("No."), __("Name"), __("What Happens"), __("Code"), __("Part Of"), __("Points")];
	return `<p role="status"><b>${__("{0} of {1} features can be taken.", [sound, rows.length])}</b></p>
		<div style="overflow: auto; max-height: 50vh" tabindex="0" role="region" aria-label="${__(
			"Areas in the file",
		)}">
			<table class="table table-sm table-bordered">
				<thead><tr>${heads.map((head) => `<th scope="col">${head}</th>`).join("")}</tr></thead>
				<tbody>${lines.join("")}</tbody>
			</table>
		</div>`;
}
