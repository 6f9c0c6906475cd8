"""The one writer of Case Event: what was done on a case, by whom, when and why."""

from typing import NamedTuple

import frappe
from frappe.model.document import Document
from frappe.utils import now_datetime

from govcrm.appending import append


class State(NamedTuple):
	"""Where a case stands in its workflow."""

	name: str | None = None
	category: str | None = None

	@classmethod
	def of(cls, case: Document) -> "State":
		return cls(case.workflow_state, case.state_category)


def write(case: Document, verb: str, *, before: State | None = None, **more) -> Document:
	"""Append one event. `before` is the state the case was in; `more` may be reason, action, detail, at, actor."""
	event = frappe.get_doc(values(case, verb, before or State.of(case), **more))
	event.flags.ignore_links = True  # every link comes from the case and the session
	return event.insert(ignore_permissions=True)  # nobody may write events; whoever may act leaves one


def write_opening(case: Document, verb: str, *, before: State, **more) -> Document:
	"""Append an event of a case that has just begun. Nobody has said anything about it: it holds no text of theirs."""
	return append(frappe.get_doc(values(case, verb, before, **more)))


def values(case: Document, verb: str, before: State, **more) -> dict:
	"""The fields of an event, for this writer and for the bulk import."""
	return {
		"doctype": "Case Event",
		"case": case.name,
		"verb": verb,
		"actor": frappe.session.user,
		"at": more.pop("at", None) or now_datetime(),
		"from_state": before.name,
		"to_state": case.workflow_state,
		"from_category": before.category,
		"to_category": case.state_category,
		**more,
	}
