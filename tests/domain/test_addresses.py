"""Nobody chooses the address that they are counted under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.addresses import caller, networks

REAL, PROXY, OUTER = "203.0.113.7", "127.0.0.1", "198.51.100.1"
SAID = st.text(st.sampled_from('0123456789.:,[]abcdef "unkow'), max_size=40)


@given(SAID, st.sampled_from(["", PROXY, "10.0.0.2", "::1"]))
def test_what_a_caller_says_before_the_proxy_adds_its_entry_counts_for_nothing(said, proxy):
	assert caller(proxy, f"{said}, {REAL}") == REAL


@given(SAID)
def test_a_caller_without_a_proxy_is_who_is_connected(said):
	assert caller(REAL, said) == REAL


@given(SAID)
def test_named_proxies_are_believed_one_after_the_other(said):
	trusted = networks(f"{PROXY}, 198.51.100.0/24")
	assert caller(PROXY, f"{said}, {REAL}, {OUTER}", trusted) == REAL
	assert caller(REAL, f"{said}, {OUTER}", trusted) == REAL


@pytest.mark.parametrize(
	("forwarded", "found"),
	[
		(None, PROXY),
		("", PROXY),
		("unknown", PROXY),
		(f"{REAL}:4711", REAL),
		("[2001:db8::1]:4711", "2001:db8::1"),
		("2001:db8::1", "2001:db8::1"),
		(f"::ffff:{REAL}", REAL),
	],
)
def test_entries_are_read_as_proxies_write_them(forwarded, found):
	assert caller(PROXY, forwarded) == found
	assert caller(PROXY, forwarded, networks([PROXY])) == found


def test_a_chain_that_cannot_be_read_ends_at_the_last_proxy_that_is_known():
	trusted = networks([PROXY, OUTER])
	assert caller(PROXY, f"{REAL}, nonsense, {OUTER}", trusted) == OUTER


def test_what_is_no_network_is_refused():
	with pytest.raises(ValueError):
		networks("the proxy")
