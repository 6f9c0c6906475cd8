"""Everybody asks everything, and no word is heard by who must not hear it."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import frappe

from govcrm.gate import inventory
from govcrm.tests.canaries import doors, synthesiser
from govcrm.tests.canaries.asking import Ask, Asker, Heard, where
from govcrm.tests.canaries.fences import NOT_CALLED
from govcrm.tests.canaries.people import ALL, Person
from govcrm.tests.canaries.stage import KINDS, Stage
from govcrm.tests.canaries.synthesiser import OUTSIDER, Site, Target
from govcrm.tests.canaries.words import Canary

TRAIL = (
	"Audit ",
	"Permission Changes",
	"Access to a Record",
	"Activity of a User",
	"Exports",
	"Out-of-Band Changes",
)

ALWAYS = ("frappe", "govcrm")  # the apps that every site has


@dataclass(frozen=True)
class Leak:
	"""A word that was heard: by whom, through what, of which place, the exact call, and what stood around the word."""

	user: str
	way: str
	canary: Canary
	ask: Ask
	near: str = field(default="", compare=False)


@dataclass
class Report:
	"""What was asked and what came of it. `broken` are answers with 5xx: what was asked, and the error behind it."""

	calls: Counter = field(default_factory=Counter)
	answers: Counter = field(default_factory=Counter)
	ways: Counter = field(default_factory=Counter)
	asked: set[str] = field(default_factory=set)
	leaks: list[Leak] = field(default_factory=list)
	broken: Counter = field(default_factory=Counter)

	def add(self, other: "Report") -> None:
		for mine, theirs in zip(vars(self).values(), vars(other).values(), strict=True):
			mine.extend(theirs) if isinstance(mine, list) else mine.update(theirs)


def functions(apps: Iterable[str] = ()) -> dict[str, Callable]:
	"""Every whitelisted function of these apps, or of all that this site has, by the name under which it is defined."""
	inventory.callable_methods()
	found = {f"{one.__module__}.{one.__qualname__}": one for one in frappe.whitelisted}
	apps = tuple(f"{app}." for app in apps or frappe.get_installed_apps())
	return {name: found[name] for name in sorted(found) if name.startswith(apps) and name not in NOT_CALLED}


def targets(stage: Stage, kinds: Iterable[str], doctypes: Iterable[str] | None = None) -> list[Target]:
	"""The first record of each DocType, for each kind of matter."""
	found: dict[tuple[str, str], Target] = {}
	for doctype, name, kind in stage.records:
		if kind in kinds and (doctypes is None or doctype in doctypes):
			found.setdefault((kind, doctype), Target(doctype, name, stage.urls.get(kind, ""), kind))
	return list(found.values())


def asks(stage: Stage, about: list[Target], which: Callable[[str], bool] = bool) -> Iterator[Ask]:
	"""Every door that is no function, then every function that `which` takes."""
	site = Site.of_this()
	yield from doors.asks(stage, about, site)
	for name, function in functions().items():
		if which(name):
			yield from synthesiser.asks_of(name, function, _fitting(name, about), site)


def few(stage: Stage, person: Person, chance: random.Random, share: float, most: int) -> list[Ask]:
	"""A bounded part for one person: this share of the functions that are told of records, once each, then so many of all else."""
	about, site = targets(stage, closed_to(person)), Site.of_this()
	found, others = [], list(doors.asks(stage, about, site))
	for name, function in functions(ALWAYS).items():
		every = synthesiser.asks_of(name, function, _fitting(name, about), site)
		if synthesiser.is_told_of_records(function):
			found.append(chance.choice(list(every)))
		else:
			others.extend(itertools.islice(every, 1))
	found = chance.sample(found, round(share * len(found)))
	return found + chance.sample(others, min(most, len(others)))


def closed_to(person: Person) -> list[str]:
	"""The kinds of matter of which something is closed to this person."""
	return [kind for kind in KINDS if person.opened.get(kind) != ALL]


def run(stage: Stage, people: Iterable[Person], askers: Iterable[Person], wanted: Iterable[Ask]) -> Report:
	"""Each of the `askers` asks all that is wanted; what reaches any of the `people` is looked at."""
	report, wanted, people = Report(), list(wanted), list(people)
	with Asker() as asker:
		for person in askers:
			for ask in wanted:
				report.leaks += leaks(stage, people, person, ask, _hear(asker, ask, person, report))
	return report


def _hear(asker: Asker, ask: Ask, person: Person, report: Report) -> Heard:
	try:
		heard = asker.ask(ask, person.user)
	except Exception as error:
		heard = Heard(0, error=f"past every answer: {where(error)}")
	if not 0 < heard.status < 500:
		report.broken[f"{heard.status} {ask.what} · {heard.error}"] += 1
	report.calls[person.user] += 1
	report.answers[heard.status] += 1
	report.asked.add(ask.what)
	report.ways.update({"answers": 1, "events": len(heard.events), "mails": len(heard.mails)})
	return heard


def leaks(stage: Stage, people: list[Person], person: Person, ask: Ask, heard: Heard) -> list[Leak]:
	"""What was in the answer, less what the caller said; what went to rooms and to people, whoever caused it."""
	words = stage.words
	known = words.found_in(ask.said())
	return [
		Leak(to.user, way, canary, ask, _around(text, canary.word))
		for to, way, text in _heard_by(people, person, heard)
		for canary in words.found_in(text) - known
		if _is_leak(to, canary, ask)
	]


def _heard_by(
	people: list[Person], person: Person, heard: Heard
) -> Iterator[tuple[Person, str, str | bytes]]:
	by_user, nobody = {one.user: one for one in people}, Person(OUTSIDER)
	yield person, "answer", heard.head
	yield person, "answer", heard.body
	for room, text in heard.events:
		kind, _, rest = room.partition(":")
		if kind != "doc":  # who joins the room of a record is asked for the right
			yield by_user.get(rest, nobody) if kind == "user" else nobody, f"event in {room}", text
	for recipient, text in heard.mails:
		if not _passes(recipient):
			yield by_user.get(recipient, nobody), "mail", text


def _passes(recipient: str) -> bool:
	"""Nothing is closed to Administrator, whose the rows of the stage are."""
	return recipient in ("Administrator", frappe.db.get_value("User", "Administrator", "email", cache=True))


def _around(text: str | bytes, word: str) -> str:
	text = text if isinstance(text, str) else text.decode("utf-8", "replace")
	at = text.lower().find(word.lower())
	return text[max(0, at - 80) : at + 80] if at >= 0 else "packed"


def _is_leak(to: Person, canary: Canary, ask: Ask) -> bool:
	"""The log of the audit is whole for who reads it: it names records by what they are called, and says nothing of them."""
	named_in_trail = canary.is_name and to.reads_trail and any(word in str(ask) for word in TRAIL)
	return to.may_not_see(canary) and not named_in_trail


def _fitting(name: str, about: list[Target]) -> list[Target]:
	"""For a method of a DocType its own records first."""
	own = [target for target in about if f".{frappe.scrub(target.doctype)}." in name]
	return own or about
