"""What is closed opens under its own key and name alone, and tells nothing to who looks at it."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain import sealing
from govcrm.domain.ledger import commitments

KEYS = st.binary(min_size=32, max_size=32)
TEXTS = st.text(max_size=200)


@given(KEYS, TEXTS, TEXTS)
def test_a_text_comes_out_as_it_went_in(key: bytes, text: str, about: str):
	assert sealing.open_closed(key, sealing.close(key, text, about), about) == text


@given(KEYS, KEYS, TEXTS)
def test_it_opens_under_no_other_key_and_no_other_name(key: bytes, other: bytes, text: str):
	closed = sealing.close(key, text, "a")
	assert sealing.open_closed(key, closed, "b") is None
	assert other == key or sealing.open_closed(other, closed, "a") is None


@given(KEYS, TEXTS, st.integers(0), st.integers(1, 255))
def test_a_changed_byte_is_found(key: bytes, text: str, at: int, change: int):
	raw = bytearray(base64.b64decode(sealing.close(key, text, "a")))
	raw[at % len(raw)] ^= change
	assert sealing.open_closed(key, base64.b64encode(raw).decode(), "a") is None


@given(KEYS, st.text(min_size=8, max_size=40, alphabet="abcdefgh"))
def test_closing_twice_gives_two_cipher_texts_and_neither_says_a_word(key: bytes, text: str):
	first, second = (sealing.close(key, text, "a") for _each in range(2))
	assert first != second
	assert text.encode() not in base64.b64decode(first)


@given(st.text(max_size=60))
def test_what_is_no_cipher_text_opens_as_nothing(text: str):
	assert sealing.open_closed(bytes(32), text, "a") is None


@given(KEYS)
def test_the_key_of_the_sealed_matter_is_another_than_that_of_payloads(key: bytes):
	assert (
		len({bytes(sealing.key_of(key)), bytes(commitments.cipher_of(key)), bytes(commitments.salt_of(key))})
		== 3
	)
