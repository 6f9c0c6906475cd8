// Cases change hands by their own verbs, whether dragged or by the button on the card.
frappe.provide("govcrm.board");

govcrm.board.Moves = class Moves {
	constructor(board) {
		this.board = board;
		const $columns = board.$columns;
		$columns.on("click", ".board-act", (event) => this.on_button(this.card_of(event.target)));
		$columns.on("dragstart", ".board-card", (event) => this.on_drag(event));
		$columns.on("dragend", ".board-card", () => this.end_drag());
		$columns.on("dragover", ".board-column", (event) => this.on_over(event));
		$columns.on("drop", ".board-column", (event) => this.on_drop(event));
	}

	card_of(element) {
		return this.board.cards[$(element).closest(".board-card").data("case")];
	}

	// By the button -------------------------------------------------------------------------------------------

	on_button(card) {
		if (this.board.data.may_assign) this.ask_whom(card);
		else if (card.assignee) this.move(card, "");
		else this.move(card, frappe.session.user);
	}

	ask_whom(card) {
		const people = this.board.data.people.filter(({ user }) => user !== card.assignee);
		const options = people.map((person) => ({
			value: person.user,
			label: govcrm.board.escape(this.label(person)),
		}));
		if (card.assignee) options.push({ value: "", label: __("Nobody: back to Unassigned") });
		const dialog = new frappe.ui.Dialog({
			title: __("Give to…"),
			fields: [
				{
					fieldtype: "HTML",
					options: `<p>${govcrm.board.escape(card.subject)} · ${govcrm.board.escape(
						card.name,
					)}</p>`,
				},
				{
					fieldname: "user",
					fieldtype: "Select",
					label: __("To"),
					options,
					default: options[0]?.value,
				},
				{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason") },
			],
			primary_action_label: __("Give"),
			primary_action: ({ user, reason }) => {
				dialog.hide();
				this.move(card, user || "", reason);
			},
		});
		dialog.show();
	}

	label(person) {
		const away = person.away ? ` (${__("away")})` : "";
		return `${person.full_name}${away}: ${govcrm.board.load_words(person)}`;
	}

	// By dragging ---------------------------------------------------------------------------------------------

	on_drag(event) {
		this.dragged = this.card_of(event.target);
		event.originalEvent.dataTransfer.effectAllowed = "move";
		event.originalEvent.dataTransfer.setData("text/plain", this.dragged.name);
	}

	end_drag() {
		this.dragged = null;
		this.board.$columns.find(".board-column").removeClass("over");
	}

	on_over(event) {
		if (!this.dragged) return;
		event.preventDefault();
		this.board.$columns.find(".board-column").removeClass("over");
		$(event.currentTarget).addClass("over");
	}

	on_drop(event) {
		event.preventDefault();
		const card = this.dragged;
		const user = String($(event.currentTarget).data("user") || "");
		this.end_drag();
		if (card && user !== (card.assignee || "")) this.move(card, user);
	}

	// The act -------------------------------------------------------------------------------------------------

	/** To a person, or to nobody when `user` is empty. */
	move(card, user, reason) {
		if (!user && !reason) return this.ask_why(card);
		if (!user) return this.act(card, "give_back", { reason });
		if (this.board.data.may_assign) return this.act(card, "assign", { user, reason });
		if (user === frappe.session.user && !card.assignee) return this.act(card, "accept", {});
		return frappe.msgprint(
			__(
				"Only a case supervisor gives cases to others. You can take an unassigned case, and give back your own.",
			),
		);
	}

	ask_why(card) {
		const field = { fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 };
		frappe.prompt([field], ({ reason }) => this.move(card, "", reason), __("Give Back"), __("Give back"));
	}

	/** What the server refuses it says itself; the board is drawn anew either way. */
	async act(card, method, args) {
		const words = { dt: "Case", dn: card.name, method, args };
		const done = await frappe.call({ method: "run_doc_method", args: words, freeze: true }).then(
			() => true,
			() => false,
		);
		await this.board.load(card.name);
		if (done) frappe.show_alert({ message: __("{0}: done.", [card.name]), indicator: "green" });
	}
};
