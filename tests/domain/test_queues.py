"""The order of a queue, and the choice of a person."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain import queues
from govcrm.domain.queues import (
	BY_LOAD,
	IN_TURN,
	Offer,
	Person,
	Refusal,
	Work,
	deputies_of,
	in_circle,
	is_away,
	rank,
	refusal,
	stand_in,
	urgency,
)

NOON = datetime(2026, 3, 2, 12)
HOUR = timedelta(hours=1)


def people(*persons: Person) -> dict[str, Person]:
	return {person.user: person for person in persons}


def offered(method: str, work: Work, *persons: Person, members: tuple[str, ...] = ()) -> list[str]:
	staff = people(*persons)
	return [offer.to for offer in rank(method, work, members or tuple(staff), staff).offers]


# The order of a queue ------------------------------------------------------------------------------------


def test_what_is_due_first_comes_first_whatever_its_priority():
	assert urgency(NOON, NOON, "Low") < urgency(NOON + HOUR, NOON, "Urgent")


def test_priority_decides_at_the_same_moment_and_age_after_that():
	same = [urgency(NOON, NOON + HOUR, each) for each in queues.PRIORITIES]
	assert same == sorted(same)
	assert urgency(NOON, NOON, "High") < urgency(NOON, NOON + HOUR, "High")


def test_what_is_never_due_comes_last_the_oldest_first():
	assert urgency(NOON + 999 * HOUR, NOON, "Low") < urgency(None, NOON - 999 * HOUR, "Urgent")
	assert urgency(None, NOON, "Low") < urgency(None, NOON + HOUR, "Urgent")


def test_an_unknown_priority_is_the_least():
	assert urgency(NOON, NOON, "Low") < urgency(NOON, NOON, None)


moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))
entries = st.tuples(st.none() | moments, moments, st.sampled_from((*queues.PRIORITIES, None, "Odd")))


@given(st.lists(entries, max_size=30))
def test_the_order_is_total_and_puts_all_dated_work_first(queue):
	ordered = sorted(queue, key=lambda entry: urgency(*entry))
	dues = [due for due, _opened, _priority in ordered]
	dated = [due for due in dues if due]
	assert dues[: len(dated)] == sorted(dated)


# Who is able ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("person", "work", "reason"),
	[
		(Person("ann", works=False), Work(), queues.NO_WORKER),
		(Person("ann"), Work(recused=frozenset({"ann"})), queues.RECUSED),
		(Person("ann"), Work(open_to=frozenset({"ben"})), queues.CLOSED_TO),
		(Person("ann", takes_work=False), Work(), queues.TAKES_NONE),
		(Person("ann", share=0), Work(), queues.TAKES_NONE),
		(Person("ann", limit=2, open_cases=2), Work(), queues.FULL),
		(Person("ann"), Work(skills=frozenset({"gas"})), queues.SKILL),
	],
)
def test_who_is_not_able_is_told_why(person, work, reason):
	assert refusal(person, work).reason == reason


def test_the_skills_that_are_missing_are_named():
	work = Work(skills=frozenset({"gas", "water"}))
	assert refusal(Person("ann", skills=frozenset({"gas"})), work) == Refusal("ann", queues.SKILL, ("water",))


def test_a_limit_of_none_is_no_limit():
	assert refusal(Person("ann", open_cases=999), Work()) is None


# The choice ----------------------------------------------------------------------------------------------


def test_in_turn_goes_to_who_was_given_something_longest_ago_and_first_to_who_never_was():
	ann, ben = Person("ann", last_given=NOON), Person("ben", last_given=NOON - HOUR)
	assert offered(IN_TURN, Work(), ann, ben, Person("cem")) == ["cem", "ben", "ann"]


def test_by_load_goes_to_who_bears_least_for_their_working_share():
	ann, ben = Person("ann", load=4), Person("ben", load=3, share=50)
	assert offered(BY_LOAD, Work(), ann, ben) == ["ann", "ben"]


def test_who_knows_the_citizen_comes_before_everybody_the_latest_first():
	work = Work(known=("cem", "ben", "gone"))
	assert offered(IN_TURN, work, Person("ann"), Person("ben"), Person("cem")) == ["cem", "ben", "ann"]


def test_who_knows_the_citizen_and_is_not_able_is_passed_over():
	work = Work(known=("ben",), recused=frozenset({"ben"}))
	assert offered(IN_TURN, work, Person("ann"), Person("ben")) == ["ann"]


def test_a_language_is_asked_for_only_where_somebody_able_speaks_it():
	ann, ben = Person("ann"), Person("ben", languages=frozenset({"es"}))
	assert offered(IN_TURN, Work(language="es"), ann, ben) == ["ben"]
	assert offered(IN_TURN, Work(language="fr"), ann, ben) == ["ann", "ben"]
	full = replace(ben, limit=1, open_cases=1)
	assert offered(IN_TURN, Work(language="es"), ann, full) == ["ann"]


def test_nobody_able_is_no_offer_and_a_reason_for_each():
	staff = people(Person("ann", works=False), Person("ben", away=True))
	ranking = rank(IN_TURN, Work(), tuple(staff), staff)
	assert ranking.offers == ()
	assert {each.user: each.reason for each in ranking.refusals} == {
		"ann": queues.NO_WORKER,
		"ben": queues.AWAY,
	}


# Absence -------------------------------------------------------------------------------------------------


def test_both_days_of_an_absence_count():
	first, last = date(2026, 3, 2), date(2026, 3, 4)
	days = [date(2026, 3, day) for day in range(1, 6)]
	assert [is_away(day, first, last) for day in days] == [False, True, True, True, False]
	assert is_away(date(2030, 1, 1), first, None)
	assert not is_away(first, None, last)


def test_the_deputy_gets_it_in_the_turn_of_who_is_away():
	staff = people(Person("ann", away=True, deputy="dan"), Person("dan"))
	assert rank(IN_TURN, Work(), ("ann",), staff).offers == (Offer("ann", "dan"),)


def test_by_load_it_is_the_deputys_load_that_counts():
	ann, dan = Person("ann", away=True, deputy="dan"), Person("dan", load=9)
	assert offered(BY_LOAD, Work(), ann, dan, Person("ben", load=1), members=("ann", "ben")) == ["ben", "dan"]


def test_a_deputy_who_is_not_able_gets_nothing():
	staff = people(Person("ann", away=True, deputy="dan"), Person("dan"))
	work = Work(recused=frozenset({"dan"}))
	assert rank(IN_TURN, work, ("ann",), staff).refusals == (Refusal("dan", queues.RECUSED),)


names = st.sampled_from("abcdef")
absences = st.dictionaries(names, st.tuples(st.booleans(), st.none() | names))


@given(absences, names)
def test_a_stand_in_is_there_and_is_reached_by_deputies_and_the_way_ends(drawn, user):
	staff = {name: Person(name, away=away, deputy=deputy) for name, (away, deputy) in drawn.items()}
	member = staff.get(user, Person(user))
	found = stand_in(member, staff)
	reached = deputies_of(user, {name: person.deputy for name, person in staff.items()})
	assert found is None or (not found.away and found.user in {user, *reached})


@given(absences, st.sets(names), st.sampled_from((IN_TURN, BY_LOAD)))
def test_who_is_recused_is_never_offered_anything(drawn, recused, method):
	staff = {name: Person(name) for name in "abcdef"}
	staff |= {name: Person(name, away=away, deputy=deputy) for name, (away, deputy) in drawn.items()}
	work = Work(recused=frozenset(recused), known=tuple("abc"))
	assert not recused & {offer.to for offer in rank(method, work, tuple(staff), staff).offers}


def test_a_circle_of_deputies_is_found_however_long():
	assert in_circle("a", {"a": "a"})
	assert in_circle("a", {"a": "b", "b": "c", "c": "a"})
	assert not in_circle("a", {"a": "b", "b": "c", "c": "b"})
	assert not in_circle("a", {"a": "b"})
	assert not in_circle("a", {})
