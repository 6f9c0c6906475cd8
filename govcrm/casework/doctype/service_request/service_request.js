// {% include "govcrm/casework/doctype/service_request/parts/answers.js" %}
// {% include "govcrm/casework/doctype/service_request/parts/coordinates.js" %}
frappe.ui.form.on("Service Request", {
	setup: leave_no_place_empty,
	refresh(frm) {
		say_sealed(frm);
		show_who(frm);
		show_answers(frm);
		show_map(frm);
		if (frm.is_new()) return;
		offer_case(frm);
		offer_contact(frm);
		frm.add_custom_button(__("History"), () =>
			frappe.set_route("case-history", frm.doctype, frm.doc.name),
		);
	},

	citizen: show_who,
	representative: show_who,
	latitude: follow_place,
	longitude: follow_place,
});

// Sealed --------------------------------------------------------------------------------------------------------

function is_sealed(frm) {
	return frm.doc.confidentiality === "Sealed";
}

/** To whoever is shown the request at all: its level stands on it, and it is open to those alone who may read the case. */
function say_sealed(frm) {
	if (!is_sealed(frm) || frm.is_new()) return;
	const words = __("What this request says is sealed with its case. Open the case and press {0}.", [
		`<b>${__("Show what is sealed")}</b>`,
	]);
	frm.set_intro(words, "orange");
}

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
	const rows = govcrm.casework.answered(version.questions, answers);
	$area.html(`<dl class="row">${rows.map(answer_row).join("")}</dl>`);
}

function answer_row({ question, label, text }) {
	const escape = frappe.utils.escape_html;
	const secret = question.sensitive ? ` <span class="indicator-pill gray">${__("Sensitive")}</span>` : "";
	return `<dt class="col-sm-5 text-muted">${escape(label)}${secret}</dt>
		<dd class="col-sm-7">${escape(text)}</dd>`;
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
	return govcrm.casework.has_place(frm.doc) ? [frm.doc.latitude, frm.doc.longitude] : null;
}

function leave_no_place_empty(frm) {
	for (const field of govcrm.casework.COORDINATES) {
		const control = frm.fields_dict[field];
		const written = control.format_for_input;
		control.format_for_input = function (value) {
			return flt(value) || point(frm) ? written.call(this, value) : "";
		};
	}
}

/** Whether a 0 is shown depends on the other of the two. */
function follow_place(frm) {
	govcrm.casework.COORDINATES.forEach((field) => frm.refresh_field(field));
	move_pin(frm);
}

/** A map for looking; who may edit the request sets its place by clicking. */
function show_map(frm) {
	const $area = frm.fields_dict.map_html.$wrapper;
	const may_edit = frm.perm[0]?.write && !frm.read_only && !is_sealed(frm);
	const shown = Boolean(point(frm) || may_edit);
	$area.closest(".form-section").toggle(shown);
	frm.toggle_display(govcrm.casework.COORDINATES, shown);
	if (!frm.place_map) make_map(frm, $area);
	move_pin(frm);
}

function make_map(frm, $area) {
	const { center, zoom, tiles, options, image_path } = frappe.utils.map_defaults;
	L.Icon.Default.imagePath = image_path;
	const $map = $(`<div style="height: 300px; z-index: 0"></div>`)
		.attr("aria-label", __("Map"))
		.appendTo($area.empty());
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
	frm.place_pin = L.marker(point(frm), { alt: __("Place of the request"), keyboard: false }).addTo(
		frm.place_map,
	);
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
		}),
	);
}
