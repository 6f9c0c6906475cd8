import pytest

from govcrm.domain.questions import Option, Question
from govcrm.domain.routing import Part
from govcrm.domain.routing_checks import check_rules, vocabulary

QUESTIONS = (
	Question("size", "Size", "number"),
	Question("kind", "Kind", "singlevaluelist", options=(Option("gas", "Gas"), Option("oil", "Oil"))),
	Question("hazards", "Hazards", "multivaluelist", options=(Option("fire", "Fire"),)),
	Question("ill", "Ill", "boolean", sensitive=True),
)
WORDS = vocabulary(
	QUESTIONS,
	{"request.channel": ["Phone", "Web"], "request.areas": ["North"], "request.weekday": ["Sunday"]},
)


def row(number=1, label="Rule", condition="", department=None, confidentiality=None):
	return {
		"number": number,
		"label": label,
		"condition": condition,
		"department": department,
		"confidentiality": confidentiality,
	}


def problems(*rows, parts=(), confidentiality="Internal"):
	return [str(problem) for problem in check_rules(rows, parts, WORDS, confidentiality)]


@pytest.mark.parametrize(
	"condition",
	[
		"",
		"size > 5",
		'kind == "gas" or kind in ["gas", "oil"]',
		'"fire" in hazards',
		"ill",
		"ill == true",
		'request.channel != "Web" and "North" in request.areas',
		'request.time >= "17:00" and request.hour < 20',
		"not request.working_time",
		'citizen.language == "es" or citizen.minor',
		"size == size",
	],
)
def test_a_sound_rule_has_no_problem(condition):
	assert problems(row(condition=condition)) == []


@pytest.mark.parametrize(
	("condition", "words"),
	[
		("size >", "Rule 1, when: it cannot be read"),
		("weight > 5", "looks at weight, which is neither a question nor a known name"),
		('request.chanel == "Web"', "looks at request.chanel"),
		('request.channel == "web"', 'request.channel is never "web"'),
		('"South" in request.areas', 'request.areas is never "South"'),
		('"Web" == request.channel and "x" == kind', 'kind is never "x"'),
		('not (kind in ["gas", "coal"])', 'kind is never "coal"'),
		('size > "5"', 'size is never "5"'),
		("ill == 1", "ill is never 1"),
		('citizen.minor == "yes"', 'citizen.minor is never "yes"'),
		("size == true", "size is never true"),
	],
)
def test_a_rule_that_could_never_fit_is_told(condition, words):
	found = problems(row(condition=condition))
	assert len(found) == 1
	assert words in found[0]


def test_a_rule_cannot_make_a_case_less_confidential():
	assert "A rule can only be stricter" in problems(row(confidentiality="Public"))[0]
	assert problems(row(confidentiality="Restricted")) == []
	assert problems(row(confidentiality="Internal")) == []


def test_rules_after_one_that_always_fits_are_never_asked():
	always, other = row(1, "A"), row(2, "B", "size > 1")
	assert "Rule 1 fits every request" in problems(always, other)[0]
	assert problems({**other, "number": 1}, {**always, "number": 2}) == []


def test_two_rules_of_one_name_are_told():
	assert "Two rules are called A" in problems(row(1, "A", "size > 1"), row(2, "A"))[0]


def test_parts_need_a_rule_that_is_there_another_department_and_instructions():
	rules = row(label="Big", department="Bridges")
	assert problems(rules, parts=[Part("Police", "Close the road", rule="Big"), Part("Water", "Look")]) == []
	assert (
		"the rule Huge, which is not there" in problems(rules, parts=[Part("Police", "Look", rule="Huge")])[0]
	)
	assert "goes to Bridges" in problems(rules, parts=[Part("Bridges", "Look", rule="Big")])[0]
	assert "Part 1 has no instructions" in problems(rules, parts=[Part("Police", " ")])[0]


def test_problems_name_the_row():
	rows = [row(1, "A", "size > 1"), row(2, "B", "weight")]
	found = check_rules(rows, [Part("Police", "")], WORDS, "Internal")
	assert [problem.field for problem in found] == ["routing_rules.2", "routing_parts.1"]
