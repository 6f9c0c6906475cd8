"""What a caller may write into a list: names and functions of one name; nothing that a database would reckon with."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain import query_terms
from govcrm.domain.query_terms import EVERY, NotPlain, Term

SAID = {
	"name": Term("name"),
	"`name`": Term("name"),
	"`tabCase`.`subject`": Term("subject", "Case"),
	"`tabService Request`.description": Term("description", "Service Request"),
	"tabCase.subject": Term("subject", "Case"),
	"subject as title": Term("subject"),
	"`tabCase`.`subject` as `title`": Term("subject", "Case"),
	"*": Term(EVERY),
	"`tabCase`.*": Term(EVERY, "Case"),
	"count(name)": Term("name", None, "count"),
	"COUNT(*) as total": Term(EVERY, None, "count"),
	"count(`tabCase`.`name`) as total_count": Term("name", "Case", "count"),
	"count(distinct `tabCase`.name) as total_count": Term("name", "Case", "count"),
	"sum(`tabCase`.`join_count`) AS _aggregate_column": Term("join_count", "Case", "sum"),
}
# Each was tried on a real site and read something, or says a thing that a list has no need of.
SMUGGLED = [
	"greatest(name, secret)",
	"ifnull(secret, name)",
	"concat(name, ':', secret)",
	"(select secret from `tabCase` limit 1)",
	"name, secret",
	"name -- secret",
	"name/**/as/**/x",
	"name; drop table tabCase",
	"case.subject",
	"citizen.last_name as name",
	"`tabCase`.`subject`.x",
	"count(name) + sum(secret)",
	"count(secret, name)",
	"sum(length(secret))",
	"extractvalue(1,concat(0x7e,version()))",
	"benchmark(1000000,md5(1))",
	"sleep(1)",
	"max(secret) over ()",
	"group_concat(secret)",
	"name as `x`, secret",
	"name as x y",
	"`tabCase` . `subject`",
	"'secret'",
	"1",
	"0x41",
	"@@version",
	"ｎame",
	"name\x00",
	"",
]


@pytest.mark.parametrize(("written", "term"), SAID.items())
def test_what_the_desk_writes_is_understood(written: str, term: Term):
	assert query_terms.field(written) == term


@pytest.mark.parametrize("written", SMUGGLED)
def test_what_says_more_than_a_name_is_refused_wherever_it_stands(written: str):
	for read in (
		lambda: query_terms.field(written),
		lambda: list(query_terms.fields([written])),
		lambda: list(query_terms.filters({written: 1})),
		lambda: list(query_terms.filters([[written, "=", 1]])),
		lambda: list(query_terms.filters([["Case", written, "=", 1]])),
		lambda: query_terms.field({"COUNT": written}),
	):
		with pytest.raises(NotPlain):
			read()
	if written != "name, secret":  # two names to order by are two names
		with pytest.raises(NotPlain):
			list(query_terms.order(written))


def test_a_link_is_told_by_itself_and_never_as_a_field():
	assert query_terms.linked("program.program_name as program_program_name") == ("program", "program_name")
	assert query_terms.linked("citizen.last_name") == ("citizen", "last_name")
	for written in ("a.b.c", "a.b, c", "max(a.b)", "`a`.b", "a.b as c d", "a.*", "name", None, 1):
		assert query_terms.linked(written) is None


def test_orders_name_fields_and_directions():
	assert list(query_terms.order("`tabCase`.`modified` desc, name ASC")) == [
		Term("modified", "Case"),
		Term("name"),
	]
	for written in (
		"name desc desc",
		"name desc nulls last",
		"count(name)",
		"name as x",
		"*",
		"field(name, 'a')",
	):
		with pytest.raises(NotPlain):
			list(query_terms.order(written))


def test_filters_are_read_in_every_form_that_frappe_takes():
	said = [Term("department", None), Term("subject", "Case")]
	assert list(query_terms.filters({"department": "Fire", "`tabCase`.`subject`": ["like", "%x%"]})) == said
	assert (
		list(query_terms.filters([["department", "=", "Fire"], ["Case", "subject", "like", "%x%"]])) == said
	)
	assert list(query_terms.filters(["department", "=", "Fire"])) == said[:1]
	assert list(query_terms.filters([{"department": "Fire"}])) == said[:1]
	assert list(query_terms.filters([])) == []


@pytest.mark.parametrize(
	"given", ["name = 1", 1, [1], [[1, "=", 2]], [["Case` x", "name", "=", 1]], [[]], None]
)
def test_filters_in_no_form_are_refused(given):
	with pytest.raises(NotPlain):
		list(query_terms.filters(given))


@pytest.mark.parametrize(
	("written", "term"),
	[
		({"COUNT": "name", "as": "total"}, Term("name", None, "count")),
		({"count": "*"}, Term(EVERY, None, "count")),
		({"SUM": "`tabCase`.`join_count`"}, Term("join_count", "Case", "sum")),
	],
)
def test_functions_as_frappe_16_has_them(written: dict, term: Term):
	assert query_terms.field(written) == term


@pytest.mark.parametrize(
	"written",
	[
		{"COUNT": "name", "SUM": "x"},
		{"IFNULL": "x"},
		{"COUNT": ["name"]},
		{"COUNT": "count(name)"},
		{"as": "x"},
		{},
	]
	+ [{"COUNT": "name", "as": "x, secret"}, {"COUNT": "name", "as": None}],
)
def test_other_functions_as_frappe_16_has_them_are_refused(written: dict):
	with pytest.raises(NotPlain):
		query_terms.field(written)


@given(st.text(alphabet="abtCase`.*(), \n\t'\"#-/;distincoum"))
def test_nothing_that_is_accepted_holds_more_than_one_name(written: str):
	try:
		term = query_terms.field(written)
	except NotPlain:
		return
	rest = written.replace(term.field, "", 1)
	assert "," not in rest
	assert rest.count("(") <= 1
	assert not set(rest) & set('#-;/"')


@given(st.text())
def test_whatever_is_written_is_understood_or_refused(written: str):
	for read in (query_terms.field, lambda text: list(query_terms.order(text))):
		with contextlib.suppress(NotPlain):
			read(written)
