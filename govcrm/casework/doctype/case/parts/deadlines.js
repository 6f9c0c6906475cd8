// The clocks of a case on its form: what is due when, how it stands, and why the date is what it is.
frappe.provide("govcrm.casework");

// Never colour alone: each has its icon, and the word comes from the server.
const PAUSE = `<svg class="icon icon-sm" viewBox="0 0 16 16" aria-hidden="true">
	<path stroke-width="2" d="M5 3v10M11 3v10"/></svg>`;
const drawn = (name) => frappe.utils.icon(name, "sm");
const STANDINGS = {
	Overdue: { color: "red", icon: () => drawn("solid-error") },
	"At Risk": { color: "orange", icon: () => drawn("es-line-alert-triangle") },
	"On Track": { color: "blue", icon: () => drawn("es-line-time") },
	Paused: { color: "gray", icon: () => PAUSE },
	Met: { color: "green", icon: () => drawn("es-line-check") },
	"Met Late": { color: "orange", icon: () => drawn("es-line-double-check") },
	Cancelled: { color: "gray", icon: () => drawn("es-line-close") },
};

govcrm.casework.show_deadlines = function (frm, clocks) {
	if (!clocks?.length) return;
	const list = `<ul class="case-deadlines">${clocks.map(clock_item).join("")}</ul>`;
	const section = frm.dashboard.add_section(list, __("Deadlines"), "custom case-deadlines-section");
	section.closest(".case-deadlines-section").prependTo(frm.dashboard.parent); // what is due comes before what is linked
	section.find(".case-deadline-why").on("click", (event) => {
		const clock = clocks.find(({ name }) => name === event.currentTarget.dataset.clock);
		govcrm.casework.explain_deadline(frm, clock, event.currentTarget);
	});
	frm.dashboard.show();
};

function clock_item(clock) {
	const { color, icon } = STANDINGS[clock.standing];
	const escape = frappe.utils.escape_html;
	const statutory = clock.statutory ? `<span class="case-deadline-law">${__("Statutory")}</span>` : "";
	const notes = [...notes_of(clock), clock.citation].filter(Boolean);
	return `<li class="case-deadline" data-standing="${clock.standing}" data-milestone="${escape(
		clock.milestone,
	)}">
		<span class="case-deadline-standing ${color}">${icon()}<b>${clock.words}</b></span>
		<div class="case-deadline-about">
			<div><b>${escape(clock.label)}</b> ${statutory}</div>
			<div class="case-deadline-words">${words_of(clock)}</div>
			${notes.map((note) => `<div class="case-deadline-note">${escape(note)}</div>`).join("")}
		</div>
		<button type="button" class="btn btn-default btn-xs case-deadline-why" data-clock="${clock.name}"
			aria-label="${__("Why this date? {0}", [escape(clock.label)])}">${__("Why this date?")}</button>
	</li>`;
}

function words_of(clock) {
	if (clock.standing === "Cancelled") return __("no longer counted");
	const due = __("due {0}", [govcrm.casework.moment_in_words(clock.due)]);
	if (clock.stopped_at)
		return `${__("done {0}", [govcrm.casework.moment_in_words(clock.stopped_at)])}, ${due}`;
	if (clock.paused_at && clock.standing !== "Overdue") return __("was {0} when it was paused", [due]);
	return clock.left ? `${due}, ${clock.left}` : due;
}

function notes_of(clock) {
	if (!clock.paused_at) return [];
	const since = govcrm.casework.moment_in_words(clock.paused_at);
	return [__("Paused since {0}: {1}", [since, clock.pause_reason || __("no reason given")])];
}

// "Thursday 26-11-2026 17:00", in the zone and format of the user.
govcrm.casework.moment_in_words = function (site_time) {
	if (!site_time) return __("without a date");
	const moment_of_user = frappe.datetime.convert_to_user_tz(site_time, false);
	const date = moment_of_user.format(frappe.datetime.get_user_date_fmt().toUpperCase());
	return `${moment_of_user.format("dddd")} ${date} ${moment_of_user.format("HH:mm")}`;
};

// Fields of the dialog that gives a clock more time.
govcrm.casework.extension_fields = function (clocks, answer_needed) {
	const open = clocks.filter(({ extension }) => extension);
	const noticed = answer_needed ? open.filter(({ extension }) => extension.notice) : [];
	return [
		{
			fieldname: "milestone",
			fieldtype: "Select",
			label: __("Deadline"),
			reqd: 1,
			options: open.map(({ milestone, label }) => ({ value: milestone, label })),
			default: open.length === 1 ? open[0].milestone : "",
		},
		{
			fieldname: "amount",
			fieldtype: "Float",
			label: __("By How Much"),
			reqd: 1,
			description: open.map(limit_of).join("<br>"),
		},
		govcrm.casework.reason_field(),
		{
			fieldname: "notice",
			fieldtype: "Small Text",
			label: __("Notice to Those Who Asked"),
			reqd: noticed.length > 0 && noticed.length === open.length,
			description: [__("What they are told of the new date and why."), ...noticed.map(need_of)].join(
				"<br>",
			),
		},
	];
};

function need_of({ label }) {
	return __("Needed for {0}.", [frappe.utils.escape_html(label)]);
}

function limit_of({ label, extension: { unit, most } }) {
	const name = frappe.utils.escape_html(label);
	return most ? __("{0}: at most {1} {2}", [name, most, unit]) : __("{0}: in {1}", [name, unit]);
}
