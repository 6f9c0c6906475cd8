"""The rule read as a condition that records must meet, which `govcrm.access.query` writes as SQL."""

from functools import lru_cache

from govcrm.domain.access.facts import Kind, Right, Subject, levels_up_to
from govcrm.domain.access.predicate import as_citizen
from govcrm.domain.access.rule import BARS, LEVEL_AT, ROUTES, STEPS, Grant, Route, Scope, grants
from govcrm.domain.criteria import (
	Among,
	Condition,
	Empty,
	Everything,
	all_of,
	among,
	any_of,
	none_of,
	through,
)


@lru_cache(maxsize=512)
def condition(subject: Subject, kind: Kind, right: Right = Right.READ) -> Condition:
	"""What a record of this kind must meet for the subject to have the right to it."""
	barred = _bars(subject, kind)
	if isinstance(barred, Everything):
		return _granted(subject, kind, right)
	return any_of(
		[_granted(as_citizen(subject), kind, right), all_of([_granted(subject, kind, right), barred])]
	)


def _granted(subject: Subject, kind: Kind, right: Right) -> Condition:
	return any_of(_route_condition(subject, kind, route, right) for route in ROUTES[kind])


def _bars(subject: Subject, kind: Kind) -> Condition:
	return none_of(_reached(steps, among("name", getattr(subject, kept))) for steps, kept in BARS[kind])


def _reached(steps: tuple[str, ...], condition: Condition) -> Condition:
	for step in reversed(steps):
		condition = through(step, condition)
	return condition


def _route_condition(subject: Subject, kind: Kind, route: Route, right: Right) -> Condition:
	held = grants(subject, kind, route.on, right)
	levels = dict.fromkeys(grant.up_to for grant in held)
	reached = any_of(
		_up_to(level, subject, kind, route, [grant for grant in held if grant.up_to == level])
		for level in levels
	)
	return all_of([*map(Empty, route.unless), reached])


def _up_to(level: str | None, subject: Subject, kind: Kind, route: Route, held: list[Grant]) -> Condition:
	own = any_of(all_of([_status(grant), _scope(grant.scope, subject)]) for grant in held)
	reached = all_of([_level(level, route.on), own])
	passed = (kind, *(STEPS[step] for step in route.steps))
	for step, record in zip(reversed(route.steps), reversed(passed[:-1]), strict=True):
		reached = through(step, reached)
		if not LEVEL_AT.get(record):
			reached = all_of([_level(level, record), reached])
	return reached


def _level(level: str | None, kind: Kind) -> Condition:
	at = LEVEL_AT.get(kind)
	if level is None or at is None:
		return Everything()
	low_enough = Among("confidentiality", levels_up_to(level))
	return through(at, low_enough) if at else low_enough


def _status(grant: Grant) -> Condition:
	return Everything() if grant.status is None else Among("status", frozenset({grant.status}))


def _scope(scope: Scope | None, subject: Subject) -> Condition:
	if scope is None:
		return Everything()
	tied = among(scope.field, getattr(subject, scope.among))
	return through(scope.through, tied) if scope.through else tied
