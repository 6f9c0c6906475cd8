"""Keys wrapped and unwrapped many at once are so as RFC 3394 says."""

import sys
from array import array
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.ledger import wrapping as wrapping_module
from govcrm.domain.ledger.secret import Secret
from govcrm.domain.ledger.wrapping import unwrap_many, wrap_many

KEK = bytes(range(32))
DATA = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
# RFC 3394, 4.1 (128 bits with 128), 4.3 (with 256), 4.6 (256 with 256).
VECTORS = [
	(KEK[:16], DATA, "1FA68B0A8112B447 AEF34BD8FB5A7B82 9D3E862371D2CFE5"),
	(KEK, DATA, "64E8C3F9CE0F5BA2 63E9777905818A2A 93C8191E7D6E8AE7"),
	(
		KEK,
		DATA + bytes(range(16)),
		"28C9F404C4B810F4 CBCCB35CFB87F826 3F5786E2D80ED326 CBC7F0E71A99F43B FB988B9B7A02DD21",
	),
]


@pytest.mark.parametrize(("wrapping", "key", "wrapped"), VECTORS)
def test_the_vectors_of_the_rfc(wrapping: bytes, key: bytes, wrapped: str):
	assert wrap_many(wrapping, [key, key]) == [bytes.fromhex(wrapped)] * 2


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(min_size=32, max_size=32), max_size=5))
def test_each_is_wrapped_as_it_would_be_alone(wrapping: bytes, keys: list[bytes]):
	wrapped = wrap_many(wrapping, keys)
	assert wrapped == [aes_key_wrap(wrapping, key) for key in keys]
	assert [aes_key_unwrap(wrapping, one) for one in wrapped] == keys
	assert unwrap_many(wrapping, wrapped) == keys


@given(st.integers(0, 79), st.integers(1, 255))
def test_one_changed_byte_keeps_all_from_being_unwrapped(place: int, difference: int):
	changed = bytearray(b"".join(wrap_many(KEK, [DATA * 2, KEK])))
	changed[place] ^= difference
	with pytest.raises(InvalidUnwrap):
		unwrap_many(KEK, [bytes(changed[:40]), bytes(changed[40:])])


@pytest.mark.parametrize("cut", [1, 8, 40])
def test_what_was_cut_short_is_not_unwrapped(cut: int):
	whole, other = wrap_many(KEK, [DATA * 2, KEK])
	with pytest.raises(InvalidUnwrap):
		unwrap_many(KEK, [whole, other[cut:]])


KEYS = [bytes(range(start, start + 32)) for start in (33, 97, 161)]


def kept() -> str:
	"""What a traceback with variables keeps of the error at hand."""
	return "\n".join(repr(value) for frame in _frames() for value in frame.f_locals.values())


def _frames() -> Iterator:
	traceback = sys.exc_info()[2].tb_next  # without the test's own
	while traceback:
		yield traceback.tb_frame
		traceback = traceback.tb_next


def forms(part: bytes) -> set[str]:
	"""How eight bytes may stand in a report: as bytes, in hexadecimal, or as a number."""
	return {repr(part)[2:-1], part.hex(), str(array("Q", part)[0]), str(int.from_bytes(part, "big"))}


def assert_no_key_in(text: str) -> None:
	for key in KEYS:
		for start in range(len(key) - 7):
			assert not [form for form in forms(key[start : start + 8]) if form in text]


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("changed", [0, 39, None], ids=["the first byte", "the last byte", "the length"])
def test_who_spoils_one_key_learns_no_other_from_the_error(place, changed):
	wrapped = [bytearray(one) for one in wrap_many(KEK, KEYS)]
	if changed is None:
		del wrapped[place][-8:]
	else:
		wrapped[place][changed] ^= 1
	for one in (wrapped, wrapped[place : place + 1]):
		with pytest.raises(InvalidUnwrap):
			unwrap_many(Secret(KEK), list(map(bytes, one)))
		try:
			unwrap_many(Secret(KEK), list(map(bytes, one)))
		except InvalidUnwrap:
			assert_no_key_in(kept())


@pytest.mark.parametrize("step", range(1, 25))
def test_whatever_breaks_it_off_no_key_is_in_the_error(monkeypatch, step):
	"""A job whose time is up ends anywhere."""
	real, calls = wrapping_module._numbered, []

	def numbered(checks, number):
		calls.append(number)
		if len(calls) == step:
			raise TimeoutError
		return real(checks, number)

	wrapped = wrap_many(KEK, KEYS)
	monkeypatch.setattr(wrapping_module, "_numbered", numbered)
	for work in (wrap_many, unwrap_many):
		calls.clear()
		try:
			work(Secret(KEK), [Secret(key) for key in KEYS] if work is wrap_many else wrapped)
		except TimeoutError:
			told = kept()
			assert "<secret>" in told
			assert_no_key_in(told)
		else:
			pytest.fail("nothing broke it off")
