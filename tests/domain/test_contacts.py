import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.contacts import (
	email_key,
	identifier_key,
	last_characters,
	looks_like_phone,
	phone_key,
	plain_key,
)


@pytest.mark.parametrize(
	"text", ["617-635-4500", "(617) 635 4500", "1 617 635 4500", "+1 617.635.4500", "  6176354500"]
)
def test_one_phone_number_has_one_key_however_it_is_written(text):
	assert phone_key(text, "us") == "+16176354500"


def test_a_number_of_another_country_keeps_its_code():
	assert phone_key("+44 20 7946 0018", "US") == "+442079460018"
	assert phone_key("020 7946 0018", "GB") == "+442079460018"


def test_what_is_no_number_is_kept_as_digits():
	assert phone_key("extension 12", "US") == "12"
	assert phone_key("635 4500", None) == "6354500"
	assert phone_key("ask for Jo", "US") == ""


@given(st.text(max_size=300))
def test_any_text_has_keys(text):
	phone_key(text, "US")
	assert identifier_key(text) == identifier_key(identifier_key(text))
	assert len(last_characters(text)) <= 4
	looks_like_phone(text)


def test_addresses_and_names_are_compared_without_case():
	assert email_key(" Jo@Example.ORG ") == "jo@example.org"
	assert plain_key("Jo  VAN der Berg") == plain_key("jo van der berg ")


def test_an_identifier_has_one_key_however_it_is_written():
	assert identifier_key("123-45-6789") == identifier_key(" 123 45 6789") == "123456789"
	assert identifier_key("ab.12/c") == "AB12C"


@pytest.mark.parametrize(
	("identifier", "shown"), [("123-45-6789", "789"), ("AB12", "2"), ("12", ""), ("1234567890123456", "3456")]
)
def test_never_more_than_a_third_of_an_identifier_stays_readable(identifier, shown):
	assert last_characters(identifier) == shown


@pytest.mark.parametrize("text", ["617 635-4500", "+44 20 7946", "(617) 635", "6354500 ext. 4"])
def test_phone_like(text):
	assert looks_like_phone(text)


@pytest.mark.parametrize("text", ["", "Jo 12", "jo@example.org", "12", "CZ-26326-7K3M9QZW4"])
def test_not_phone_like(text):
	assert not looks_like_phone(text)
