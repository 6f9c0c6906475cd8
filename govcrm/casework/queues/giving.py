"""Cases that a department's method gives to a person: in turn, or to whoever bears least.

Nothing here waits for anybody else: intake goes on while others are given their cases.
"""

from collections.abc import Collection
from itertools import chain

import frappe
from frappe import _
from frappe.model.document import Document

from govcrm.access.subjects import subject_of
from govcrm.casework import events
from govcrm.casework.queues import recusals, staff, turns
from govcrm.casework.queues.reasons import sentence
from govcrm.domain import access
from govcrm.domain.access import CaseFacts, Right
from govcrm.domain.cases import OPEN
from govcrm.domain.queues import BY_LOAD, IN_TURN, Offer, Ranking, Work, rank

GIVING = (IN_TURN, BY_LOAD)
TELLING = "govcrm.casework.queues.telling.tell_supervisors"


def give_out(case: Document) -> None:
	"""Give a case that nobody has to a person, if its department does so. The caller holds the case: it has just been
	opened, or is in the middle of an act.

	Where nobody is able it stays as it is, with an event that says why of each; a job tells the supervisors.
	"""
	method = method_of(case.department)
	if method not in GIVING or case.assignee or case.state_category != OPEN:
		return
	ranking, offer = offered(case, method)
	if offer:
		case.do_assign(offer.to, told(offer, method))
	else:
		events.write(case, "left_unassigned", detail=why_nobody(ranking))
		tell_later(case)


def tell_later(case: Document) -> None:
	"""Not while a site is being filled, when Frappe gives no notices either."""
	if not frappe.flags.in_install:
		frappe.enqueue(TELLING, queue="short", case=case.name, enqueue_after_commit=True)


def choose(case: Document) -> str | None:
	"""The person to whom the department would give the case now, by load where it gives nothing out by itself.

	Whoever has it already is left out. None if nobody else is able. In turn, this counts as a turn.
	"""
	method = method_of(case.department)
	_ranking, offer = offered(case, method if method in GIVING else BY_LOAD)
	return offer.to if offer else None


def offered(case: Document, method: str) -> tuple[Ranking, Offer | None]:
	members, people = staff.people_of(case.department)
	others = [user for user in members if user != case.assignee]
	ranking = rank(method, work_of(case, members, people), others, people)
	offers = [offer for offer in ranking.offers if offer.to != case.assignee]
	return ranking, turns.take(offers, members) if method == IN_TURN else next(iter(offers), None)


def method_of(department: str) -> str | None:
	return frappe.get_cached_value("Agency Department", department, "assignment_method")


def told(offer: Offer, method: str) -> str:
	"""How it came that this person has the case, for its history."""
	ways = {IN_TURN: _("Given in turn."), BY_LOAD: _("Given to who has least to do.")}
	how = _("Given to who knows the citizen.") if offer.known else ways[method]
	if offer.to == offer.member:
		return how
	return how + " " + _("Stands in for {0}, who is away.").format(frappe.utils.get_fullname(offer.member))


def why_nobody(ranking: Ranking) -> str:
	if not ranking.refusals:
		return _("The department has no members who take work.")
	return "\n".join(sentence(refusal) for refusal in ranking.refusals)


# What a case asks ----------------------------------------------------------------------------------------


def work_of(case: Document, members: Collection[str], people: Collection[str]) -> Work:
	version = frappe.get_cached_doc("Program Version", case.program_version)
	askers = citizens_of(case)
	keeps = frappe.get_cached_value("Agency Department", case.department, "keep_known_person")
	return Work(
		skills=frozenset(row.skill for row in version.required_skills),
		language=next((language for _citizen, language in askers if language), None),
		recused=recusals.recused_on(case.name),
		known=known_to([citizen for citizen, _language in askers], case, members) if keeps else (),
		open_to=None if case.confidentiality in ("Public", "Internal") else open_to(case, people),
	)


def citizens_of(case: Document) -> list[tuple[str, str | None]]:
	"""(citizen, preferred language) of those who asked, the first first; for a part, who asked above."""
	request, citizen = frappe.qb.DocType("Service Request"), frappe.qb.DocType("Citizen")
	query = frappe.qb.from_(request).join(citizen).on(citizen.name == request.citizen)
	query = query.select(citizen.name, citizen.preferred_language)
	query = query.where(request["case"].isin([name for name in (case.name, case.parent_case) if name]))
	return query.orderby(request.creation).limit(20).run()


def known_to(citizens: list[str], case: Document, members: Collection[str]) -> tuple[str, ...]:
	"""The members who worked on other cases of these citizens, the latest first."""
	if not (citizens and members):
		return ()
	request, other = frappe.qb.DocType("Service Request"), frappe.qb.DocType("Case")
	query = frappe.qb.from_(request).join(other).on(other.name == request["case"]).select(other.assignee)
	query = query.where(request.citizen.isin(citizens) & (other.name != case.name))
	query = query.where(other.assignee.isin(sorted(members)))
	rows = query.orderby(other.opened_datetime, order=frappe.qb.desc).limit(20).run()
	return tuple(dict.fromkeys(chain.from_iterable(rows)))


def open_to(case: Document, people: Collection[str]) -> frozenset[str]:
	"""Who may work the case as it is. A rule lets nobody see what is confidential; a supervisor may."""
	facts = CaseFacts(case.department, case.confidentiality)
	return frozenset(user for user in people if access.may(subject_of(user), facts, Right.WORK))
