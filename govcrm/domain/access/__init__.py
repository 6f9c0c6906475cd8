"""Who may see and work what: one rule, kept as data, read in two ways.

`rule.RULE` lists the grants; whatever no grant gives is denied. `may` reads it as a predicate over the facts of one
record, `condition` as a tree that `govcrm.access.query` writes as SQL. That both say the same is a test.

Nothing but a permission by name reaches Sealed, and a level not known here is denied, so a mistake in the data closes and
never opens. Before every grant stand the bars: what somebody is recused from is not there for them, whatever else they hold.
"""

from govcrm.domain.access.condition import condition
from govcrm.domain.access.facts import (
	LEVELS,
	CaseFacts,
	CitizenFacts,
	InteractionFacts,
	Kind,
	ParticipantFacts,
	RequestFacts,
	Right,
	Subject,
	TaskFacts,
)
from govcrm.domain.access.predicate import may
from govcrm.domain.access.rule import PERMITTED, ROLES, RULE, WORKERS

__all__ = [
	"LEVELS",
	"PERMITTED",
	"ROLES",
	"RULE",
	"WORKERS",
	"CaseFacts",
	"CitizenFacts",
	"InteractionFacts",
	"Kind",
	"ParticipantFacts",
	"RequestFacts",
	"Right",
	"Subject",
	"TaskFacts",
	"condition",
	"may",
]
