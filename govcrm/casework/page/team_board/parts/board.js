// The board: asks for what it shows, draws it, and keeps what is open.
frappe.provide("govcrm.board");

govcrm.board.NARROW = window.matchMedia("(max-width: 767px)");

govcrm.board.Board = class Board {
	constructor(wrapper) {
		this.page = wrapper.page;
		this.$body = $(`<div class="team-board"><p class="board-told sr-only" role="status"></p>
			<div class="board-columns"></div></div>`).appendTo(this.page.main);
		this.$columns = this.$body.find(".board-columns");
		this.$told = this.$body.find(".board-told");
		this.make_filters();
		this.moves = new govcrm.board.Moves(this);
		this.page.set_primary_action(__("Next Item"), () => this.next_item());
		this.page.set_secondary_action(__("Refresh"), () => this.load(), "refresh");
		this.$columns.on("click", ".board-more", (event) =>
			this.show_more($(event.target).closest(".board-column")),
		);
		govcrm.board.NARROW.addEventListener("change", () => this.draw());
	}

	make_filters() {
		// A control also tells of changes that were made by the board itself.
		const change = () => !this.loading && this.shown !== JSON.stringify(this.filters()) && this.load();
		this.department = this.page.add_field({
			fieldname: "department",
			fieldtype: "Select",
			label: __("Department"),
			options: [],
			change,
		});
		this.program = this.page.add_field({
			fieldname: "program",
			fieldtype: "Link",
			options: "Agency Program",
			label: __("Program"),
			change,
		});
	}

	filters() {
		return { department: this.department.get_value() || null, program: this.program.get_value() || null };
	}

	/** @param {string} [focus] the case whose card gets the focus back */
	async load(focus) {
		if (this.loading) return;
		this.loading = true;
		try {
			const { message } = await frappe.call("govcrm.api.casework.board", this.filters());
			this.data = message;
			await this.show_departments();
			this.shown = JSON.stringify(this.filters());
			this.draw(focus);
		} finally {
			this.loading = false;
		}
	}

	async show_departments() {
		this.department.df.options = this.data.departments;
		this.department.refresh();
		await this.department.set_value(this.data.department);
	}

	draw(focus) {
		if (!this.data) return;
		const may = { assign: this.data.may_assign, many: this.data.departments.length > 1 };
		const columns = [{ ...this.data.unassigned, user: "" }, ...this.data.people];
		const open = this.open_columns();
		this.cards = Object.fromEntries(
			columns.flatMap(({ cards }) => cards).map((card) => [card.name, card]),
		);
		this.$columns.html(columns.map((column) => govcrm.board.draw_column(column, may)).join(""));
		this.$columns.find(".board-column").each((index, element) => {
			element.open =
				!govcrm.board.NARROW.matches || (open ? open.has(element.dataset.user) : index === 0);
		});
		if (focus) this.focus_card(focus);
	}

	/** On a narrow screen columns are folded; those that were open there stay so. */
	open_columns() {
		const was_narrow = this.narrow;
		this.narrow = govcrm.board.NARROW.matches;
		const $columns = this.$columns.find(".board-column");
		if (!$columns.length || !was_narrow || !this.narrow) return null;
		return new Set(
			$columns
				.filter("[open]")
				.map((_index, element) => element.dataset.user)
				.get(),
		);
	}

	focus_card(name) {
		const $card = this.$columns.find(`[data-case="${CSS.escape(name)}"]`);
		const column = $card.closest(".board-column")[0];
		if (!column) return;
		column.open = true;
		$card.find("a").first().trigger("focus");
		this.$told.text(__("{0} is with {1} now.", [name, $(column).find("h2").text()]));
	}

	async show_more($column) {
		const user = $column.data("user") || "";
		const column = user ? this.data.people.find((each) => each.user === user) : this.data.unassigned;
		const args = { ...this.filters(), user, start: column.cards.length };
		const { message } = await frappe.call("govcrm.api.casework.board_cards", args);
		column.cards.push(...message.filter(({ name }) => !this.cards[name]));
		if (!message.length) column.counts.cases = column.cards.length;
		this.draw(message[0]?.name);
	}

	async next_item() {
		const { department } = this.filters();
		const { message } = await frappe.call({
			method: "govcrm.api.casework.next_item",
			args: { department },
			freeze: true,
		});
		if (message?.case) frappe.set_route("Form", "Case", message.case);
	}
};
