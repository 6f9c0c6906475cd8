"""Many keys wrapped at once as RFC 3394 says (2.2.1): each step of all of them is one call of the cipher.

One by one the 24 steps of a key of 32 bytes are as many calls, which take ten times as long as the cipher does. What comes
out is what `cryptography.hazmat.primitives.keywrap` gives; tests hold that, and the vectors of the RFC.
"""

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

INITIAL = b"\xa6" * 8  # RFC 3394 (2.2.3.1)
HALF, BLOCK, ROUNDS = 8, 16, 6


def wrap_many(wrapping: bytes, keys: Sequence[bytes]) -> list[bytes]:
	"""Each key, all of one length of 16 to 40 bytes in steps of 8, wrapped with `wrapping` (16, 24 or 32 bytes)."""
	if not keys:
		return []
	# RFC 3394 asks for the bare block cipher; no two of its blocks say anything about each other here.
	encrypt = Cipher(AES(wrapping), ECB()).encryptor().update
	halves = len(keys[0]) // HALF
	registers = [[key[start : start + HALF] for key in keys] for start in range(0, halves * HALF, HALF)]
	checks = [INITIAL] * len(keys)
	for step in range(1, ROUNDS * halves + 1):
		register = (step - 1) % halves
		done = encrypt(b"".join(map(bytes.__add__, checks, registers[register])))
		checks, registers[register] = _split(done, step)
	return [
		check + b"".join(parts) for check, parts in zip(checks, zip(*registers, strict=True), strict=True)
	]


def _split(done: bytes, step: int) -> tuple[list[bytes], list[bytes]]:
	"""The halves of each block, the number of the step in the first. It is small: it changes one byte."""
	starts = range(0, len(done), BLOCK)
	checks = [done[at : at + 7] + bytes((done[at + 7] ^ step,)) for at in starts]
	return checks, [done[at + HALF : at + BLOCK] for at in starts]
