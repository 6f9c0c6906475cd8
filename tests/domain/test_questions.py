import json
import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.questions import (
	DATATYPES,
	MAX_QUESTIONS,
	Option,
	Question,
	check_answers,
	check_questions,
	describe,
	parse_options,
)

SIZES = parse_options("small=Small, up to a hand\nlarge=Large\n\nhuge")
HAZARDS = parse_options("gas\nwire\nwater")

POTHOLE = (
	Question("size", "How large is it?", "singlevaluelist", required=True, options=SIZES),
	Question("depth", "How deep, in cm?", "number", required=True, shown_when='size == "large"'),
	Question("hazards", "What else?", "multivaluelist", options=HAZARDS),
	Question("injury", "Was somebody hurt?", "boolean", sensitive=True),
	Question("who", "Who?", "text", required=True, sensitive=True, shown_when="injury"),
	Question("seen", "Seen on", "date"),
	Question("heard", "Heard at", "datetime"),
	Question("lamp", "Number on the lamp post"),
)

HUGE = pytest.param(10**5000, id="huge")  # more digits than Python prints

anything = st.recursive(
	st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
	lambda children: st.lists(children, max_size=3)
	| st.dictionaries(st.text(max_size=3), children, max_size=3),
	max_leaves=5,
)


def answer(datatype, value, **more):
	"""Return the kept answer to one question; raise AssertionError with the message if refused."""
	checked = check_answers([Question("it", "It", datatype, **more)], {"it": value})
	assert not checked.errors, str(checked.errors[0])
	return checked.public.get("it")


def refusal(datatype, value, **more):
	(error,) = check_answers([Question("it", "It", datatype, **more)], {"it": value}).errors
	assert error.field == "answers.it"
	return str(error)


# Options --------------------------------------------------------------------------------------------------


def test_options_are_keys_with_or_without_a_label():
	assert (
		Option("small", "Small, up to a hand"),
		Option("large", "Large"),
		Option("huge", "huge"),
	) == SIZES
	assert parse_options(None) == parse_options(" \n ") == ()


# Answers --------------------------------------------------------------------------------------------------


def test_sensitive_answers_are_kept_apart():
	checked = check_answers(POTHOLE, {"size": "small", "injury": True, "who": "A child"})
	assert checked.public == {"size": "small"}
	assert checked.sensitive == {"injury": True, "who": "A child"}
	assert not checked.errors


def test_a_question_is_required_only_if_it_is_shown():
	assert not check_answers(POTHOLE, {"size": "small"}).errors
	assert [error.field for error in check_answers(POTHOLE, {"size": "large"}).errors] == ["answers.depth"]
	assert [error.field for error in check_answers(POTHOLE, {}).errors] == ["answers.size"]


def test_an_answer_to_a_question_that_is_not_shown_is_not_kept():
	checked = check_answers(POTHOLE, {"size": "small", "depth": 4})
	assert checked.public == {"size": "small"}
	assert not checked.errors


def test_what_hangs_on_a_question_that_is_not_shown_is_not_shown_either():
	chain = (
		Question("a", "A", "boolean"),
		Question("b", "B", "boolean", shown_when="a"),
		Question("c", "C", required=True, shown_when="b"),
	)
	assert not check_answers(chain, {"a": False, "b": True, "c": "lost"}).public.get("c")
	assert check_answers(chain, {"a": True, "b": True}).errors


def test_unknown_codes_are_refused():
	errors = check_answers(POTHOLE, {"size": "small", "colour": "red", 4: 5}).errors
	assert [error.field for error in errors] == ["answers.colour", "answers.?"]


def test_all_errors_are_told_at_once():
	errors = check_answers(POTHOLE, {"size": "tiny", "seen": "yesterday", "colour": "red"}).errors
	assert {error.field for error in errors} == {"answers.size", "answers.seen", "answers.colour"}


@pytest.mark.parametrize("answers", [None, [], "size", 4, True])
def test_answers_are_an_object(answers):
	assert [error.field for error in check_answers(POTHOLE, answers).errors] == ["answers"]


@pytest.mark.parametrize("empty", [None, "", "  ", []])
@pytest.mark.parametrize("datatype", DATATYPES)
def test_empty_is_no_answer(datatype, empty):
	assert answer(datatype, empty, options=SIZES) is None
	assert refusal(datatype, empty, options=SIZES, required=True) == "Please answer: It"


def test_no_and_zero_are_answers():
	assert answer("boolean", False, required=True) is False
	assert answer("number", 0, required=True) == 0


@pytest.mark.parametrize(
	("value", "kept"),
	[
		(4, 4),
		(4.0, 4),
		("4", 4),
		(" -4.5 ", -4.5),
		("1e3", 1000),
		(".5", 0.5),
		(10**15, 10**15),
		(-0.25, -0.25),
	],
)
def test_numbers(value, kept):
	result = answer("number", value)
	assert result == kept
	assert type(result) is type(kept)


@pytest.mark.parametrize(
	"value",
	[
		True,
		"four",
		"4,5",
		"1_000",
		"0x10",
		"NaN",
		"inf",
		math.nan,
		math.inf,
		10**16,
		HUGE,
		"9" * 30,
		"1e99",
		"٤",
		[4],
	],
)
def test_no_numbers(value):
	assert refusal("number", value)


@pytest.mark.parametrize("value", [True, 1, "1", "true", "Yes", " on "])
def test_yes(value):
	assert answer("boolean", value) is True


@pytest.mark.parametrize("value", [2, -1, 0.5, "maybe", [1], {}, HUGE])
def test_neither_yes_nor_no(value):
	assert refusal("boolean", value)


def test_days():
	assert answer("date", "2024-02-29") == answer("date", date(2024, 2, 29)) == "2024-02-29"
	for wrong in (
		"2023-02-29",
		"2024-2-9",
		"20240229",
		"29.2.2024",
		"2024-W01-1",
		20240229,
		datetime(2024, 2, 29),
	):
		assert refusal("date", wrong)


def test_moments():
	assert answer("datetime", "2024-02-29 14:30") == "2024-02-29T14:30:00"
	assert answer("datetime", datetime(2024, 2, 29, 14, 30, 5, 99)) == "2024-02-29T14:30:05"
	assert answer("datetime", "2024-02-29T14:30:05Z") == "2024-02-29T14:30:05+00:00"
	assert answer("datetime", "2024-02-29T14:30:05.123-05:00") == "2024-02-29T14:30:05-05:00"
	for wrong in ("2024-02-29", "2024-02-29T25:00", "2024-02-29T14:30+99:00", "14:30", 0):
		assert refusal("datetime", wrong)


def test_texts():
	assert answer("string", " 12 \n High  St ") == "12 High St"
	assert answer("string", 12) == "12"
	assert answer("text", " one\ntwo ") == "one\ntwo"
	assert refusal("string", "x" * 256) == "At most 255 characters."
	assert refusal("text", "x" * 20_001)
	for wrong in ("a\0b", "\ud800", ["a"], {"a": 1}, True, 10**5000, math.nan):
		assert refusal("text", wrong)


def test_options_are_chosen_by_their_key():
	assert answer("singlevaluelist", "large", options=SIZES) == "large"
	assert refusal("singlevaluelist", "Large", options=SIZES) == "Expected one of: small, large, huge"
	assert refusal("singlevaluelist", ["large"], options=SIZES)


def test_several_options_are_kept_once_and_in_order():
	assert answer("multivaluelist", ["water", "gas", "gas"], options=HAZARDS) == ["gas", "water"]
	assert answer("multivaluelist", "wire", options=HAZARDS) == ["wire"]
	assert refusal("multivaluelist", ["gas", "fire"], options=HAZARDS)
	assert refusal("multivaluelist", ["gas"] * 4, options=HAZARDS) == "At most 3 options."


def test_an_expected_list_names_no_more_than_twenty_keys():
	many = parse_options("\n".join(f"k{n}" for n in range(50)))
	assert refusal("singlevaluelist", "x", options=many).endswith("k19, …")


@given(anything, st.sampled_from(DATATYPES))
def test_whatever_is_sent_is_kept_as_json_or_refused(value, datatype):
	checked = check_answers([Question("it", "It", datatype, options=SIZES)], {"it": value})
	assert checked.errors or json.dumps(checked.public, allow_nan=False).encode()
	assert all(str(error) for error in checked.errors)


@given(anything, st.sampled_from(DATATYPES))
def test_a_kept_answer_is_kept_the_same_again(value, datatype):
	question = Question("it", "It", datatype, options=SIZES)
	once = check_answers([question], {"it": value}).public
	assert check_answers([question], once).public == once


@given(
	st.dictionaries(st.sampled_from([q.code for q in POTHOLE]) | st.text(max_size=4), anything, max_size=6)
)
def test_any_answers_to_the_pothole_are_kept_or_refused(answers):
	checked = check_answers(POTHOLE, answers)
	assert not set(checked.public) & {"injury", "who"}
	assert not set(checked.sensitive) & {"size", "depth", "hazards"}


# Questions ------------------------------------------------------------------------------------------------


def findings(*questions):
	return [(problem.field, str(problem)) for problem in check_questions(questions)]


def test_sound_questions_have_no_findings():
	assert findings(*POTHOLE) == []


@pytest.mark.parametrize(
	"code", ["", "2nd", "a b", "a-b", "é", "x" * 61, "and", "not", "None", "true", "a.b"]
)
def test_a_code_must_be_usable_in_conditions(code):
	assert findings(Question(code, "It"))[0][0] == "questions.1.code"


def test_a_code_is_used_once():
	assert findings(Question("a", "A"), Question("a", "B")) == [
		("questions.2.code", "Two questions have the code a.")
	]


def test_lists_need_options_with_different_keys():
	assert findings(Question("a", "A", "singlevaluelist"))[0][0] == "questions.1.options"
	twice = Question("a", "A", "multivaluelist", options=parse_options("x\ny\nx=again"))
	assert findings(twice) == [("questions.1.options", "Question a has the option x twice.")]
	assert findings(Question("a", "A", "multivaluelist", options=parse_options("=label")))
	assert findings(
		Question("a", "A", "multivaluelist", options=tuple(Option(str(n), "") for n in range(501)))
	)


def test_datatype_and_label_must_be_there():
	assert [field for field, _ in findings(Question("a", " ", "colour"))] == [
		"questions.1.datatype",
		"questions.1.label",
	]


def test_a_condition_must_be_readable():
	((field, message),) = findings(Question("a", "A", shown_when="b +"))
	assert field == "questions.1.shown_when"
	assert "b +" in message


def test_a_condition_depends_on_earlier_questions_only():
	assert findings(Question("a", "A", shown_when="b"), Question("b", "B")) == [
		("questions.1.shown_when", "Question a depends on b, which is not asked before it.")
	]
	assert findings(Question("a", "A", shown_when="a"))


def test_a_condition_must_not_give_a_sensitive_answer_away():
	secret = Question("ill", "Ill?", "boolean", sensitive=True)
	assert findings(secret, Question("doctor", "Doctor", shown_when="ill"))[0][0] == "questions.2.shown_when"
	assert findings(secret, Question("doctor", "Doctor", shown_when="ill", sensitive=True)) == []


def test_there_is_a_limit_to_what_a_program_asks():
	many = [Question(f"q{n}", "Q") for n in range(MAX_QUESTIONS + 1)]
	assert findings(*many) == [("questions", "A program asks up to 100 questions.")]


def test_a_described_question_is_json_with_its_condition_as_a_tree():
	described = json.loads(json.dumps(describe(POTHOLE[1], 2)))
	assert described["order"] == 2
	assert described["shown_when"] == {"op": "==", "args": [{"answer": "size"}, {"value": "large"}]}
	assert describe(POTHOLE[0], 1)["options"][0] == {"key": "small", "label": "Small, up to a hand"}
