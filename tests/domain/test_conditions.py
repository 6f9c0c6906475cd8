import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.conditions import ConditionError, answers_used, evaluate, parse_condition

ANSWERS = {
	"size": "large",
	"depth": 5.5,
	"lanes": 2,
	"blocked": True,
	"dry": False,
	"hazards": ["gas", "wire"],
	"seen": "2026-03-01",
}

json_values = st.recursive(
	st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
	lambda children: st.lists(children, max_size=3),
	max_leaves=5,
)


@pytest.mark.parametrize(
	"text",
	[
		'size == "large"',
		"size != 'small'",
		"depth > 5 and lanes <= 2",
		"depth == 5.5 or nothing_like_it",
		"blocked",
		"blocked == true",
		"not dry",
		"not missing",
		"dry == False",
		'size in ["large", "huge"]',
		"blocked in [true]",
		'size not in ("small",)',
		'"gas" in hazards',
		'"water" not in hazards',
		'seen >= "2026-01-01"',
		"-3 < lanes",
		'(size == "small" or lanes == 2) and not (depth < 1)',
		"hazards",
		"missing != 4",
	],
)
def test_it_holds(text):
	assert evaluate(parse_condition(text), ANSWERS)


@pytest.mark.parametrize(
	"text",
	[
		'size == "small"',
		'size == "Large"',
		"missing",
		"missing == 0",
		"missing < 4",
		"missing >= 4",
		"size > 4",
		'lanes == "2"',
		"blocked == 1",
		"blocked > 0",
		"lanes in size",
		'"lar" in size',
		"hazards == hazards",
		"missing == missing",
		"dry",
	],
)
def test_it_does_not_hold(text):
	assert not evaluate(parse_condition(text), ANSWERS)


@pytest.mark.parametrize(
	"text",
	[
		"",
		"size =",
		"size = 4",
		"1 < depth < 5",
		"size is True",
		"size.upper() == 'LARGE'",
		"__import__('os').system('true')",
		"().__class__",
		"size.upper.lower",
		"[x for x in hazards]",
		"lambda: 1",
		"depth + 1 > 5",
		"depth ** 9999 > 5",
		"f'{size}' == 'large'",
		"hazards[0] == 'gas'",
		"(size := 4)",
		"size == None",
		"size == b'large'",
		"size == 1j",
		"size == ...",
		"depth > 1e999",
		"depth > 99999999999999999999",
		"size in [depth]",
		"size in {'large'}",
		"size if depth else lanes",
		"not " * 200 + "size",
		"(" * 240 + "size" + ")" * 240,
		"-" * 490 + "1",
		"size\0",
		"size == 'a'; depth",
		"size\ndepth",
	],
)
def test_everything_outside_the_language_is_refused(text):
	with pytest.raises(ConditionError):
		parse_condition(text)


def test_a_condition_names_the_answers_it_uses():
	tree = parse_condition('(size == "large" or "gas" in hazards) and not dry')
	assert answers_used(tree) == {"size", "hazards", "dry"}


def test_a_name_with_a_dot_is_no_code_of_an_answer():
	tree = parse_condition('request.channel == "Phone" and depth > 5')
	assert answers_used(tree) == {"request.channel", "depth"}
	assert evaluate(tree, {"request.channel": "Phone", "depth": 6})
	assert not evaluate(tree, {"request": "Phone", "channel": "Phone", "depth": 6})


def test_the_tree_is_plain_json():
	tree = parse_condition('size == "large" and depth > 5')
	assert json.loads(json.dumps(tree, allow_nan=False)) == {
		"op": "and",
		"args": [
			{"op": "==", "args": [{"answer": "size"}, {"value": "large"}]},
			{"op": ">", "args": [{"answer": "depth"}, {"value": 5}]},
		],
	}


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
	with contextlib.suppress(ConditionError):
		json.dumps(parse_condition(text), allow_nan=False)


codes = st.sampled_from(["a", "b", "c"])
leaves = codes.map(lambda code: {"answer": code}) | st.sampled_from([1, 2.5, "x", "", True, ["x", 1]]).map(
	lambda value: {"value": value}
)
trees = st.recursive(
	leaves,
	lambda part: st.one_of(
		st.builds(lambda one: {"op": "not", "args": [one]}, part),
		st.builds(
			lambda op, left, right: {"op": op, "args": [left, right]},
			st.sampled_from(["and", "or", "==", "!=", "<", "<=", ">", ">=", "in", "not in"]),
			part,
			part,
		),
	),
	max_leaves=12,
)


@given(trees, st.dictionaries(codes, json_values, max_size=3))
def test_evaluating_never_raises_whatever_the_answers(tree, answers):
	assert evaluate(tree, answers) in (True, False)


@given(trees, st.dictionaries(codes, json_values, max_size=3))
def test_a_negated_condition_says_the_opposite(tree, answers):
	assert evaluate({"op": "not", "args": [tree]}, answers) is not evaluate(tree, answers)
