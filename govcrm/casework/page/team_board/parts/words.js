// What the board says of cases and people. Never by colour alone: each mark has a sign and a word.
frappe.provide("govcrm.board");

govcrm.board.escape = (text) => frappe.utils.escape_html(String(text ?? ""));

// Drawn: few fonts have a letter for it.
govcrm.board.PAUSE = `<svg class="icon icon-xs" viewBox="0 0 16 16">
	<path stroke-width="2" d="M5 3v10M11 3v10"/></svg>`;

govcrm.board.mark = (sign, words, color) =>
	`<span class="board-mark ${color}"><span aria-hidden="true">${sign}</span> ${govcrm.board.escape(
		words,
	)}</span>`;

/** When a card is due, in words. */
govcrm.board.due_mark = function (card) {
	const { mark } = govcrm.board;
	if (card.deadline_status === "Paused") return mark(govcrm.board.PAUSE, __("clock paused"), "gray");
	if (!card.next_due) return "";
	const at = govcrm.board.moment(card.next_due);
	if (card.due === "overdue") return mark("⚠", __("overdue since {0}", [at]), "red");
	const color = card.deadline_status === "At Risk" ? "orange" : "gray";
	const risk = card.deadline_status === "At Risk" ? `, ${__("at risk")}` : "";
	if (card.due === "today")
		return mark("◷", __("due today, {0}", [govcrm.board.time(card.next_due)]) + risk, "orange");
	return mark("◷", __("due {0}", [at]) + risk, color);
};

// To the minute: seconds tell nobody anything here.
govcrm.board.time = (datetime) => frappe.datetime.convert_to_user_tz(datetime, false).format("HH:mm");
govcrm.board.moment = (datetime) => {
	const day_format = frappe.datetime.get_user_date_fmt().toUpperCase();
	return frappe.datetime.convert_to_user_tz(datetime, false).format(`${day_format} HH:mm`);
};

/** How much of a column is late. */
govcrm.board.count_marks = function ({ overdue, today, at_risk }) {
	const { mark } = govcrm.board;
	return [
		overdue && mark("⚠", __("{0} overdue", [overdue]), "red"),
		today && mark("◷", __("{0} due today", [today]), "orange"),
		at_risk && mark("!", __("{0} at risk", [at_risk]), "orange"),
	]
		.filter(Boolean)
		.join(" ");
};

/** What a person bears, and whether they are there. */
govcrm.board.load_words = function (person) {
	const limit = person.limit
		? __("{0} of {1} open", [person.open_cases, person.limit])
		: __("{0} open", [person.open_cases]);
	const share = person.share < 100 ? `, ${__("works {0}%", [person.share])}` : "";
	return `${limit}, ${__("load {0}", [person.load])}${share}`;
};

govcrm.board.person_marks = function (person) {
	const { mark } = govcrm.board;
	return [
		person.away && mark("⌂", govcrm.board.away_words(person), "gray"),
		person.full && mark("■", __("limit reached"), "orange"),
		!person.takes_work && mark("–", __("takes no work by rule"), "gray"),
	]
		.filter(Boolean)
		.join(" ");
};

govcrm.board.away_words = function ({ away_to, deputy }) {
	const until = away_to ? __("away until {0}", [frappe.datetime.str_to_user(away_to)]) : __("away");
	return deputy ? `${until}, ${__("deputy {0}", [deputy])}` : until;
};
