// A text box with a list below it: the ARIA combobox with a listbox (WAI-ARIA Authoring Practices 1.2).
frappe.provide("govcrm.intake");

govcrm.intake.Picker = class Picker {
	/**
	 * @param {Object} opts
	 * @param {HTMLElement} opts.parent
	 * @param {string} opts.id - unique on the page; ids of list and options derive from it
	 * @param {string} opts.label - translated
	 * @param {string} [opts.placeholder]
	 * @param {function(string): Promise<Array>} opts.search - items for the typed text
	 * @param {function(Object): string} opts.render - HTML of one item
	 * @param {function(Object): void} opts.on_pick
	 * @param {boolean} [opts.open_on_focus] - offer items before anything is typed
	 */
	constructor(opts) {
		Object.assign(this, opts);
		this.items = [];
		this.active = -1;
		this.asked = 0;
		this.make();
		this.bind();
	}

	make() {
		this.$wrapper = $(`
			<div class="intake-picker">
				<label for="${this.id}">${this.label}</label>
				<input id="${this.id}" class="form-control" type="text" role="combobox" autocomplete="off"
					spellcheck="false" aria-autocomplete="list" aria-expanded="false"
					aria-controls="${this.id}-list" aria-describedby="${this.id}-error"
					placeholder="${this.placeholder || ""}">
				<ul id="${this.id}-list" class="intake-options" role="listbox" hidden></ul>
				<p id="${this.id}-error" class="intake-error" role="alert" hidden></p>
				<div class="sr-only" role="status" aria-live="polite"></div>
			</div>`).appendTo(this.parent);
		this.$input = this.$wrapper.find("input");
		this.$list = this.$wrapper.find("ul").attr("aria-label", this.label);
		this.$status = this.$wrapper.find("[role=status]");
	}

	bind() {
		const look_up = frappe.utils.debounce(() => this.look_up(), 150);
		this.$input.on("input", look_up);
		this.$input.on("keydown", (event) => this.on_key(event));
		this.$input.on("focus", () => this.open_on_focus && this.look_up());
		this.$input.on("blur", () => this.close());
		// mousedown, as a click comes only after the blur that closes the list
		this.$list.on("mousedown", "li", (event) => {
			event.preventDefault();
			this.pick($(event.currentTarget).index());
		});
	}

	async look_up() {
		const asked = ++this.asked;
		const text = this.typed();
		const items = await this.search(text);
		if (asked !== this.asked || !this.$input.is(":focus")) return;
		this.shown_for = text;
		this.show(items);
	}

	typed() {
		return this.$input.val().trim();
	}

	/** Who types fast presses Enter before the list has followed: what was typed counts, not what is shown. */
	async enter() {
		if (this.is_open() && this.shown_for === this.typed()) return this.pick(this.active);
		await this.look_up();
		return this.pick(this.active);
	}

	show(items) {
		this.items = items;
		this.$list.html(items.map((item, index) => this.option(item, index)).join(""));
		this.toggle(items.length > 0);
		this.activate(items.length ? 0 : -1);
		this.$status.text(items.length ? __("{0} found", [items.length]) : __("Nothing found"));
	}

	option(item, index) {
		return `<li id="${this.id}-${index}" role="option" aria-selected="false">${this.render(item)}</li>`;
	}

	on_key(event) {
		const act = {
			ArrowDown: () => (this.is_open() ? this.move(1) : this.look_up()),
			ArrowUp: () => this.move(-1),
			Enter: () => this.enter(),
			Escape: () => this.close(),
		}[event.key];
		if (!act || event.ctrlKey || event.metaKey) return;
		event.preventDefault();
		act();
	}

	move(step) {
		if (this.items.length) {
			this.activate((this.active + step + this.items.length) % this.items.length);
		}
	}

	activate(index) {
		this.active = index;
		const $options = this.$list.children().attr("aria-selected", "false");
		const option = $options.eq(index).attr("aria-selected", "true")[0];
		if (index < 0 || !option) return this.$input.removeAttr("aria-activedescendant");
		option.scrollIntoView({ block: "nearest" });
		return this.$input.attr("aria-activedescendant", option.id);
	}

	pick(index) {
		const item = this.is_open() && this.items[index];
		if (!item) return;
		this.shown_for = null;
		this.close();
		this.on_pick(item);
	}

	is_open() {
		return !this.$list.prop("hidden");
	}

	toggle(open) {
		this.$list.prop("hidden", !open);
		this.$input.attr("aria-expanded", String(open));
	}

	close() {
		this.asked += 1;
		this.toggle(false);
		this.$input.removeAttr("aria-activedescendant");
	}

	clear() {
		this.$input.val("");
		this.close();
	}

	focus() {
		this.$input.trigger("focus");
	}
};
