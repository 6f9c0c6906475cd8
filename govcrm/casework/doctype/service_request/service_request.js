frappe.ui.form.on("Service Request", {
	refresh(frm) {
		show_who(frm);
		show_answers(frm);
		show_map(frm);
		if (frm.is_new()) return;
		offer_case(frm);
		offer_contact(frm);
		frm.add_custom_button(__("History"), () => frappe.set_route("case-history", frm.doctype, frm.doc.name));
	},

	citizen: show_who,
	representative: show_who,
	latitude: move_pin,
	longitude: move_pin,
});

// Who -----------------------------------------------------------------------------------------------------------

/** Names are no titles of citizens, so that no list or link carries them: asked for here, by whoever may read them. */
async function show_who(frm) {
	for (const field of ["citizen", "representative"]) {
		const name = frm.doc[field];
		frm.fields_dict[field].set_description("");
		if (!name || !frappe.model.can_read("Citizen")) continue;
		const { full_name } = (await frappe.db.get_value("Citizen", name, "full_name")).message;
		if (frm.doc[field] === name) {
			frm.fields_dict[field].set_description(frappe.utils.escape_html(full_name || ""));
		}
	}
}

// What ----------------------------------------------------------------------------------------------------------

/** The answers in the words of the version under which the request was filed. */
async function show_answers(frm) {
	const $area = frm.fields_dict.answers_html.$wrapper.empty();
	const answers = { ...parsed(frm.doc.answers), ...parsed(frm.doc.sensitive_answers) };
	if (!frm.doc.program_version || !Object.keys(answers).length) return;
	const version = await frappe.db.get_doc("Program Version", frm.doc.program_version);
	const rows = version.questions.filter(({ code }) => code in answers);
	$area.html(
		`<dl class="row">${rows.map((question) => answer_row(question, answers[question.code])).join("")}</dl>`
	);
}

function answer_row(question, answer) {
	const escape = frappe.utils.escape_html;
	const secret = question.sensitive ? ` <span class="indicator-pill gray">${__("Sensitive")}</span>` : "";
	return `<dt class="col-sm-5 text-muted">${escape(__(question.label))}${secret}</dt>
		<dd class="col-sm-7">${escape(readable(question, answer))}</dd>`;
}

function readable(question, answer) {
	if (Array.isArray(answer)) return answer.map((one) => readable(question, one)).join(", ");
	if (typeof answer === "boolean") return answer ? __("Yes") : __("No");
	if (question.datatype === "date") return frappe.datetime.str_to_user(answer);
	if (question.datatype === "datetime") return frappe.datetime.str_to_user(answer.replace("T", " "));
	return __(option_label(question, String(answer)));
}

function option_label(question, key) {
	const lines = (question.options || "").split("\n").map((line) => line.trim());
	const line = lines.find((one) => one.split("=")[0].trim() === key) || "";
	return line.split("=").slice(1).join("=").trim() || key;
}

function parsed(text) {
	try {
		return (typeof text === "string" ? JSON.parse(text) : text) || {};
	} catch {
		return {};
	}
}

// Where ---------------------------------------------------------------------------------------------------------

function point(frm) {
	const { latitude, longitude } = frm.doc;
	return latitude || longitude ? [latitude, longitude] : null;
}

/** A map for looking; who may edit the request sets its place by clicking. */
function show_map(frm) {
	const $area = frm.fields_dict.map_html.$wrapper;
	const may_edit = frm.perm[0]?.write && !frm.read_only;
	$area.closest(".form-section").toggle(Boolean(point(frm) || may_edit));
	if (!frm.place_map) make_map(frm, $area);
	move_pin(frm);
}

function make_map(frm, $area) {
	const { center, zoom, tiles, options, image_path } = frappe.utils.map_defaults;
	L.Icon.Default.imagePath = image_path;
	const $map = $(`<div style="height: 300px; z-index: 0"></div>`).attr("aria-label", __("Map")).appendTo($area.empty());
	frm.place_map = L.map($map[0], { scrollWheelZoom: false }).setView(center, zoom);
	L.tileLayer(tiles, options).addTo(frm.place_map);
	frm.place_map.on("click", ({ latlng }) => {
		if (!frm.perm[0]?.write) return;
		frm.set_value({ latitude: flt(latlng.lat, 6), longitude: flt(latlng.wrap().lng, 6) });
	});
	// Leaflet measures its box when made, which may be before it is shown
	new ResizeObserver(() => frm.place_map.invalidateSize()).observe($map[0]);
}

function move_pin(frm) {
	if (!frm.place_map) return;
	frm.place_pin?.remove();
	frm.place_pin = null;
	if (!point(frm)) return;
	frm.place_pin = L.marker(point(frm), { alt: __("Place of the request"), keyboard: false }).addTo(frm.place_map);
	frm.place_map.setView(point(frm), 16);
}

// Further -------------------------------------------------------------------------------------------------------

function offer_case(frm) {
	if (!frm.doc.case || !frappe.model.can_read("Case")) return;
	frm.add_custom_button(__("Open Case"), () => frappe.set_route("Form", "Case", frm.doc.case));
}

function offer_contact(frm) {
	if (!frappe.model.can_create("Interaction")) return;
	frm.add_custom_button(__("Write Down a Contact"), () =>
		frappe.new_doc("Interaction", {
			service_request: frm.doc.name,
			case: frm.doc.case,
			citizen: frm.doc.representative || frm.doc.citizen,
		})
	);
}
