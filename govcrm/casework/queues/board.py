"""The team board: who of a department has what, how much that is, and what nobody has.

Every number and card is what the reader may see by the access rule, but for a person's whole load, which is a number
without a case. The number of queries does not grow with people or cases.
"""

from datetime import datetime

import frappe
from frappe import _
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Coalesce, Count, Sum
from frappe.utils import add_days, get_datetime, getdate, now_datetime
from pypika import Case as When
from pypika.analytics import RowNumber

from govcrm.access.query import criterion
from govcrm.access.subjects import subject_of
from govcrm.casework.queues import staff
from govcrm.domain.access import WORKERS
from govcrm.domain.cases import RUNNING
from govcrm.domain.deadlines import PAUSED
from govcrm.domain.queues import Person

CARDS = 8
ADMINISTRATOR = "Administrator"
FIELDS = (
	"name",
	"subject",
	"department",
	"priority",
	"workflow_state",
	"state_category",
	"next_due",
	"next_deadline",
	"deadline_status",
	"confidentiality",
	"assignee",
)


def board(department: str | None = None, program: str | None = None) -> dict:
	"""The board of a department with those below it: {department, departments, may_assign, unassigned, people}."""
	places = departments()
	department = checked(department, places) or first(places)
	within = below(department, places)
	counts = counts_of(scope(within, program))
	cards = cards_by_person(scope(within, program))
	return {
		"department": department,
		"departments": places,
		"may_assign": may_assign(),
		"unassigned": {
			"cards": cards_of(None, scope(within, program)),
			"counts": counts.pop(None, none_at_all()),
		},
		"people": columns(within, counts, cards),
	}


def more_cards(department: str, program: str | None, user: str | None, start: int) -> list[dict]:
	"""The cards of a column after those shown already; of nobody's, without a user."""
	places = departments()
	return cards_of(user, scope(below(checked(department, places), places), program), start)


# Which departments ---------------------------------------------------------------------------------------


def departments() -> list[str]:
	"""Those whose board the user may see: the own ones, with all below them."""
	user = frappe.session.user
	if user == ADMINISTRATOR:
		return frappe.get_all("Agency Department", {"active": 1}, pluck="name", order_by="name")
	subject = subject_of(user)
	if not subject.roles & WORKERS or not subject.departments:
		message = _("The board is for caseworkers and supervisors who are members of a department.")
		frappe.throw(message, frappe.PermissionError)
	return sorted(subject.departments)


def checked(department: str | None, places: list[str]) -> str | None:
	if department and department not in places:
		message = _("You do not work in {0}. Choose one of your departments.")
		frappe.throw(message.format(frappe.utils.escape_html(department)), frappe.PermissionError)
	return department


def first(places: list[str]) -> str | None:
	"""The department that the user is a member of, rather than one below it."""
	rows = frappe.get_all(
		"Department Member",
		{"user": frappe.session.user, "parent": ("in", places or [""])},
		pluck="parent",
		order_by="parent",
		limit=1,
	)
	return next(iter(rows or places), None)


def below(department: str | None, places: list[str]) -> list[str]:
	"""The department and those below it."""
	span = department and frappe.db.get_value("Agency Department", department, ["lft", "rgt"])
	if not span:
		return []
	inside = {"lft": (">", span[0]), "rgt": ("<", span[1]), "name": ("in", places)}
	return [department, *frappe.get_all("Agency Department", inside, pluck="name", order_by="name")]


def may_assign() -> bool:
	"""The verb asks again: this is for what the board offers."""
	user = frappe.session.user
	return user == ADMINISTRATOR or "Case Supervisor" in subject_of(user).roles


# Cases ---------------------------------------------------------------------------------------------------


def scope(within: list[str], program: str | None) -> Criterion:
	"""Running cases of these departments that the user may read."""
	case = frappe.qb.DocType("Case")
	conditions = [case.department.isin(within or [""]), case.state_category.isin(sorted(RUNNING))]
	if program:
		conditions.append(case.program == program)
	if frappe.session.user != ADMINISTRATOR:
		conditions.append(criterion("Case", frappe.session.user))
	return Criterion.all(conditions)


def counts_of(scope: Criterion) -> dict[str | None, dict]:
	"""{assignee: {cases, overdue, today, at_risk}}."""
	case, now = frappe.qb.DocType("Case"), now_datetime()
	runs = Coalesce(case.deadline_status, "") != PAUSED
	today = (case.next_due >= now) & (case.next_due < tomorrow())
	query = frappe.qb.from_(case).where(scope).groupby(case.assignee)
	query = query.select(
		case.assignee,
		Count("*").as_("cases"),
		number_of((case.next_due < now) & runs).as_("overdue"),
		number_of(today & runs).as_("today"),
		number_of(case.deadline_status == "At Risk").as_("at_risk"),
	)
	return {row.pop("assignee") or None: as_integers(row) for row in query.run(as_dict=True)}


def number_of(condition: Criterion) -> Sum:
	return Sum(When().when(condition, 1).else_(0))


def as_integers(row: dict) -> dict:
	return {name: int(number or 0) for name, number in row.items()}


def none_at_all() -> dict:
	return {"cases": 0, "overdue": 0, "today": 0, "at_risk": 0}


def tomorrow() -> datetime:
	return get_datetime(add_days(getdate(), 1))


def cards_by_person(scope: Criterion) -> dict[str, list[dict]]:
	"""{assignee: the first cards}, in one query."""
	case = frappe.qb.DocType("Case")
	place = RowNumber().over(case.assignee)
	for term in order(case):
		place = place.orderby(term)
	ranked = frappe.qb.from_(case).select(*(case[field] for field in FIELDS), place.as_("place"))
	ranked = ranked.where(scope & case.assignee.isnotnull()).as_("ranked")
	query = frappe.qb.from_(ranked).select(*(ranked[field] for field in FIELDS))
	found: dict[str, list[dict]] = {}
	for row in query.where(ranked.place <= CARDS).orderby(ranked.place).run(as_dict=True):
		found.setdefault(row.assignee, []).append(card(row))
	return found


def cards_of(user: str | None, scope: Criterion, start: int = 0) -> list[dict]:
	case = frappe.qb.DocType("Case")
	query = frappe.qb.from_(case).select(*(case[field] for field in FIELDS)).where(scope)
	query = query.where(case.assignee == user if user else case.assignee.isnull())
	for term in order(case):
		query = query.orderby(term)
	return [card(row) for row in query.limit(CARDS).offset(max(start, 0)).run(as_dict=True)]


def order(case) -> tuple:
	"""What is due first; what is never due last, the oldest first."""
	return case.next_due.isnull(), case.next_due, case.opened_datetime, case.name


def card(row: dict) -> dict:
	return {**row, "due": due(row["next_due"], row["deadline_status"])}


def due(at: datetime | None, status: str | None) -> str:
	"""A clock that stands still is neither missed nor due today."""
	at = at and get_datetime(at)
	if not at:
		return ""
	if status == PAUSED:
		return "later"
	return "overdue" if at < now_datetime() else "today" if at < tomorrow() else "later"


# People --------------------------------------------------------------------------------------------------


def columns(within: list[str], counts: dict, cards: dict) -> list[dict]:
	"""One for each member, and for others who have a case of these departments; oneself first."""
	users = set(staff.roster(within) if within else ()) | set(counts)
	people = staff.load(users)
	about = about_people(users)
	made = [column(people[user], about[user], counts.get(user), cards.get(user)) for user in users]
	return sorted(made, key=lambda each: (not each["you"], each["full_name"], each["user"]))


def column(person: Person, about: dict, counts: dict | None, cards: list[dict] | None) -> dict:
	return {
		"user": person.user,
		"you": person.user == frappe.session.user,
		"away": person.away,
		"takes_work": person.takes_work,
		"limit": person.limit,
		"full": person.full,
		"share": person.share,
		"open_cases": person.open_cases,
		"load": round(person.load, 1),
		"counts": counts or none_at_all(),
		"cards": cards or [],
		**about,
	}


def about_people(users: set[str]) -> dict[str, dict]:
	"""{user: {full_name, away_to, deputy: full name}}."""
	user, profile = frappe.qb.DocType("User"), frappe.qb.DocType("Staff Profile")
	deputy = frappe.qb.DocType("User").as_("deputy")
	query = frappe.qb.from_(user).left_join(profile).on(profile.user == user.name)
	query = query.left_join(deputy).on(deputy.name == profile.deputy)
	query = query.select(user.name, user.full_name, profile.away_to, deputy.full_name.as_("deputy"))
	rows = query.where(user.name.isin(sorted(users) or [""])).run(as_dict=True)
	found = {row.pop("name"): row for row in rows}
	nobody = {"full_name": "", "away_to": None, "deputy": None}
	return {user: {**nobody, **found.get(user, {"full_name": user})} for user in users}
