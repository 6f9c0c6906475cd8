"""GIF89a without its comments and XMP: the blocks that make the picture are copied as they are."""

from govcrm.domain.files.faults import Damaged

IMAGE, EXTENSION, TRAILER = 0x2C, 0x21, 0x3B
CONTROL, APPLICATION = 0xF9, 0xFF
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
SCREEN_LENGTH, IMAGE_LENGTH = 13, 10


def clean(raw: bytes) -> bytes:
	try:
		at = SCREEN_LENGTH + _table(raw[10])
		kept = [raw[:at]]
		while raw[at] != TRAILER:
			end = _end(raw, at)
			if _is_shown(raw, at):
				kept.append(raw[at:end])
			at = end
	except IndexError:
		raise Damaged from None
	return b"".join((*kept, bytes((TRAILER,))))


def _table(flags: int) -> int:
	"""Length of the colours that follow."""
	return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end(raw: bytes, at: int) -> int:
	if raw[at] == IMAGE:
		return _after_blocks(raw, at + IMAGE_LENGTH + _table(raw[at + 9]) + 1)
	if raw[at] == EXTENSION:
		return _after_blocks(raw, at + 2)
	raise Damaged


def _after_blocks(raw: bytes, at: int) -> int:
	while length := raw[at]:
		at += length + 1
	return at + 1


def _is_shown(raw: bytes, at: int) -> bool:
	"""Pictures, how long each is shown, and how often all are."""
	if raw[at] == IMAGE or raw[at + 1] == CONTROL:
		return True
	return raw[at + 1] == APPLICATION and raw[at + 3 : at + 14] in LOOPS
