"""Who acts, from where, by which way: the part of a header that is the same for all events of a request.

It answers what NIST SP 800-53 AU-3 asks of a record. Nothing that a client merely says is taken as a fact: the request
id is our own, the address is that of the connection, and what a proxy says of it stands beside it as a claim.
"""

import hmac
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import click
import frappe

from govcrm import __version__
from govcrm.accountability import folder
from govcrm.accountability.trail import actors, ulid
from govcrm.domain import access
from govcrm.domain.ledger.secret import Told

SCHEDULED = "frappe.core.doctype.scheduled_job_type.scheduled_job_type.run_scheduled_job"
LONGEST_CLAIM = 200
BY_HEADER = {"bearer": "oauth", "basic": "token", "token": "token"}


class Context(NamedTuple):
	"""`fields` go into the header as they are; `origin` are values it commits to: addresses."""

	fields: dict[str, Any]
	origin: dict[str, str]


def current() -> Context:
	"""The context of the acting user, made once for each user in a request or job."""
	kept = getattr(frappe.local, "govcrm_trail_context", None)
	who = (frappe.session.user, frappe.session.sid)
	if kept is None or kept[0] != who:
		kept = frappe.local.govcrm_trail_context = (who, _make())
	return kept[1]


def request_id() -> str:
	"""Our own id of this request or job. 26 characters."""
	found = getattr(frappe.local, "govcrm_request_id", None)
	if found is None:
		found = frappe.local.govcrm_request_id = ulid.new()
	return found


@cache
def policy() -> str:
	"""The rules in force: version of the app and the first digits of the digest of the access rule."""
	rule = sha256()
	for file in sorted(Path(access.__file__).parent.glob("*.py")):
		rule.update(file.read_bytes())
	return f"govcrm {__version__}; access {rule.hexdigest()[:8]}"


def _make() -> Context:
	impersonator = (frappe.session.data or {}).get("impersonated_by")
	via, method = _way()
	fields = {
		"v": 1,
		"log": folder.log_id(),
		"actor": actors.pseudonym(frappe.session.user or "Guest"),  # nobody yet, when a log-in is refused
		"impersonator": actors.pseudonym(impersonator) if impersonator else None,
		"via": via,
		"method": method,
		"auth": _authentication(via),
		"session": _session_hash(via),
		"request": request_id(),
		"policy": policy(),
	}
	return Context(fields, _origin() if via == "request" else {})


def _way() -> tuple[str, str | None]:
	"""How the code came to run, and the name of what runs, without arguments."""
	if getattr(frappe.local, "request", None):
		return "request", _called() or _route(frappe.local.request.path)
	if job := getattr(frappe.local, "job", None):
		if job.method == SCHEDULED:
			return "scheduler", str((job.kwargs or {}).get("job_type") or job.job_name)
		return "job", job.method
	if command := click.get_current_context(silent=True):
		return "command", command.info_name
	return "script", Path(sys.argv[0]).name or None


def _called() -> str | None:
	"""Anybody may call anything by any name: no more of it is kept than the longest that there are."""
	return str(frappe.form_dict.get("cmd") or "")[:LONGEST_CLAIM] or None


def _route(path: str) -> str:
	"""A path without the names in it: those of users and of files say who somebody is, and a header stays for ever."""
	parts = path.split("/")
	for word in ("resource", "document"):
		if word in parts:
			return "/".join(parts[: parts.index(word) + 2])
	return path[:LONGEST_CLAIM] if "method" in parts else "/".join(parts[:2])


def _authentication(via: str) -> str:
	if via != "request":
		return "none"
	if frappe.session.user == "Guest":
		return "guest"
	if frappe.session.sid != frappe.session.user:
		return "session"
	# Whoever stands here without a session passed one of the checks that the header asked for.
	return BY_HEADER.get((frappe.get_request_header("Authorization") or "").split(" ")[0].lower(), "token")


def _session_hash(via: str) -> str | None:
	"""16 hexadecimal digits that tell sessions apart, and cannot be turned back or tried without the master key."""
	if via != "request" or _authentication(via) != "session":
		return None
	_id, master = folder.master()
	return hmac.digest(master, f"session {frappe.session.sid}".encode(), "sha256").hex()[:16]


def _origin() -> Told:
	request = frappe.local.request
	claimed = request.headers.get("X-Forwarded-For")
	found = {
		"peer": request.environ.get("REMOTE_ADDR"),
		"detail/forwarded_for": (claimed or "")[:LONGEST_CLAIM],
	}
	return Told((path, value) for path, value in found.items() if value)
