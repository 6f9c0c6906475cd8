"""Who is to do which work: the order of a queue, and the choice of a person for a case.

The order is fair by time: what is due first comes first, whatever its priority; the priority decides among what is
due at the same moment. Work without a due date comes after all that has one, the oldest first.

A person is chosen by a method of the department. Nobody is offered what they are not able to do: `refusal` says why.
Who is away stands aside for a deputy, who must be able as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

PRIORITIES = ("Urgent", "High", "Medium", "Low")

LEFT, IN_TURN, BY_LOAD = METHODS = ("Left To Be Taken", "Given In Turn", "Given By Load")

# Why somebody is not given a piece of work.
NO_WORKER, RECUSED, CLOSED_TO, TAKES_NONE, AWAY, FULL, SKILL, LANGUAGE = REASONS = (
	"no worker",
	"recused",
	"not open to",
	"takes none",
	"away",
	"full",
	"skill",
	"language",
)


# The order of a queue ------------------------------------------------------------------------------------


def urgency(due: datetime | None, opened: datetime, priority: str | None) -> tuple:
	"""Sorts work: the smallest comes first."""
	return (due is None, due or opened, rank_of(priority), opened)


def rank_of(priority: str | None) -> int:
	"""Position among the priorities; an unknown one is the last."""
	return PRIORITIES.index(priority) if priority in PRIORITIES else len(PRIORITIES)


# People and work -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
	"""Somebody who might be given work. `share` is in percent of full time, `limit` 0 for none.

	`works` tells that the user is enabled and has a role that works on cases, `load` the weight of their open work.
	"""

	user: str
	works: bool = True
	takes_work: bool = True
	share: float = 100.0
	limit: int = 0
	skills: frozenset[str] = frozenset()
	languages: frozenset[str] = frozenset()
	away: bool = False
	deputy: str | None = None
	open_cases: int = 0
	load: float = 0.0
	last_given: datetime | None = None

	@property
	def strain(self) -> float:
		"""The load as it weighs on somebody with this working share."""
		return self.load * 100 / self.share

	@property
	def full(self) -> bool:
		return bool(self.limit) and self.open_cases >= self.limit


@dataclass(frozen=True)
class Work:
	"""What a case asks of the person who works it.

	`known` are those who worked for the same citizen, the latest first. `open_to` are the only ones who may see a
	confidential case without having been named on it; None: everybody asked about may.
	"""

	skills: frozenset[str] = frozenset()
	language: str | None = None
	recused: frozenset[str] = frozenset()
	known: tuple[str, ...] = ()
	open_to: frozenset[str] | None = None


@dataclass(frozen=True)
class Refusal:
	"""Why somebody is not given the work; `missing` names the skills or the language."""

	user: str
	reason: str
	missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Offer:
	"""The work would go to a person, in the turn of a member who may be away."""

	member: str
	to: str
	known: bool = False


@dataclass(frozen=True)
class Ranking:
	"""Offers, the best first, and why the others got none."""

	offers: tuple[Offer, ...] = ()
	refusals: tuple[Refusal, ...] = ()


def is_away(day: date, first: date | None, last: date | None) -> bool:
	"""Both days count. An absence without a first day is none; one without a last day goes on."""
	return first is not None and first <= day and (last is None or day <= last)


def refusal(person: Person, work: Work) -> Refusal | None:
	"""Why this person cannot be given the work, leaving languages and absence aside; None if they can."""
	missing = tuple(sorted(work.skills - person.skills))
	grounds = {
		NO_WORKER: not person.works,
		RECUSED: person.user in work.recused,
		CLOSED_TO: work.open_to is not None and person.user not in work.open_to,
		TAKES_NONE: not person.takes_work or person.share <= 0,
		FULL: person.full,
		SKILL: bool(missing),
	}
	reason = next((reason for reason, holds in grounds.items() if holds), None)
	return Refusal(person.user, reason, missing if reason == SKILL else ()) if reason else None


# The choice of a person ----------------------------------------------------------------------------------


def rank(method: str, work: Work, members: Iterable[str], people: Mapping[str, Person]) -> Ranking:
	"""Whom the work is offered, in this order: those who know the citizen, then by the method.

	`people` holds the members and all their deputies. A language is asked for only where somebody able speaks it.
	"""
	answers = [offer_or_refusal(people[member], work, people) for member in members]
	offers = [answer for answer in answers if isinstance(answer, Offer)]
	refusals = [answer for answer in answers if isinstance(answer, Refusal)]
	speaking = [offer for offer in offers if work.language in people[offer.to].languages]
	if work.language and speaking:
		refusals += [
			Refusal(offer.to, LANGUAGE, (work.language,)) for offer in offers if offer not in speaking
		]
		offers = speaking
	ordered = sorted(offers, key=lambda offer: _order(method, offer, people))
	return Ranking(tuple(_known_first(ordered, work.known)), tuple(refusals))


def offer_or_refusal(member: Person, work: Work, people: Mapping[str, Person]) -> Offer | Refusal:
	person = stand_in(member, people)
	if person is None:
		return Refusal(member.user, AWAY)
	return refusal(person, work) or Offer(member.user, person.user)


def stand_in(member: Person, people: Mapping[str, Person]) -> Person | None:
	"""The member, or while away the deputy, or the deputy's; None if there is none who is there."""
	person, passed = member, set()
	while person is not None and person.away:
		passed.add(person.user)
		person = None if person.deputy in passed else people.get(person.deputy)
	return person


def deputies_of(user: str, deputies: Mapping[str, str | None]) -> list[str]:
	"""The chain of deputies from a user on, without the user. A chain that comes back to somebody ends there."""
	chain = [user]
	while (following := deputies.get(chain[-1])) and following not in chain:
		chain.append(following)
	return chain[1:]


def in_circle(user: str, deputies: Mapping[str, str | None]) -> bool:
	"""Does the chain of deputies lead back to the user?"""
	return deputies.get((deputies_of(user, deputies) or [user])[-1]) == user


def _order(method: str, offer: Offer, people: Mapping[str, Person]) -> tuple:
	"""In turn: who was given something longest ago, for all turns count alike. By load: who bears least."""
	turn = people[offer.member].last_given or datetime.min
	if method == BY_LOAD:
		return (people[offer.to].strain, turn, offer.to)
	return (turn, offer.member)


def _known_first(offers: list[Offer], known: tuple[str, ...]) -> list[Offer]:
	by_member = {offer.member: offer for offer in offers}
	first = [by_member[user] for user in known if user in by_member]
	return [replace(offer, known=True) for offer in first] + [offer for offer in offers if offer not in first]
