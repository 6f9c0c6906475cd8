"""A closed file opens whole, for what it was closed for, and for nothing else."""

import secrets
import tracemalloc
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcrm.domain import sealed_stream
from govcrm.domain.sealed_stream import CHUNK, MAGIC, SALT, TAG, Changed

KEY, ABOUT = b"k" * 32, "Sealed Evidence/one/Case/CASE-1"
HEAD, STEP = len(MAGIC) + SALT, CHUNK + TAG
WORD = b"Ziegenpeter" * 7


def closed(*pieces: bytes, key: bytes = KEY, about: str = ABOUT) -> bytes:
	return b"".join(sealed_stream.close(key, pieces, about))


def opened(raw: bytes, key: bytes = KEY, about: str = ABOUT) -> bytes:
	return b"".join(sealed_stream.open_closed(key, BytesIO(raw), about))


@settings(max_examples=60, deadline=None)
@given(lengths=st.lists(st.integers(0, 2 * CHUNK + 1), max_size=4))
def test_what_was_closed_in_any_pieces_opens_again(lengths: list[int]):
	pieces = [secrets.token_bytes(length) for length in lengths]
	assert opened(closed(*pieces)) == b"".join(pieces)


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
def test_it_is_as_long_as_its_content_with_a_head_and_a_tag_for_each_chunk(length: int):
	chunks = max(1, -(-length // CHUNK))
	assert len(closed(bytes(length))) == HEAD + length + chunks * TAG
	assert opened(closed(bytes(length))) == bytes(length)


def test_no_byte_of_the_content_stands_in_it_and_no_two_are_alike():
	once, again = closed(WORD), closed(WORD)
	assert b"Ziegenpeter" not in once
	assert once[HEAD:] != again[HEAD:]


@pytest.mark.parametrize("other", [{"key": b"x" * 32}, {"about": "Sealed Evidence/two/Case/CASE-1"}])
def test_it_opens_under_no_other_key_and_for_nothing_else(other: dict):
	with pytest.raises(Changed):
		opened(closed(WORD), **other)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, HEAD + 2 * STEP), bit=st.integers(0, 7))
def test_a_changed_bit_is_noticed(at: int, bit: int):
	raw = bytearray(closed(bytes(2 * CHUNK + 100)))
	raw[at] ^= 1 << bit
	with pytest.raises(Changed):
		opened(bytes(raw))


@pytest.mark.parametrize("end", [0, 4, HEAD - 1, HEAD, HEAD + STEP - 1, HEAD + STEP, HEAD + 2 * STEP, -1])
def test_a_cut_is_noticed(end: int):
	with pytest.raises(Changed):
		opened(closed(bytes(2 * CHUNK + 100))[:end])


@pytest.mark.parametrize("more", [b"x", bytes(STEP)])
def test_what_was_added_is_noticed(more: bytes):
	with pytest.raises(Changed):
		opened(closed(bytes(CHUNK)) + more)


def test_chunks_that_changed_places_are_noticed():
	raw = closed(secrets.token_bytes(3 * CHUNK))
	first, second, third = (raw[HEAD + n * STEP : HEAD + (n + 1) * STEP] for n in range(3))
	with pytest.raises(Changed):
		opened(raw[:HEAD] + second + first + third)


def test_thirty_megabytes_pass_through_little_memory(tmp_path):
	piece, path = secrets.token_bytes(1 << 20), tmp_path / "closed"
	tracemalloc.start()
	with path.open("wb") as file:
		file.writelines(sealed_stream.close(KEY, (piece for _ in range(30)), ABOUT))
	with path.open("rb") as file:
		length = sum(map(len, sealed_stream.open_closed(KEY, file, ABOUT)))
	_now, peak = tracemalloc.get_traced_memory()
	tracemalloc.stop()
	assert length == 30 << 20
	assert peak < 2 << 20
