"""How wrong input is refused: every fault with its field, on every door the same."""

from collections.abc import Iterable
from typing import NamedTuple, NoReturn

import frappe
from frappe import _

from govcrm.domain.questions import Problem


class Fault(NamedTuple):
	"""One thing to put right; `message` is translated and says what to do."""

	field: str
	message: str


class InvalidInput(frappe.ValidationError):
	"""What was sent cannot be taken as it is: 417 as Frappe's ValidationError, for which its own forms are made."""

	def __init__(self, faults: Iterable[Fault] = ()) -> None:
		super().__init__()
		self.faults = list(faults)


def refuse(faults: Iterable[Fault]) -> None:
	"""Raise InvalidInput if there are faults.

	The answer of a request lists them in `errors`, beside the messages the Desk shows, and without a traceback.
	"""
	error = InvalidInput(faults)
	if not error.faults:
		return
	frappe.local.response["errors"] = as_errors(error.faults)
	frappe.local.flags.disable_traceback = True
	messages = [fault.message for fault in error.faults]
	frappe.throw(
		messages if len(messages) > 1 else messages[0], error, _("Please check"), as_list=len(messages) > 1
	)


def refuse_field(field: str, message: str) -> NoReturn:
	"""Raise InvalidInput for one field."""
	refuse([Fault(field, message)])
	raise AssertionError


def as_errors(faults: Iterable[Fault]) -> list[dict[str, str]]:
	return [fault._asdict() for fault in faults]


def translated(problems: Iterable[Problem]) -> list[Fault]:
	"""Turn what the domain found into faults in the language of the user."""
	return [Fault(problem.field, _(problem.message).format(*problem.values)) for problem in problems]
