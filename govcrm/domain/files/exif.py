"""The one thing in the metadata of a photo that is needed to show it: which side is up (Exif 3.0, tag 274)."""

import struct

ORIENTATION, SHORT_TYPE = 274, 3
UPRIGHT = 1
HEADER = b"Exif\0\0"
ORDERS = {b"II*\0": "<", b"MM\0*": ">"}


def orientation(tiff: bytes) -> int:
	"""1 to 8; 1 when it is not said, or not readable."""
	try:
		order = ORDERS[bytes(tiff[:4])]
		[first] = struct.unpack_from(f"{order}I", tiff, 4)
		[count] = struct.unpack_from(f"{order}H", tiff, first)
		for at in range(first + 2, first + 2 + 12 * count, 12):
			tag, kind, _number, value = struct.unpack_from(f"{order}HHIH", tiff, at)
			if tag == ORIENTATION and kind == SHORT_TYPE:
				return value if 1 <= value <= 8 else UPRIGHT
	except (KeyError, struct.error):
		pass
	return UPRIGHT


def only(value: int) -> bytes:
	"""A TIFF structure that says nothing else."""
	return struct.pack(">4sIHHHIHHI", b"MM\0*", 8, 1, ORIENTATION, SHORT_TYPE, 1, value, 0, 0)
