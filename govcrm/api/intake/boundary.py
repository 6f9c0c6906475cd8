"""Where a request of the web meets the services: one transaction, begun again when others were in its way."""

import functools
import random
import time
from collections.abc import Callable
from typing import Any

import frappe
from frappe import _
from frappe.utils import strip_html

from govcrm import compat
from govcrm.api.intake.exceptions import TryAgain
from govcrm.faults import Fault, InvalidInput, as_errors

PATIENCE = 25.0  # seconds: below the 30 that gateways usually grant
FIRST_WAIT, LONGEST_WAIT = 0.01, 0.5

IN_THE_WAY = (
	frappe.QueryDeadlockError,
	frappe.QueryTimeoutError,
	frappe.DuplicateEntryError,
	frappe.UniqueValidationError,
)
REFUSALS = (frappe.ValidationError, frappe.PermissionError, frappe.AuthenticationError, frappe.NameError)


def answering(endpoint: Callable[..., Any]) -> Callable[..., Any]:
	"""Decorate an endpoint: what it refuses is answered as `{"errors": [{"field", "message"}]}`, never as a traceback."""

	@functools.wraps(endpoint)
	def answer(*args: Any, **kwargs: Any) -> Any:
		try:
			return endpoint(*args, **kwargs)
		except REFUSALS as error:
			frappe.db.rollback()
			return explain(error)

	return answer


def explain(error: Exception) -> None:
	"""Fill the response with the faults of an error and its HTTP status."""
	faults = getattr(error, "faults", None) or [Fault("", _message_of(error))]
	frappe.clear_messages()
	frappe.local.response["errors"] = as_errors(faults)
	frappe.local.response["http_status_code"] = getattr(
		error, "http_status_code", InvalidInput.http_status_code
	)


def _message_of(error: Exception) -> str:
	text = strip_html(str(error.args[0]) if error.args else "").strip()
	return text or _("You do not have enough permissions to do this.")


def in_own_transaction(act: Callable[[], Any]) -> Any:
	"""Run `act` and commit. Begin it again, from an empty transaction, when another one was in its way.

	Deadlocks, lock time-outs and a unique key that another request took meanwhile are ends of one attempt, not of
	the submission: the next attempt sees what the other one wrote. Raises TryAgain when patience is over.
	"""
	started, wait = time.monotonic(), FIRST_WAIT
	while True:
		try:
			return _attempt(act)
		except IN_THE_WAY:
			frappe.db.rollback()
			_forget_attempt()
		if time.monotonic() - started > PATIENCE:
			raise TryAgain(_("The system is very busy. Nothing was saved; please send this again."))
		time.sleep(random.uniform(0, wait))
		wait = min(2 * wait, LONGEST_WAIT)


def _attempt(act: Callable[[], Any]) -> Any:
	compat.start_writing()
	result = act()
	frappe.db.commit()  # here, not by Frappe afterwards: a commit that is refused is tried again
	return result


def _forget_attempt() -> None:
	frappe.clear_messages()
	frappe.local.response.pop("errors", None)
