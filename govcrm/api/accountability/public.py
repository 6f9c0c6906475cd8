"""What anybody may ask of the audit log, without an account."""

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from werkzeug.wrappers import Response

from govcrm.accountability import published
from govcrm.faults import refuse_field

CALLS = 60  # a minute from one address; a monitor needs one
KEPT = 24 * 60 * 60  # seconds: an earlier checkpoint never changes
LARGEST = 2**53


class UnknownCheckpoint(frappe.DoesNotExistError):
	"""No checkpoint was made at this size."""

	http_status_code = 404


def limited(endpoint: Callable[..., Any]) -> Callable[..., Any]:
	return rate_limit(limit=CALLS, seconds=60)(endpoint)


def checkpoint(size: str | int | None = None) -> Response:
	"""The JSON itself, not wrapped, so that a file of it can be kept and verified."""
	found = published.of_size(_size(size)) if size not in (None, "") else published.newest()
	if not found:
		frappe.throw(_("There is no checkpoint of this size."), UnknownCheckpoint)
	seconds = published.FRESH if size in (None, "") else KEPT
	answer = Response(json.dumps(found, indent=1) + "\n", mimetype="application/json")
	answer.headers["Cache-Control"] = f"public, max-age={seconds}"
	return answer


def _size(given: str | int) -> int:
	text = str(given)
	if not (text.isascii() and text.isdigit() and len(text) <= 16 and 0 < int(text) < LARGEST):
		refuse_field("size", _("Expected a number of events."))
	return int(text)
