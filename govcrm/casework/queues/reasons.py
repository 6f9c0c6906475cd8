"""Why somebody is not given a case, in words."""

import frappe
from frappe import _

from govcrm.domain import queues
from govcrm.domain.queues import Refusal

_SENTENCES = {
	queues.NO_WORKER: lambda: _("{0} is disabled or has no role that works on cases."),
	queues.RECUSED: lambda: _("{0} is recused."),
	queues.CLOSED_TO: lambda: _("{0} may not see the case: it is confidential."),
	queues.TAKES_NONE: lambda: _("{0} takes no work by rule."),
	queues.AWAY: lambda: _("{0} is away and has no deputy who is there."),
	queues.FULL: lambda: _("{0} has as many open cases as allowed."),
	queues.SKILL: lambda: _("{0} lacks the skill {1}."),
	queues.LANGUAGE: lambda: _("{0} does not speak {1}."),
}


def sentence(refusal: Refusal) -> str:
	name = frappe.utils.get_fullname(refusal.user)
	return _SENTENCES[refusal.reason]().format(name, ", ".join(refusal.missing))
