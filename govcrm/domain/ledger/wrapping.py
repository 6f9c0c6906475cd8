"""Many keys wrapped or unwrapped at once as RFC 3394 says (2.2): each step of all of them is one call of the cipher.

One by one the 24 steps of a key of 32 bytes are as many calls, which take fifty times as long as the cipher does. What comes
out is what `cryptography.hazmat.primitives.keywrap` gives; tests hold that, and the vectors of the RFC.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from govcrm.domain.ledger.secret import Halves, Secret

INITIAL = b"\xa6" * 8  # RFC 3394 (2.2.3.1)
HALF, ROUNDS = 8, 6


def wrap_many(wrapping: bytes, keys: Sequence[bytes]) -> list[bytes]:
	"""Each key, all of one length of 16 to 40 bytes in steps of 8, wrapped with `wrapping` (16, 24 or 32 bytes)."""
	if len(keys) < 2:
		return [aes_key_wrap(wrapping, key) for key in keys]
	# RFC 3394 asks for the bare block cipher; no two of its blocks say anything about each other here.
	encrypt = Cipher(AES(wrapping), ECB()).encryptor().update
	checks, registers = Halves("Q", INITIAL * len(keys)), _registers(keys)
	for step in range(1, ROUNDS * len(registers) + 1):
		register = (step - 1) % len(registers)
		checks, registers[register] = _step(encrypt, checks, registers[register])
		checks = _numbered(checks, step)
	return _joined([checks, *registers])


def unwrap_many(wrapping: bytes, wrapped: Sequence[bytes]) -> list[Secret]:
	"""The keys again. Raises InvalidUnwrap where one was wrapped with another key, or is not what was wrapped.

	What was unwrapped until then is in no frame that raises: else whoever spoils one key would read the others in a traceback.
	"""
	keys = _unwrapped(wrapping, wrapped)
	if keys is None:
		raise InvalidUnwrap
	return keys


def _unwrapped(wrapping: bytes, wrapped: Sequence[bytes]) -> list[Secret] | None:
	if len(wrapped) < 2:
		with suppress(InvalidUnwrap):
			return [Secret(aes_key_unwrap(wrapping, one)) for one in wrapped]
		return None
	if any(len(one) != len(wrapped[0]) or len(one) % HALF for one in wrapped):
		return None
	decrypt = Cipher(AES(wrapping), ECB()).decryptor().update
	checks, *registers = _registers(wrapped)
	for step in range(ROUNDS * len(registers), 0, -1):
		register = (step - 1) % len(registers)
		checks, registers[register] = _step(decrypt, _numbered(checks, step), registers[register])
	return _joined(registers) if checks.tobytes() == INITIAL * len(wrapped) else None


# All halves of one place are in one array: nothing below goes through the keys one by one.


def _registers(keys: Sequence[bytes]) -> list[Halves]:
	"""The first eight bytes of each, the next eight of each, and so on."""
	every, count = Halves("Q", b"".join(keys)), len(keys[0]) // HALF
	return [Halves("Q", every[start::count]) for start in range(count)]


def _joined(registers: list[Halves]) -> list[Secret]:
	"""The other way round."""
	every, count = Halves("Q", bytes(HALF * len(registers) * len(registers[0]))), len(registers)
	for start, halves in enumerate(registers):
		every[start::count] = halves
	whole, size = Secret(every.tobytes()), HALF * count
	return [Secret(whole[at : at + size]) for at in range(0, len(whole), size)]


def _step(cipher: Callable[[bytes], bytes], left: Halves, right: Halves) -> tuple[Halves, Halves]:
	blocks = Halves("Q", bytes(2 * HALF * len(left)))
	blocks[0::2], blocks[1::2] = left, right
	done = Halves("Q", cipher(blocks.tobytes()))
	return Halves("Q", done[0::2]), Halves("Q", done[1::2])


def _numbered(checks: Halves, step: int) -> Halves:
	"""Each with the number of the step: exclusive or, of all of them as one long number."""
	size = HALF * len(checks)
	numbers = int.from_bytes(step.to_bytes(HALF, "big") * len(checks), "big")
	return Halves("Q", (int.from_bytes(checks.tobytes(), "big") ^ numbers).to_bytes(size, "big"))
