import secrets
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.references import (
	ALPHABET,
	BITS,
	check_character,
	is_valid_reference,
	new_reference,
	normalise_reference,
)

MOMENT = datetime(2026, 11, 22, 9, 30)
prefixes = st.sampled_from(["SR", "CASE", "CZ"])
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2099, 12, 31))
numbers = st.integers(min_value=0, max_value=2**BITS - 1)


@st.composite
def references(draw):
	number = draw(numbers)
	return new_reference(draw(prefixes), draw(moments), lambda bits: number)


def test_a_reference_holds_year_day_and_forty_random_bits():
	reference = new_reference("SR", MOMENT, lambda bits: 2**bits - 1)
	assert reference[:-1] == "SR-26326-ZZZZZZZZ"
	assert BITS >= 40


def test_the_check_character_of_a_written_down_reference_never_changes():
	assert new_reference("SR", MOMENT, lambda bits: 0x123456789A) == "SR-26326-28T5CY4TZ"


def test_references_of_later_days_sort_later():
	early = new_reference("SR", datetime(2026, 1, 9), secrets.randbits)
	assert early < new_reference("SR", datetime(2026, 1, 10), secrets.randbits)


@given(references())
def test_every_new_reference_is_valid_and_canonical(reference):
	assert is_valid_reference(reference)
	assert normalise_reference(reference) == reference


@given(references(), st.data())
def test_one_wrong_character_is_caught(reference, data):
	at = data.draw(st.sampled_from([i for i, c in enumerate(reference) if c != "-"]))
	wrong = data.draw(st.sampled_from([c for c in ALPHABET if c != reference[at]]))
	assert not is_valid_reference(reference[:at] + wrong + reference[at + 1 :])


@given(references(), st.data())
def test_two_exchanged_characters_are_caught(reference, data):
	places = [i for i, c in enumerate(reference) if c != "-"]
	one = data.draw(st.sampled_from(places))
	other = data.draw(st.sampled_from(places))
	swapped = list(reference)
	swapped[one], swapped[other] = swapped[other], swapped[one]
	assert is_valid_reference("".join(swapped)) == (reference[one] == reference[other])


def test_all_substitutions_and_transpositions_of_one_reference_are_caught():
	reference = new_reference("CASE", MOMENT, lambda bits: 0xFEDCBA9876).replace("-", "")
	for at, right in enumerate(reference):
		for wrong in set(ALPHABET) - {right}:
			assert not is_valid_reference(reference[:at] + wrong + reference[at + 1 :])
	for at in range(len(reference) - 1):
		left, right = reference[at : at + 2]
		swapped = reference[:at] + right + left + reference[at + 2 :]
		assert is_valid_reference(swapped) == (left == right)


@given(references(), st.data())
def test_case_spaces_hyphens_and_misread_letters_do_not_matter(reference, data):
	spoken = reference.lower().replace("0", data.draw(st.sampled_from("0oO")))
	spoken = spoken.replace("1", data.draw(st.sampled_from("1iIlL")))
	noise = st.sampled_from(["", " ", "-", "\u2013", "\u00a0", ". "])
	spoken = "".join(character + data.draw(noise) for character in spoken)
	assert normalise_reference(spoken) == reference


def test_a_request_number_is_no_case_number():
	reference = new_reference("SR", MOMENT, secrets.randbits)
	assert is_valid_reference(reference, "SR")
	assert not is_valid_reference(reference, "CASE")
	assert not is_valid_reference("CASE" + reference[2:])


@given(st.text(max_size=200))
def test_any_text_is_answered_without_an_error(text):
	is_valid_reference(text)


@pytest.mark.parametrize("prefix", ["", "sr", "OIL", "TOOLONGER", "S-R"])
def test_a_prefix_outside_the_alphabet_is_refused(prefix):
	with pytest.raises(ValueError, match="prefix"):
		new_reference(prefix, MOMENT, secrets.randbits)


def test_the_check_character_is_one_of_the_alphabet():
	assert {check_character(f"SR26326{c}{d}") for c in ALPHABET for d in ALPHABET} == set(ALPHABET)
