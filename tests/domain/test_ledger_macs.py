"""Keyed hashes of short messages are those of the standard library, and commitments are what they were."""

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.ledger import canonical, commitments
from govcrm.domain.ledger.macs import Mac, mac

# RFC 4231: test cases 1, 2, 3 and 6 (a key longer than a block).
VECTORS = [
	(b"\x0b" * 20, b"Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
	(
		b"Jefe",
		b"what do ya want for nothing?",
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
	),
	(b"\xaa" * 20, b"\xdd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
	(
		b"\xaa" * 131,
		b"Test Using Larger Than Block-Size Key - Hash Key First",
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
	),
]
KEYS, MESSAGES = st.binary(max_size=200), st.lists(st.binary(max_size=300), max_size=3)
# Half of a surrogate pair has no UTF-8.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@pytest.mark.parametrize(("key", "message", "digest"), VECTORS)
def test_the_vectors_of_the_rfc(key: bytes, message: bytes, digest: str):
	assert mac(key, message).hex() == Mac(key)(message).hex() == digest


@given(KEYS, st.binary(max_size=80), MESSAGES)
def test_each_is_that_of_the_standard_library(key: bytes, prefix: bytes, messages: list[bytes]):
	under = Mac(key, prefix)
	for message in messages:
		assert under(message) == hmac.digest(key, prefix + message, "sha256")
		assert mac(key, message) == hmac.digest(key, message, "sha256")


@given(st.binary(min_size=32, max_size=32), TEXTS, st.dictionaries(TEXTS, TEXTS | st.integers(-9, 9)))
def test_all_values_of_an_event_are_committed_to_as_one_by_one(salt: bytes, event: str, values: dict):
	written = {path: canonical.dumps(value).decode() for path, value in values.items()}
	found = dict(zip(values, commitments.commit_all(salt, event, written), strict=True))
	for path, value in values.items():
		key = hmac.digest(salt, f"{event}/{path}".encode(), "sha256")
		assert found[path] == hmac.digest(key, canonical.dumps(value), "sha256").hex()
		assert commitments.opens(bytes.fromhex(found[path]), commitments.key_for(salt, event, path), value)
