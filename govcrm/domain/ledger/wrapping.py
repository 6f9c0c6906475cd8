"""Many keys wrapped or unwrapped at once as RFC 3394 says (2.2): each step of all of them is one call of the cipher.

One by one the 24 steps of a key of 32 bytes are as many calls, which take ten times as long as the cipher does. What comes
out is what `cryptography.hazmat.primitives.keywrap` gives; tests hold that, and the vectors of the RFC.
"""

from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

INITIAL = b"\xa6" * 8  # RFC 3394 (2.2.3.1)
HALF, BLOCK, ROUNDS = 8, 16, 6

Blocks = tuple[list[bytes], list[bytes]]


def wrap_many(wrapping: bytes, keys: Sequence[bytes]) -> list[bytes]:
	"""Each key, all of one length of 16 to 40 bytes in steps of 8, wrapped with `wrapping` (16, 24 or 32 bytes)."""
	if len(keys) < 2:
		return [aes_key_wrap(wrapping, key) for key in keys]
	# RFC 3394 asks for the bare block cipher; no two of its blocks say anything about each other here.
	encrypt = Cipher(AES(wrapping), ECB()).encryptor().update
	checks, registers = [INITIAL] * len(keys), _halves(keys)
	for step in range(1, ROUNDS * len(registers) + 1):
		register = (step - 1) % len(registers)
		checks, registers[register] = _step(encrypt, checks, registers[register])
		checks = _numbered(checks, step)
	return list(map(b"".join, zip(checks, *registers, strict=True)))


def unwrap_many(wrapping: bytes, wrapped: Sequence[bytes]) -> list[bytes]:
	"""The keys again. Raises InvalidUnwrap where one was wrapped with another key, or is not what was wrapped."""
	if len(wrapped) < 2:
		return [aes_key_unwrap(wrapping, one) for one in wrapped]
	if any(len(one) != len(wrapped[0]) or len(one) % HALF for one in wrapped):
		raise InvalidUnwrap
	decrypt = Cipher(AES(wrapping), ECB()).decryptor().update
	checks, *registers = _halves(wrapped)
	for step in range(ROUNDS * len(registers), 0, -1):
		register = (step - 1) % len(registers)
		checks, registers[register] = _step(decrypt, _numbered(checks, step), registers[register])
	if any(check != INITIAL for check in checks):
		raise InvalidUnwrap
	return list(map(b"".join, zip(*registers, strict=True)))


def _halves(keys: Sequence[bytes]) -> list[list[bytes]]:
	"""The first eight bytes of each, the next eight of each, and so on."""
	return [[key[start : start + HALF] for key in keys] for start in range(0, len(keys[0]), HALF)]


def _step(cipher: Callable[[bytes], bytes], left: list[bytes], right: list[bytes]) -> Blocks:
	done = cipher(b"".join(map(bytes.__add__, left, right)))
	starts = range(0, len(done), BLOCK)
	return [done[at : at + HALF] for at in starts], [done[at + HALF : at + BLOCK] for at in starts]


def _numbered(checks: list[bytes], step: int) -> list[bytes]:
	"""The number of the step is small: it changes one byte."""
	return [check[:7] + bytes((check[7] ^ step,)) for check in checks]
