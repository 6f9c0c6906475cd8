// What Frappe's Desk draws without a name, or for a mouse alone, gets both as it is drawn (WCAG 2.2: 1.4.4, 2.1.1, 4.1.2).
// Nothing of Frappe is replaced: where a release of it does better, these find nothing to do.
(() => {
	const said = (element, ...attributes) => attributes.map((one) => element.getAttribute(one)).find(Boolean);
	const title_of = (element) =>
		element.closest(".widget")?.querySelector(".widget-title")?.textContent.trim() || "";
	const tooltip_of = (element) => said(element, "title", "data-original-title");

	// As the form labels it; where it is drawn without a form, as it says itself.
	function label_of(select) {
		const field = select.closest(".frappe-control").fieldobj?.df;
		return field?.label
			? __(field.label, null, field.parent)
			: said(select, "placeholder", "data-fieldname");
	}

	// The name of a record is encoded in most views, and as it is in that of files: there "%" may be a letter.
	function decoded(name) {
		try {
			return decodeURIComponent(name);
		} catch {
			return name;
		}
	}

	function column_of(element) {
		const header = `.dt-cell--header-${element.dataset.colIndex}`;
		return element.closest(".datatable")?.querySelector(header)?.textContent.trim() || "";
	}

	// What has no name, and what it is called.
	const NAMES = {
		"button.icon-btn": tooltip_of,
		".sidebar-item-control button": () => __("Show or Hide"),
		"button.chart-menu, .card-actions > a": (menu) => __("Actions for {0}", [title_of(menu)]),
		".list-row-checkbox": (box) => __("Select {0}", [decoded(box.dataset.name || "")]),
		".list-check-all": () => __("Select All"),
		"input.disabled-selected, input.disabled-deselected": (box) =>
			tooltip_of(box.closest("[title]") || box),
		".frappe-control select": label_of,
		".datepicker [name=hours]": () => __("Hours"),
		".datepicker [name=minutes]": () => __("Minutes"),
		".dt-cell [type=checkbox]": (box) =>
			box.closest(".dt-row-header") ? __("Select All") : __("Select"),
		"input.dt-filter": (filter) => __("Filter by {0}", [column_of(filter)]),
		".dt-paste-target": () => __("Cells to Paste"),
	};

	// What answers a click and is no control: the role that it has.
	const CONTROLS = {
		"a[data-toggle=dropdown]:not([href]):not(:has(button))": "button",
		".number-widget-box > .widget-body": "link",
		".quick-list-item": "link",
	};

	const REPAIRS = {
		// Its name is what it says, with its count: Frappe names it by its title alone (2.5.3).
		".shortcut-widget-box[aria-label]": (shortcut) => shortcut.removeAttribute("aria-label"),
		// A picture within a button that has a name.
		"button > span[role=img]:not([aria-label])": (picture) => picture.removeAttribute("role"),
		// What is told of the menu is told by the button within.
		"a[data-toggle=dropdown][aria-expanded]:has(button)": (link) => link.removeAttribute("aria-expanded"),
		// Rows of a sidebar that stand in no list, and lists that hold other things (1.3.1).
		".list-sidebar :is(ul, li):not([role])": (part) => part.setAttribute("role", "none"),
		"meta[name=viewport][content*='user-scalable=no']": (meta) =>
			(meta.content = "width=device-width, initial-scale=1"),
		".number-widget-box > .widget-body:not([aria-labelledby])": name_by_title,
	};

	function name_by_title(body) {
		const title = body.parentElement.querySelector(".widget-title");
		for (const part of [title, body]) part.id ||= frappe.dom.get_unique_id();
		body.setAttribute("aria-labelledby", `${title.id} ${body.id}`);
	}

	// Each selector with what is done to what it finds.
	const MENDS = [
		...Object.entries(NAMES).map(([selector, name]) => [
			`:is(${selector}):not([aria-label])`,
			(one) => set_name(one, name),
		]),
		...Object.entries(CONTROLS).map(([selector, role]) => [
			`${selector}:not([role])`,
			(one) => make(one, role),
		]),
		...Object.entries(REPAIRS),
	];

	function mend(root) {
		for (const [selector, act] of MENDS) {
			if (root.matches(selector)) act(root);
			root.querySelectorAll(selector).forEach(act);
		}
	}

	function set_name(element, name) {
		const words = name(element);
		if (words) element.setAttribute("aria-label", words);
	}

	function make(element, role) {
		element.setAttribute("role", role);
		if (!element.hasAttribute("tabindex")) element.tabIndex = 0;
	}

	// What the browser knows needs no help, and keys with Ctrl or Alt are shortcuts of the page.
	const PRESSED = {
		Enter: ":is([role=link], a[role=button]):not([href])",
		" ": "a[role=button]:not([href])",
	};

	function press(event) {
		const pressed = PRESSED[event.key];
		if (!pressed || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches?.(pressed))
			return;
		event.preventDefault();
		event.stopPropagation();
		event.target.click();
	}

	// What was drawn anew, or got what it may be named by, is looked at; of more than a few, the whole page at once is quicker.
	const FEW = 8;
	const fresh = new Set();
	const WATCHED = {
		childList: true,
		subtree: true,
		attributeFilter: ["title", "data-original-title", "aria-expanded"],
	};

	function note(records) {
		const waits = fresh.size > 0;
		for (const { type, target, addedNodes } of records)
			for (const one of type === "childList" ? addedNodes : [target])
				if (one.nodeType === Node.ELEMENT_NODE) fresh.add(one);
		if (fresh.size && !waits) setTimeout(mend_fresh, 50);
	}

	function mend_fresh() {
		const drawn = [...fresh].filter((one) => one.isConnected);
		fresh.clear();
		(drawn.length > FEW ? [document.documentElement] : drawn).forEach(mend);
	}

	$(() => {
		new MutationObserver(note).observe(document.body, WATCHED);
		document.addEventListener("keydown", press, true);
		mend(document.documentElement);
	});
})();
