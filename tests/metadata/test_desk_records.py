"""Workspaces, cards, charts, pages and print formats show what exists."""

import json
from collections.abc import Iterator

import app
import pytest

OURS = frozenset(app.doctypes())
# Pages and DocTypes of Frappe that our records lead to. A new one is added here on purpose.
FRAPPES = frozenset(
	{"Workflow", "User", "Role", "Kanban Board", "Print Format", "Report", "Role Permission Manager"}
)
# Pages that are opened from a record, and so stand in no workspace.
OF_RECORDS = frozenset({"case-history"})
# Kinds of blocks in a workspace, with the key of the name they show and the DocType of that record.
BLOCKS = {
	"number_card": ("number_card_name", "Number Card"),
	"chart": ("chart_name", "Dashboard Chart"),
	"onboarding": ("onboarding_name", "Module Onboarding"),
}


def every(doctype: str) -> pytest.MarkDecorator:
	return pytest.mark.parametrize("name", sorted(app.of_kind(doctype)))


@every("Workspace")
def test_a_workspace_leads_to_what_exists(name: str):
	assert list(dead_ends(app.of_kind("Workspace")[name])) == []


@every("Dashboard Chart")
def test_a_chart_of_bars_leaves_room_for_its_labels(name: str):
	"""Frappe gives a label three fifths of its bar, counted in wide letters: of names three dots would be left."""
	chart = app.of_kind("Dashboard Chart")[name]
	options = json.loads(chart.get("custom_options") or "{}").get("axisOptions", {})
	assert chart["type"] != "Bar" or options.get("xIsSeries") or options.get("seriesLabelSpaceRatio", 0) > 1


@every("Dashboard Chart")
def test_a_chart_of_a_report_without_figures_still_has_labels(name: str):
	"""The Desk then takes them from the rows, by this field."""
	chart = app.of_kind("Dashboard Chart")[name]
	assert not chart.get("report_name") or chart.get("x_field")


@every("Number Card")
def test_a_number_card_counts_what_exists(name: str):
	assert list(unknown_fields(app.of_kind("Number Card")[name])) == []


@every("Number Card")
def test_a_number_card_knows_that_spans_are_of_the_sites_zone(name: str):
	"""In the evening of America the last seven days have ended before what is stored in UTC just now."""
	card = app.of_kind("Number Card")[name]
	filters = json.loads(card.get("filters_json") or "[]")
	assert not [one for one in filters if one[1].endswith("_utc") and one[2] == "Timespan"]


@every("Dashboard Chart")
def test_a_chart_draws_what_exists(name: str):
	assert list(unknown_fields(app.of_kind("Dashboard Chart")[name])) == []


@every("Dashboard")
def test_a_dashboard_shows_cards_and_charts_that_exist(name: str):
	dashboard = app.of_kind("Dashboard")[name]
	assert {row["card"] for row in dashboard.get("cards", [])} <= set(app.of_kind("Number Card"))
	assert {row["chart"] for row in dashboard.get("charts", [])} <= set(app.of_kind("Dashboard Chart"))


@every("Module Onboarding")
def test_an_onboarding_has_its_steps(name: str):
	steps = {row["step"] for row in app.of_kind("Module Onboarding")[name]["steps"]}
	assert steps <= set(app.of_kind("Onboarding Step"))


@every("Onboarding Step")
def test_an_onboarding_step_opens_what_exists(name: str):
	target = app.of_kind("Onboarding Step")[name].get("reference_document")
	assert target is None or target in OURS | FRAPPES


@every("Print Format")
def test_a_print_format_prints_one_of_our_doctypes(name: str):
	assert app.of_kind("Print Format")[name]["doc_type"] in OURS


@every("Page")
def test_a_page_has_its_script(name: str):
	path = next(
		path
		for path, record in app.records().items()
		if record.get("doctype") == "Page" and record["name"] == name
	)
	assert path.with_suffix(".js").exists()


@every("Page")
def test_whoever_may_open_a_page_finds_it_in_a_workspace(name: str):
	wanted = {row["role"] for row in app.of_kind("Page")[name]["roles"]}
	assert name in OF_RECORDS or wanted <= set(_led_to(name))


def _led_to(page: str) -> Iterator[str]:
	"""Roles that a workspace leads to the page."""
	for workspace in app.of_kind("Workspace").values():
		ways = [*workspace["links"], *workspace["shortcuts"]]
		if any(page == way.get("link_to") for way in ways):
			yield from (row["role"] for row in workspace["roles"])


def dead_ends(workspace: dict) -> Iterator[str]:
	"""Links, shortcuts and blocks of a workspace that lead nowhere."""
	known = (
		OURS | FRAPPES | set(app.of_kind("Page")) | set(app.of_kind("Report")) | set(app.of_kind("Dashboard"))
	)
	for row in [*workspace.get("links", []), *workspace.get("shortcuts", [])]:
		if row.get("link_to") and row["link_to"] not in known:
			yield f"{row.get('label')}: no {row['link_to']!r}"
	for block in json.loads(workspace.get("content") or "[]"):
		key, doctype = BLOCKS.get(block["type"], (None, None))
		if key and block["data"][key] not in _named(doctype):
			yield f"no {doctype} {block['data'][key]!r}"


def _named(doctype: str) -> set[str]:
	"""Names by which a workspace may call a record; cards go by their label too."""
	records = app.of_kind(doctype)
	return set(records) | {
		record.get("label") or record.get("chart_name") or name for name, record in records.items()
	}


def unknown_fields(record: dict) -> Iterator[str]:
	"""Fields that a card or chart reads and its DocType does not have."""
	doctype = record.get("document_type")
	if not doctype or doctype not in OURS:
		if doctype:
			yield f"no DocType {doctype!r}"
		return
	named = [
		record.get(key)
		for key in ("based_on", "value_based_on", "group_by_based_on", "aggregate_function_based_on")
	]
	filters = json.loads(record.get("filters_json") or "[]")
	fields = [*filter(None, named), *(row[1] for row in filters if isinstance(row, list))]
	yield from (field for field in fields if field not in app.fieldnames(doctype))
