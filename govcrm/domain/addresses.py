"""From which address a request came, when proxies stand between and the caller may say what they like.

`X-Forwarded-For` grows to the right: each proxy adds whom it heard from. What stands left of the entry that a known proxy added
was said by somebody else (RFC 7239, section 8.1, says the same of its successor).
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# RFC 1918, 4193, 3927, 4291. Not `is_private` of Python, which counts what is reserved for documents as well.
_LOCAL = "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16 ::1 fc00::/7 fe80::/10"
NEIGHBOURS = tuple(map(ip_network, _LOCAL.split()))


def networks(given: object) -> list[Network]:
	"""Of a list, or of text with commas; an address is a network of one. Raises ValueError for what is neither."""
	words = given.split(",") if isinstance(given, str) else given or ()
	return [ip_network(str(word).strip(), strict=False) for word in words if str(word).strip()]


def caller(peer: str | None, forwarded: str | None, proxies: Sequence[Network] = ()) -> str:
	"""The address to count a request under.

	peer: who is connected to the server; empty for a socket of the same machine. forwarded: the header `X-Forwarded-For`.
	proxies: those that are believed. Where none are named, a neighbour is believed for one step, since some proxy of the
	same machine or network nearly always stands before the server: the last entry is then the one it added.
	"""
	at = _read(peer or "") or ip_address("127.0.0.1")
	entries = [_read(entry) for entry in (forwarded or "").split(",")] if forwarded else []
	if not proxies:
		return str(entries[-1] or at) if entries and is_neighbour(at) else str(at)
	while entries and any(at in network for network in proxies):
		before = entries.pop()
		if before is None:
			break
		at = before
	return str(at)


def is_neighbour(address: Address) -> bool:
	"""Of the same machine or of a private network."""
	return any(address in network for network in NEIGHBOURS)


def _read(entry: str) -> Address | None:
	"""An entry may have a port, and an address of six then stands in brackets."""
	text = entry.strip().strip('"')
	if text.startswith("["):
		text = text[1:].partition("]")[0]
	elif text.count(":") == 1:
		text = text.partition(":")[0]
	try:
		found = ip_address(text)
	except ValueError:
		return None
	return getattr(found, "ipv4_mapped", None) or found
