"""How much of a request is read that the gate does not know: reading costs time, and anybody may ask."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import frappe
from frappe import _

GUEST = "Guest"
# (characters, texts). Forms of the website bring files along, as one long text each.
OF_GUESTS, OF_USERS = (1_000_000, 2_000), (20_000_000, 500_000)


def objection(args: Mapping[str, Any]) -> str | None:
	"""Before anything is taken apart."""
	if length(args) > _most()[0]:
		return _("This is too long to be judged, and so is not let through.")
	return None


def counted(texts: Iterable[str]) -> Iterator[str]:
	"""As many texts as are read. Raises TooMany, and with it the request is not let through."""
	rest = iter(texts)
	yield from islice(rest, _most()[1])
	if next(rest, None) is not None:
		raise TooMany


class TooMany(ValueError):
	"""Arguments that nobody would write."""


def length(args: Mapping[str, Any]) -> int:
	said = sum(len(value) for value in args.values() if isinstance(value, str))
	request = getattr(frappe.local, "request", None)
	return max(said, request.content_length or 0) if request and request.is_json else said


def _most() -> tuple[int, int]:
	return OF_GUESTS if frappe.session.user == GUEST else OF_USERS
