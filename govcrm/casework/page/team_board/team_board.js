// Who of a department has what. The parts are plain files, put in place by Frappe when it serves the page: each
// directive stands in a line comment so that this file stays valid JavaScript for the linters.
// {% include "govcrm/casework/page/team_board/parts/words.js" %}
// {% include "govcrm/casework/page/team_board/parts/cards.js" %}
// {% include "govcrm/casework/page/team_board/parts/moves.js" %}
// {% include "govcrm/casework/page/team_board/parts/board.js" %}

frappe.pages["team-board"].on_page_load = (wrapper) => {
	frappe.ui.make_app_page({ parent: wrapper, title: __("Team Board"), single_column: true });
	frappe.breadcrumbs.add("Casework");
	wrapper.board = new govcrm.board.Board(wrapper);
};

frappe.pages["team-board"].on_page_show = (wrapper) => wrapper.board.load();
