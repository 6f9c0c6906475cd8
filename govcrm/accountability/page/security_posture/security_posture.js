// How safe the site is set up: each line with its reason and, where a click can, its mend; and what of NIST SP 800-53 is here.
const POSTURE = "govcrm.api.accountability.posture";
// A sign and a word beside each other, so that nothing hangs on its colour.
const STANDS = {
	ok: { sign: "✓", word: () => __("In force") },
	partly: { sign: "!", word: () => __("Partly") },
	bad: { sign: "✕", word: () => __("Not in force") },
	"in force": { kind: "ok", sign: "✓", word: () => __("In force") },
	"not here": { kind: "none", sign: "–", word: () => __("Not here") },
};

// What needs a look stands first.
const ORDER = ["bad", "partly", "ok"];

const safe = (text) => frappe.utils.escape_html(text == null ? "" : String(text));

class SecurityPosture {
	constructor(wrapper) {
		this.page = wrapper.page;
		this.$body = $(`<div class="security-posture">
			<p class="posture-told" role="status"></p>
			<ul class="posture-lines"></ul>
			<h2 class="posture-part">${__("NIST SP 800-53, revision 5")}</h2>
			<p>${__(
				"What this software does of four families of controls. What is partly or not here is for the agency and its operator.",
			)}</p>
			<div class="posture-controls"></div></div>`);
		this.$body.appendTo(this.page.main);
		this.page
			.set_secondary_action(__("Refresh"), () => this.load(), "refresh")
			.attr("aria-label", __("Refresh"));
		this.$body.on("click", ".posture-mend", ({ currentTarget }) => this.ask(currentTarget.dataset.key));
	}

	async load() {
		const { message } = await frappe.call({ method: `${POSTURE}.lines`, type: "GET" });
		this.draw(message);
	}

	draw({ lines, controls, may_mend }) {
		this.lines = lines.sort((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state));
		const open = lines.filter(({ state }) => state !== "ok").length;
		this.$body
			.find(".posture-told")
			.text(open ? __("{0} of {1} are not in force.", [open, lines.length]) : __("All is in force."));
		this.$body.find(".posture-lines").html(lines.map((line) => draw_setting(line, may_mend)).join(""));
		this.$body.find(".posture-controls").html(draw_families(controls, lines));
	}

	ask(key) {
		const { label, reason } = this.lines.find((line) => line.key === key);
		const lockout = __(
			"From the next log-in on, staff are asked for a code. Frappe mails each of them the key for an app on their telephone.",
		);
		const words = key === "two_factor" ? `${reason}<br><br>${lockout}` : safe(reason);
		const question = __("Put this in force? The audit log says who did and when.");
		frappe.confirm(`<b>${safe(label)}</b><br>${words}<br><br>${question}`, () => this.mend(key, label));
	}

	async mend(key, label) {
		const { message } = await frappe.call({ method: `${POSTURE}.mend`, args: { key }, freeze: true });
		this.draw(message);
		frappe.show_alert({ message: __("{0}: in force, and recorded.", [safe(label)]), indicator: "green" });
		this.$body.find(`[data-line="${key}"]`).trigger("focus");
	}
}

function draw_stand(state) {
	const { sign, word } = STANDS[state];
	return { sign: `<span class="posture-sign" aria-hidden="true">${sign}</span>`, word: word() };
}

function draw_setting({ key, label, value, state, reason, advice, mend }, may_mend) {
	const { sign, word } = draw_stand(state);
	const button =
		mend && may_mend
			? `<button class="btn btn-default btn-sm posture-mend" data-key="${safe(key)}"
				aria-label="${safe(__("Put in force: {0}", [label]))}">${__("Put in Force")}</button>`
			: "";
	return `<li class="posture-line ${state}" data-line="${safe(key)}" tabindex="-1">${sign}
		<div class="posture-words"><h3>${safe(label)} <span class="posture-word">${word}</span></h3>
			<p>${safe(reason)}</p><p class="posture-value">${safe(value)}</p>
			${advice ? `<p class="posture-advice">${safe(advice)}</p>` : ""}${button}</div></li>`;
}

function draw_families(controls, lines) {
	const labels = Object.fromEntries(lines.map(({ key, label }) => [key, label]));
	const families = [...new Set(controls.map(({ family }) => family))];
	return families
		.map((family) => {
			const members = controls.filter((control) => control.family === family);
			const count = (state) => members.filter((control) => control.state === state).length;
			const told = __(
				"{0} in force, {1} partly, {2} not here",
				["in force", "partly", "not here"].map(count),
			);
			return `<details><summary>${safe(family)} <span class="posture-count">${told}</span></summary>
				<ul>${members.map((control) => draw_control(control, labels)).join("")}</ul></details>`;
		})
		.join("");
}

function draw_control({ id, title, state, words, by, needs }, labels) {
	const { sign, word } = draw_stand(state);
	const lacking = needs.map((key) => labels[key] || key).join(", ");
	return `<li class="posture-line ${STANDS[state].kind || state}">${sign}
		<div class="posture-words"><h3>${safe(id)} ${safe(title)} <span class="posture-word">${word}</span></h3>
			<p>${safe(words)}</p>${lacking ? `<p class="posture-advice">${__("Lacks: {0}", [safe(lacking)])}</p>` : ""}
			${by.length ? `<p class="posture-by">${by.map(safe).join(", ")}</p>` : ""}</div></li>`;
}

frappe.pages["security-posture"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Security Posture"), single_column: true });
	frappe.breadcrumbs.add("Accountability");
	wrapper.posture = new SecurityPosture(wrapper);
};

frappe.pages["security-posture"].on_page_show = (wrapper) => wrapper.posture.load();
