"""The workflow definitions that come with the app, read as data."""

import json
from pathlib import Path

import pytest

from govcrm.domain.workflow import CANCELLED, CLOSED, OPEN, WAITING, check, from_dict, reachable
from govcrm.workflows.layout import lay_out

DEFINITIONS = Path(__file__).parents[2] / "govcrm" / "workflows" / "definitions"
SHIPPED = {
	data["name"]: data for data in (json.loads(path.read_text()) for path in DEFINITIONS.glob("*.json"))
}
DECIDED = {"Permit", "Benefit Application"}
# The supervisor is the one person who holds both roles, the worst case for telling transitions apart.
HELD = {"Caseworker": {"alice", "bob"}, "Case Supervisor": {"bob"}}


@pytest.fixture(params=sorted(SHIPPED))
def model(request):
	return from_dict(SHIPPED[request.param])


def test_the_five_workflows_are_shipped():
	assert set(SHIPPED) == {
		"Fix-it Request",
		"Complaint",
		"Permit",
		"Benefit Application",
		"Internal Consultation",
	}


def test_each_is_sound(model):
	assert check(model, known_roles=HELD, held_roles=HELD, decides=model.name in DECIDED) == []


def test_each_closed_state_is_reopened_by_a_supervisor(model):
	for state in model.names(CLOSED):
		ways = [edge for edge in model.leaving(state) if model.categories[edge.next_state] == OPEN]
		assert [edge.role for edge in ways] == ["Case Supervisor"]


def test_each_case_under_way_can_be_cancelled(model):
	for state in model.names(OPEN, WAITING):
		assert any(model.categories[edge.next_state] == CANCELLED for edge in model.leaving(state)), state


def test_each_case_can_be_made_to_wait(model):
	ways = [(edge.state, edge.next_state) for edge in model.transitions]
	assert model.names(WAITING) & reachable([model.initial.name], ways)


def test_a_permit_goes_to_other_departments_and_an_inspection():
	permit = from_dict(SHIPPED["Permit"])
	way = next(edge for edge in permit.leaving("Departmental Review") if edge.next_state == "Inspection")
	assert "parent_case" in way.condition


def test_a_permit_is_never_issued_without_inspection():
	permit = from_dict(SHIPPED["Permit"])
	ways = [(edge.state, edge.next_state) for edge in permit.transitions if edge.state != "Inspection"]
	assert "Issued" not in reachable([permit.initial.name], ways)


def test_a_benefit_is_countersigned_by_somebody_else():
	benefit = from_dict(SHIPPED["Benefit Application"])
	for edge in benefit.transitions:
		if edge.next_state in benefit.names(CLOSED):
			assert "frappe.session.user" in edge.condition
			assert not edge.allow_self_approval


def test_the_builder_draws_each_without_overlaps():
	for snapshot in SHIPPED.values():
		elements = json.loads(lay_out(snapshot)["workflow_data"])
		places = [tuple(element["position"].values()) for element in elements if "position" in element]
		assert len(set(places)) == len(places) == len(snapshot["states"]) + len(snapshot["transitions"])


def test_the_drawing_joins_what_the_rows_say():
	for snapshot in SHIPPED.values():
		drawn = lay_out(snapshot)
		named = {row["workflow_builder_id"]: row["state"] for row in drawn["states"]}
		ways = {
			(one["source"], one["target"]) for one in json.loads(drawn["workflow_data"]) if "source" in one
		}
		for row in drawn["transitions"]:
			action = row["workflow_builder_id"]
			sources = [named[source] for source, target in ways if target == action]
			targets = [named[target] for source, target in ways if source == action]
			assert (sources, targets) == ([row["state"]], [row["next_state"]])
