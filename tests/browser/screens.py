"""Every workspace, list, report and dashboard of the app, with a person whose work it is: each stands here once.

`tests/metadata/test_screens.py` fails for one that is missing. Routes are those of the Desk, without its prefix.
"""

from town import ADMIN, AUDITOR, CLERK, COUNCIL, GRETA, NORA, PRIVACY

WORKSPACES = {
	CLERK: ("Intake",),
	NORA: ("Casework",),
	ADMIN: ("Agency Setup",),
	AUDITOR: ("Audit",),
	COUNCIL: ("Service Performance", "Public Services"),
}
LISTS = {
	CLERK: ("Service Request", "Citizen", "Interaction"),
	NORA: ("Case", "Case Task", "Case Event", "Case Deadline", "Case Deadline Event", "Case Participant"),
	GRETA: ("Recusal", "Staff Profile"),
	ADMIN: (
		"Agency Program",
		"Program Version",
		"Deadline Policy",
		"Business Calendar",
		"Service Area",
		"Request Import",
		"Request Import Mapping",
		"Work Skill",
	),
	PRIVACY: ("Case Access Grant",),
	AUDITOR: (
		"Audit Event",
		"Audit Seal",
		"Audit Signing Key",
		"Audit Actor",
		"Audit Anchor",
		"Audit Anchor Receipt",
		"Audit Export",
		"Audit Reconciliation",
		"Audit Finding",
	),
	COUNCIL: ("Case Statistic",),
}
REPORTS = {
	GRETA: ("Deadline Performance", "Answer Times", "Case Ageing"),
	AUDITOR: (
		"Access To A Record",
		"Activity Of A User",
		"Permission Changes",
		"Exports",
		"Out-Of-Band Changes",
	),
	COUNCIL: ("Service Statistics",),
}
DASHBOARDS = {GRETA: ("Answers in Time",), ADMIN: ("Service Delivery",)}
# Lists in other shapes. Of departments there is a tree, unless one asks for the list.
VIEWS = {
	NORA: ("case/view/kanban/Cases by State", "case/view/calendar/default", "case/view/report"),
	ADMIN: ("agency-department/view/list", "agency-department/view/tree"),
}
PEOPLE = (CLERK, NORA, GRETA, ADMIN, PRIVACY, AUDITOR, COUNCIL)


def routes_of(person: tuple[str, ...]) -> list[str]:
	"""What this person opens, in order."""
	return [
		*map(slug, WORKSPACES.get(person, ())),
		*map(slug, LISTS.get(person, ())),
		*VIEWS.get(person, ()),
		*(f"query-report/{name}" for name in REPORTS.get(person, ())),
		*(f"dashboard-view/{name}" for name in DASHBOARDS.get(person, ())),
	]


def slug(name: str) -> str:
	return name.lower().replace(" ", "-")
