"""Where Frappe's workflow builder draws the states and actions of a shipped workflow.

Without positions the builder puts all actions on one line, over each other. The form of the elements is the
builder's own (`workflow_data` of a Workflow, read by its `get_workflow_elements`).
"""

import json
from collections import Counter, defaultdict

COLUMN, ROW, ACTION_ROW = 520, 220, 50
LEFT, TOP = 100, 100
ACTION_INDENT = 40


def lay_out(snapshot: dict) -> dict:
	"""The same data as `snapshot.take` gives, with the builder's ids on rows and its drawing as `workflow_data`."""
	ids = {row["state"]: str(number) for number, row in enumerate(snapshot["states"], start=1)}
	places = _places(snapshot)
	states = [dict(row, workflow_builder_id=ids[row["state"]]) for row in snapshot["states"]]
	transitions = [
		dict(row, workflow_builder_id=f"action-{number}")
		for number, row in enumerate(snapshot["transitions"], start=1)
	]
	elements = [_element(ids[state], "state", place) for state, place in places.items()]
	elements += _actions(transitions, ids, places)
	elements += [edge for row in transitions for edge in _edges(row, ids)]
	return {**snapshot, "states": states, "transitions": transitions, "workflow_data": json.dumps(elements)}


def _places(snapshot: dict) -> dict[str, tuple[int, int]]:
	"""Columns by the number of steps from the first state, rows in the order of the list."""
	steps, rows = _steps(snapshot), Counter()
	places = {}
	for row in snapshot["states"]:
		column = steps.get(row["state"], 0)
		places[row["state"]] = (LEFT + column * COLUMN, TOP + rows[column] * ROW)
		rows[column] += 1
	return places


def _steps(snapshot: dict) -> dict[str, int]:
	following = defaultdict(list)
	for row in snapshot["transitions"]:
		following[row["state"]].append(row["next_state"])
	first = snapshot["states"][0]["state"]
	steps, queue = {first: 0}, [first]
	for state in queue:
		for after in following[state]:
			if after not in steps:
				steps[after] = steps[state] + 1
				queue.append(after)
	return steps


def _actions(transitions: list[dict], ids: dict, places: dict) -> list[dict]:
	"""Each action stands to the right of the state it leaves, one below the other."""
	drawn, seen = [], Counter()
	for row in transitions:
		x, y = places[row["state"]]
		place = (x + COLUMN // 2 + ACTION_INDENT, y + seen[row["state"]] * ACTION_ROW)
		seen[row["state"]] += 1
		ends = {"from_id": ids[row["state"]], "to_id": ids[row["next_state"]]}
		drawn.append({**_element(row["workflow_builder_id"], "action", place), "data": ends})
	return drawn


def _element(name: str, kind: str, place: tuple[int, int]) -> dict:
	return {"id": name, "type": kind, "position": {"x": place[0], "y": place[1]}}


def _edges(row: dict, ids: dict) -> list[dict]:
	action = row["workflow_builder_id"]
	return [_edge(ids[row["state"]], action), _edge(action, ids[row["next_state"]])]


def _edge(source: str, target: str) -> dict:
	return {
		"id": f"edge-{source}-{target}",
		"type": "transition",
		"source": source,
		"target": target,
		"sourceHandle": "right",
		"targetHandle": "left",
		"updatable": True,
		"animated": True,
	}
