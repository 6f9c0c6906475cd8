"""Keys wrapped and unwrapped many at once are so as RFC 3394 says."""

import pytest
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from hypothesis import given
from hypothesis import strategies as st

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
