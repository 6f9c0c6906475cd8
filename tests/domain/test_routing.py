import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.conditions import ConditionError
from govcrm.domain.questions import Question, check_questions
from govcrm.domain.routing import (
	FACTS,
	NAMED_BY_AREA,
	NAMED_BY_RULE,
	OF_AGENCY,
	OF_PROGRAM,
	OF_VERSION,
	Known,
	Part,
	Rule,
	Rules,
	candidates,
	choose,
	more_confidential,
)

BIG = Rule(1, "Big", "size > 5", department="Bridges")
PHONE = Rule(2, "Phone", 'request.channel == "Phone"', priority="High")
REST = Rule(3, "Rest")
RULES = Rules((BIG, PHONE, REST))


@pytest.mark.parametrize(
	("known", "fits"),
	[
		({"size": 6, "request.channel": "Phone"}, BIG),
		({"size": 5, "request.channel": "Phone"}, PHONE),
		({"size": "6"}, REST),
		({}, REST),
	],
)
def test_the_first_rule_that_fits_is_taken(known, fits):
	assert RULES.first(known) is fits


def test_without_a_rule_that_fits_there_is_none():
	assert Rules((BIG, PHONE)).first({}) is None


def test_a_condition_that_cannot_be_read_is_no_rule():
	with pytest.raises(ConditionError):
		Rule(1, "Bad", "size >")


def test_facts_are_looked_up_only_when_a_condition_asks_and_once():
	asked = []
	known = Known(
		{"size": 1}, "me", {"a.b": lambda about: asked.append(about) or 7, "c.d": lambda _about: 1 / 0}
	)
	assert (known.get("a.b"), known.get("a.b"), known.get("size"), known.get("none")) == (7, 7, 1, None)
	assert asked == ["me"]
	assert set(known) == {"size", "a.b", "c.d"}
	assert len(known) == 3


def test_no_question_can_take_the_name_of_a_fact():
	for name in FACTS:
		assert any(problem.field.endswith("code") for problem in check_questions([Question(name, "A label")]))


def test_a_rule_that_looks_at_sensitive_answers_or_protected_facts_is_protected():
	assert Rule(1, "A", "ill").is_protected({"ill"})
	assert Rule(1, "A", "size > 3 and not citizen.minor").is_protected(())
	assert not Rule(1, "A", "size > 3 and citizen.organisation").is_protected({"ill"})
	assert not REST.is_protected({"ill"})
	assert not RULES.is_protected(None)


def test_parts_belong_to_their_rule_or_to_every_request():
	always, big, bridges = Part("Police", "Close"), Part("Water", "Look", rule="Big"), Part("Bridges", "Look")
	rules = Rules((BIG,), (always, big, bridges))
	assert rules.parts_for(BIG, "Bridges") == (always, big)
	assert rules.parts_for(PHONE, "Roads") == (always, bridges)
	assert rules.parts_for(None, None) == (always, bridges)


@pytest.mark.parametrize(
	("default", "by_rule", "result"),
	[
		("Internal", None, "Internal"),
		("Internal", "Restricted", "Restricted"),
		("Restricted", "Public", "Restricted"),
		("Public", "Internal", "Internal"),
		("unknown", None, "unknown"),
		("unknown", "Internal", "Internal"),
	],
)
def test_confidentiality_is_only_raised(default, by_rule, result):
	assert more_confidential(default, by_rule) == result


ORDER = ("Rule's", "Ward's", "City's", "Version's", "Program's", "Agency's")
WHY = (NAMED_BY_RULE, NAMED_BY_AREA, NAMED_BY_AREA, OF_VERSION, OF_PROGRAM, OF_AGENCY)


def in_order():
	rule = Rule(1, "A", department=ORDER[0])
	return candidates(rule, [(ORDER[1], "Ward"), (ORDER[2], "City")], *ORDER[3:])


@given(st.sets(st.sampled_from(ORDER)))
def test_the_first_department_in_service_is_chosen_and_those_before_it_are_told(active):
	chosen, passed = choose(in_order(), active.__contains__)
	if not active:
		assert (chosen, passed) == (None, ORDER)
		return
	place = min(map(ORDER.index, active))
	assert (chosen.department, chosen.why, passed) == (ORDER[place], WHY[place], ORDER[:place])


def test_a_level_that_names_no_department_is_no_candidate():
	chosen, passed = choose(candidates(REST, [], None, None, "Agency's"), lambda department: True)
	assert (chosen.department, passed) == ("Agency's", ())
