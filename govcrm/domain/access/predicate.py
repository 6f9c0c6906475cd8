"""The rule read as a predicate over the facts of one record."""

from dataclasses import replace

from govcrm.domain.access.facts import Right, Subject, levels_up_to
from govcrm.domain.access.rule import (
	BARS,
	CONSTITUENTS,
	LEVEL_AT,
	ROUTES,
	Grant,
	Route,
	Scope,
	grants,
)


def may(subject: Subject, facts, right: Right) -> bool:
	"""Whether the subject has the right to the record that the facts describe."""
	subject = as_citizen(subject) if _is_barred(subject, facts) else subject
	return any(
		_leads(grant, subject, facts, route)
		for route in ROUTES[facts.kind]
		if not any(getattr(facts, name) for name in route.unless)
		for grant in grants(subject, facts.kind, route.on, right)
	)


def as_citizen(subject: Subject) -> Subject:
	"""Who is recused keeps what they have as anybody else: a request of their own."""
	return replace(subject, roles=subject.roles & CONSTITUENTS)


def _is_barred(subject: Subject, facts) -> bool:
	return any(_named_at(facts, steps) in getattr(subject, kept_out) for steps, kept_out in BARS[facts.kind])


def _named_at(facts, steps: tuple[str, ...]) -> str | None:
	for step in steps:
		facts = facts and getattr(facts, step)
	return facts and facts.name


def _leads(grant: Grant, subject: Subject, facts, route: Route) -> bool:
	for step in route.steps:
		if not _within(grant, facts, on_the_way=True):
			return False
		facts = getattr(facts, step)
		if facts is None:
			return False
	return _within(grant, facts) and _has_status(grant, facts) and _in_scope(grant.scope, subject, facts)


def _within(grant: Grant, facts, on_the_way: bool = False) -> bool:
	at = LEVEL_AT.get(facts.kind)
	if grant.up_to is None or at is None or (at and on_the_way):
		return True
	holder = getattr(facts, at) if at else facts
	return holder is not None and holder.confidentiality in levels_up_to(grant.up_to)


def _has_status(grant: Grant, facts) -> bool:
	return grant.status is None or facts.status == grant.status


def _in_scope(scope: Scope | None, subject: Subject, facts) -> bool:
	if scope is None:
		return True
	reached = getattr(facts, scope.through) if scope.through else facts
	reached = reached if isinstance(reached, tuple) else (reached,)
	return any(getattr(each, scope.field, None) in getattr(subject, scope.among) for each in reached)
