"""Canonical JSON: the vectors of RFC 8785 that lie in our subset, an independent library, and hostile bytes."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.ledger import canonical
from govcrm.domain.ledger.canonical import LARGEST, NotCanonical, dumps, loads_strict

rfc8785 = pytest.importorskip("rfc8785")

keys = st.text(st.characters(max_codepoint=0xD7FF))
scalars = (
	st.none()
	| st.booleans()
	| st.integers(-LARGEST, LARGEST)
	| st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


def test_the_strings_and_literals_of_rfc_8785_3_2_2():
	given = {
		"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
		"literals": [None, True, False],
	}
	expected = r'{"literals":[null,true,false],"string":"€$\u000f\nA' + r"'B\"\\\\\"/" + '"}'
	assert dumps(given) == expected.encode()


def test_the_order_of_keys_of_rfc_8785_3_2_3():
	given = {
		"\u20ac": "Euro Sign",
		"\r": "Carriage Return",
		"1": "One",
		"\u0080": "Control",
		"\u00f6": "Latin Small Letter O With Diaeresis",
	}
	assert list(json.loads(dumps(given))) == ["\r", "1", "\u0080", "\u00f6", "\u20ac"]


@pytest.mark.parametrize("key", ["\U0001f600", "\ufb33", "\ue000"])
def test_keys_whose_order_by_code_point_may_not_be_that_of_utf_16_are_refused(key):
	with pytest.raises(NotCanonical, match="U\\+D7FF"):
		dumps({key: 1})


@pytest.mark.parametrize("number", [333333333.33333329, 4.50, 2e-3, 1e30, 0.0, float("nan"), float("inf")])
def test_the_numbers_of_rfc_8785_that_are_no_integers_are_refused(number):
	with pytest.raises(NotCanonical, match="float"):
		dumps([number])


@pytest.mark.parametrize("number", [2**53, -(2**53), 295147905179352830000])
def test_integers_that_a_double_cannot_tell_apart_are_refused(number):
	with pytest.raises(NotCanonical, match="2\\^53"):
		dumps(number)


def test_the_control_characters_of_rfc_8785_3_2_2_2_are_written_as_it_says():
	two = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
	for code in range(0x20):
		expected = two.get(chr(code), f"\\u{code:04x}")
		assert dumps(chr(code)) == f'"{expected}"'.encode()
	assert dumps("\x7f\u2028/") == '"\x7f\u2028/"'.encode()


@given(values)
def test_an_independent_library_writes_the_same_bytes(value):
	assert dumps(value) == rfc8785.dumps(value)


@given(values)
def test_what_is_written_is_read_back_the_same(value):
	assert loads_strict(dumps(value)) == value


@given(values, st.data())
def test_other_bytes_for_the_same_value_are_refused(value, data):
	written = dumps(value)
	at = data.draw(st.integers(0, len(written)))
	spaced = written[:at] + b" " + written[at:]
	with suppress(NotCanonical):
		assert dumps(loads_strict(spaced)) == spaced, "a space inside of a string is part of it"
	with pytest.raises(NotCanonical):
		loads_strict(written + b"\n")


@given(st.binary())
def test_no_bytes_are_answered_with_anything_but_a_value_or_the_one_error(data):
	with suppress(NotCanonical):
		assert dumps(loads_strict(data)) == data


@pytest.mark.parametrize(
	"data",
	[
		b'{"a":1,"a":1}',
		b'{"a":1,"a":2}',
		b'{"b":1,"a":2}',
		b'{"a": 1}',
		b"1.0",
		b"-0",
		b"01",
		b"1e2",
		b"NaN",
		b"Infinity",
		b"9007199254740992",
		b"9" * 100_000,
		b'"\xff"',
		b'"\\ud800"',
		b'"\\u0041"',
		b'"\\/"',
		b"\xef\xbb\xbf1",
		b"[" * 100_000,
		b"[" * 1000 + b"]" * 1000,
		b"",
		b"1 ",
	],
)
def test_bytes_of_a_hostile_hand_are_refused(data):
	with pytest.raises(NotCanonical):
		loads_strict(data)


@pytest.mark.parametrize("value", [{1: 2}, {None: 1}, b"bytes", {1, 2}, object(), "\ud800", {"\ud800": 1}])
def test_what_is_no_json_is_refused_and_never_guessed(value):
	with pytest.raises(NotCanonical):
		dumps(value)


def test_a_value_nested_too_deep_is_refused_in_words():
	value = []
	for _level in range(canonical.DEEPEST + 1):
		value = [value]
	with pytest.raises(NotCanonical, match="deep"):
		dumps(value)
