"""The certificates of a time stamp in the order that DER asks for.

OpenSSL's `ts`, and authorities that run on it, leave them in the order of their set-up; a strict reader then refuses the whole
answer. They stand in a SET (RFC 5652, 5.1) that no signature covers, so that sorting changes nothing that was said.
"""

SEQUENCE, CONTEXT_0 = 0x30, 0xA0
# TimeStampResp: status, token. ContentInfo: type, content. SignedData: version, digests, content, certificates.
PATH = ((SEQUENCE, 1), (SEQUENCE, 1), (CONTEXT_0, 0), (SEQUENCE, 3))


def with_sorted_certificates(answer: bytes) -> bytes:
	"""A TimeStampResp (RFC 3161, 2.4.2) with its certificates sorted. What is none comes back as it is."""
	try:
		start, end = _certificates(answer)
		elements = sorted(answer[at:until] for at, until in _elements(answer, start, end))
	except (ValueError, IndexError):
		return answer
	return answer[:start] + b"".join(elements) + answer[end:]


def _certificates(answer: bytes) -> tuple[int, int]:
	at = 0
	for tag, child in PATH:
		_expect(answer, at, tag)
		_tag_end, start, end = _bounds(answer, at)
		at = _elements(answer, start, end)[child][0]
	_expect(answer, at, CONTEXT_0)
	return _bounds(answer, at)[1:]


def _expect(data: bytes, at: int, tag: int) -> None:
	if data[at] != tag:
		raise ValueError(f"Expected tag {tag:#x} at {at}.")


def _elements(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
	"""Where each element between `start` and `end` begins and ends."""
	found = []
	while start < end:
		until = _bounds(data, start)[2]
		found.append((start, until))
		start = until
	if start != end:
		raise ValueError("An element is longer than what it stands in.")
	return found


def _bounds(data: bytes, at: int) -> tuple[int, int, int]:
	"""Where an element of definite length begins, where its content does, and where it ends (X.690, 8.1.3)."""
	first = data[at + 1]
	if first < 0x80:
		start, length = at + 2, first
	elif 0x80 < first <= 0x84:
		start = at + 2 + (first & 0x7F)
		length = int.from_bytes(data[at + 2 : start], "big")
	else:
		raise ValueError("The length is indefinite, or longer than any answer.")
	if start + length > len(data):
		raise ValueError("The element is cut off.")
	return at, start, start + length
