// Draws columns and cards.
frappe.provide("govcrm.board");

govcrm.board.draw_column = function (column, may) {
	const { escape } = govcrm.board;
	const head = column.user
		? `<h2>${escape(column.full_name)}${column.you ? ` (${__("you")})` : ""}</h2>
			<p>${escape(govcrm.board.load_words(column))}</p>${govcrm.board.load_bar(column)}
			<p>${govcrm.board.person_marks(column)} ${govcrm.board.count_marks(column.counts)}</p>`
		: `<h2>${__("Unassigned")}</h2><p>${__("{0} to be taken", [column.counts.cases])}</p>
			<p>${govcrm.board.count_marks(column.counts)}</p>`;
	return `
		<details class="board-column${column.away ? " away" : ""}" data-user="${escape(column.user)}">
			<summary>${head}</summary>
			<ul class="board-cards">${column.cards.map((card) => govcrm.board.draw_card(card, may)).join("")}</ul>
			${column.cards.length ? "" : `<p class="board-empty">${__("Nothing here.")}</p>`}
			${govcrm.board.draw_more(column)}
		</details>`;
};

govcrm.board.draw_more = function ({ cards, counts }) {
	const left = counts.cases - cards.length;
	return left > 0
		? `<button type="button" class="btn btn-default btn-sm board-more">${__("{0} more", [left])}</button>`
		: "";
};

/** The share of a person's limit; the words beside it say the same. */
govcrm.board.load_bar = function ({ limit, open_cases }) {
	if (!limit) return "";
	const share = Math.min(100, Math.round((100 * open_cases) / limit));
	return `<div class="board-load" aria-hidden="true"><div style="width:${share}%"></div></div>`;
};

govcrm.board.draw_card = function (card, may) {
	const { escape } = govcrm.board;
	const act = govcrm.board.act_on(card, may);
	const parts = [
		card.name,
		__(card.priority),
		__(card.workflow_state),
		may.many ? card.department : "",
	].filter(Boolean);
	return `
		<li class="board-card" data-case="${escape(card.name)}" draggable="${Boolean(act)}">
			<a href="${frappe.utils.get_form_link("Case", card.name)}">${escape(card.subject)}</a>
			<small>${escape(parts.join(" · "))}</small>
			${govcrm.board.due_mark(card)}
			${
				act
					? `<button type="button" class="btn btn-default btn-xs board-act"
				aria-label="${escape(`${act}: ${card.subject}, ${card.name}`)}">${act}</button>`
					: ""
			}
		</li>`;
};

/** The words of the button on a card; none where the user may do nothing with it here. */
govcrm.board.act_on = function (card, may) {
	if (may.assign) return __("Give to…");
	if (!card.assignee) return __("Take");
	return card.assignee === frappe.session.user ? __("Give back…") : "";
};
