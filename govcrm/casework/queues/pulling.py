"""Taking the next case of one's departments."""

from collections import Counter
from collections.abc import Iterator
from typing import NoReturn

import frappe
from frappe import _
from frappe.query_builder.functions import Count

from govcrm import compat
from govcrm.access.subjects import subject_of
from govcrm.casework.queues import workload
from govcrm.casework.queues.waiting import Queue
from govcrm.casework.verbs.authority import require_worker
from govcrm.domain.cases import OPEN


class NothingToTake(frappe.ValidationError):
	"""No case waits that this person could take; the message says why."""


def pull_next(department: str | None = None) -> str:
	"""Give the session's user the most urgent case of their departments, or of one, and return its name.

	Two who do this at the same time never get the same case: each holds the row of what it takes, and passes over what
	another one holds. Raises NothingToTake.
	"""
	user = frappe.session.user
	compat.start_writing()
	require_worker(user)
	refuse_if_full(user)
	queue = Queue(user, departments_of(user, department))
	for row in queue:
		if claim(row):
			frappe.get_doc("Case", row.name, for_update=True).accept()
			return row.name
	return raise_nothing(queue)


def departments_of(user: str, department: str | None) -> tuple[str, ...]:
	own = subject_of(user).departments
	if department and department not in own:
		message = _("You do not work in {0}. Choose one of your departments.")
		frappe.throw(message.format(frappe.utils.escape_html(department)), frappe.PermissionError)
	if not own:
		frappe.throw(_("You are a member of no department. Ask an administrator to add you to one."))
	return (department,) if department else tuple(sorted(own))


def refuse_if_full(user: str) -> None:
	"""Who asks twice at once is counted one after the other."""
	limit = frappe.db.get_value("Staff Profile", user, "max_open_cases")
	if not limit:
		return
	compat.lock_row("Staff Profile", user)
	open_cases = workload.count_held(user)
	if open_cases >= limit:
		message = _("You have {0} open cases, and your limit is {1}. Close one, or ask a supervisor.")
		frappe.throw(message.format(open_cases, limit), NothingToTake, title=_("Nothing to Take"))


def claim(row: frappe._dict) -> bool:
	"""Hold the case until the transaction ends, unless somebody else does or it is not what it was.

	Its parent comes first, as in every act on a case: see `Transitionable.begin`.
	"""
	if row.parent_case:
		compat.lock_row("Case", row.parent_case)
	case = frappe.qb.DocType("Case")
	query = frappe.qb.from_(case).select(case.name).where(case.name == row.name)
	query = query.where(case.assignee.isnull() & (case.state_category == OPEN))
	query = query.where(case.department == row.department)
	return bool(compat.claiming(query.where(case.confidentiality == row.confidentiality)).run())


# When there is nothing -----------------------------------------------------------------------------------


def raise_nothing(queue: Queue) -> NoReturn:
	frappe.throw("<br>".join(why_nothing(queue)), NothingToTake, title=_("Nothing to Take"))


def why_nothing(queue: Queue) -> list[str]:
	"""In sentences, what waits and why this person cannot take it."""
	waiting = sum(count(queue, "waiting", department) for department in queue.departments)
	if not waiting:
		return [_("No case waits in your departments: {0}.").format(", ".join(queue.departments))]
	return [_("{0} cases wait, but none that you can take:").format(waiting), *obstacles(queue)]


def obstacles(queue: Queue) -> Iterator[str]:
	skills, languages, others = Counter(), Counter(), 0
	for department in queue.departments:
		skills.update(by_skill(queue, department))
		languages.update(by_language(queue, department))
		others += count(queue, "fitting", department)
	yield from (_("{0} need the skill {1}.").format(n, skill) for skill, n in sorted(skills.items()))
	yield from (
		_("{0} are kept for somebody who speaks {1}.").format(n, spoken) for spoken, n in languages.items()
	)
	if others:
		yield _("{0} are just being worked on by others. Try again in a moment.").format(others)


def count(queue: Queue, which: str, department: str) -> int:
	query = frappe.qb.from_(queue.case).select(Count("*")).where(getattr(queue, which)(department))
	return query.run()[0][0]


def by_skill(queue: Queue, department: str) -> Counter:
	if not queue.beyond_skills:
		return Counter()
	case = queue.case
	query = frappe.qb.from_(case).select(case.program_version, Count("*")).groupby(case.program_version)
	query = query.where(queue.waiting(department) & case.program_version.isin(sorted(queue.beyond_skills)))
	found = Counter()
	for version, cases in query.run():
		found[", ".join(sorted(queue.beyond_skills[version]))] += cases
	return found


def by_language(queue: Queue, department: str) -> Counter:
	if not (foreign := queue.in_foreign_language(department)):
		return Counter()
	query = frappe.qb.from_(queue.case).select(Count("*")).where(queue.waiting(department) & foreign)
	cases = query.run()[0][0]
	return Counter({", ".join(sorted(queue.left_to_speakers[department])): cases} if cases else {})
