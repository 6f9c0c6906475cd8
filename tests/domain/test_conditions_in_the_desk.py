"""The intake desk evaluates conditions in the browser: with the same outcome as the domain, for any answers."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcrm.domain.conditions import evaluate

SCRIPT = Path(__file__).resolve().parents[2] / "govcrm/casework/page/intake_desk/parts/condition.js"
RUNNER = """
const vm = require("vm"), fs = require("fs");
const blank = (value) => value === null || value === undefined || value === "";
const world = vm.createContext({ frappe: { provide() {} }, govcrm: { intake: {} }, is_null: blank });
vm.runInContext(fs.readFileSync(process.argv[1], "utf8"), world);
const { holds, read_answers } = world.govcrm.intake;
const tasks = JSON.parse(fs.readFileSync(0));
const out = tasks.map(([tree, answers]) => Array.isArray(tree)
	? [...read_answers(tree, answers).shown] : holds(tree, answers));
console.log(JSON.stringify(out));
"""

CODES = ("size", "depth", "hurt")
SCALARS = st.one_of(
	st.booleans(), st.integers(-3, 3), st.sampled_from([0.5, 2.5]), st.sampled_from(["", "a", "large"])
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3)
LEAVES = st.builds(lambda code: {"answer": code}, st.sampled_from(CODES)) | st.builds(
	lambda value: {"value": value}, VALUES
)


def _branches(children):
	pair = st.lists(children, min_size=2, max_size=2)
	operators = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
	return st.one_of(
		st.builds(lambda part: {"op": "not", "args": [part]}, children),
		st.builds(lambda op, args: {"op": op, "args": args}, st.sampled_from(operators), pair),
		st.builds(lambda op, args: {"op": op, "args": args}, st.sampled_from(["and", "or"]), pair),
	)


TREES = st.recursive(LEAVES, _branches, max_leaves=8)
ANSWERS = st.dictionaries(st.sampled_from(CODES), VALUES | st.none())


@pytest.fixture(scope="module")
def in_desk():
	node = shutil.which("node")
	if not node:
		pytest.skip("Node is not installed")

	def run(tasks: list) -> list:
		command = [node, "-e", RUNNER, str(SCRIPT)]
		done = subprocess.run(command, input=json.dumps(tasks), text=True, capture_output=True, check=True)
		return json.loads(done.stdout)

	return run


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(TREES, ANSWERS), min_size=50, max_size=50))
def test_a_condition_holds_in_the_desk_when_it_holds_in_the_domain(in_desk, tasks):
	assert in_desk(tasks) == [evaluate(tree, answers) for tree, answers in tasks]


def test_an_answer_to_a_question_that_is_not_shown_shows_no_other(in_desk):
	large = {"op": "==", "args": [{"answer": "size"}, {"value": "large"}]}
	deep = {"op": ">", "args": [{"answer": "depth"}, {"value": 5}]}
	questions = [
		{"code": "size", "datatype": "string"},
		{"code": "depth", "datatype": "number", "shown_when": large},
		{"code": "hurt", "datatype": "boolean", "shown_when": deep},
	]
	typed = {"depth": "12,5", "hurt": "1"}
	shown = in_desk([[questions, {"size": "large", **typed}], [questions, {"size": "small", **typed}]])
	assert shown == [["size", "depth", "hurt"], ["size"]]
