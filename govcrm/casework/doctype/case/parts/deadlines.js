// The clocks of a case on its form: what is due when, how it stands, and why the date is what it is.
frappe.provide("govcrm.casework");

// Never colour alone: each has its icon, and the word comes from the server.
const STANDINGS = {
	Overdue: { color: "red", icon: "es-solid-alert-circle" },
	"At Risk": { color: "orange", icon: "es-line-alert-triangle" },
	"On Track": { color: "blue", icon: "es-line-time" },
	Paused: { color: "gray", icon: "es-line-time" },
	Met: { color: "green", icon: "es-line-check" },
	"Met Late": { color: "orange", icon: "es-line-check" },
	Cancelled: { color: "gray", icon: "es-line-close" },
};

govcrm.casework.show_deadlines = function (frm, clocks) {
	if (!clocks?.length) return;
	const list = `<ul class="case-deadlines">${clocks.map(clock_item).join("")}</ul>`;
	const section = frm.dashboard.add_section(list, __("Deadlines"), "case-deadlines-section");
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
	return `<li class="case-deadline" data-standing="${clock.standing}" data-milestone="${escape(clock.milestone)}">
		<span class="case-deadline-standing ${color}">${frappe.utils.icon(icon, "sm")}<b>${clock.words}</b></span>
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
	if (clock.stopped_at) return `${__("done {0}", [govcrm.casework.moment_in_words(clock.stopped_at)])}, ${due}`;
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
