"""Each role opens all that its Desk offers it: nothing that the Desk itself asks is turned back.

The routes are those that the server offers the role, in its workspaces and its rights; what a release of Frappe asks in a new
way, or a new page of ours, comes here by itself.
"""

import re
from collections.abc import Iterator

import pytest
from desk import Watch, go, open_desk
from town import STAFF

# How many of what a workspace holds are opened, in its order: with all roles it is minutes.
LISTS, FORMS, REPORTS = 4, 1, 1

# What Frappe does to itself: its charts are drawn although another page was opened meanwhile; whose modules are restricted
# cannot list dashboards on SQLite, where Frappe 16 asks for a schema that is not there.
DRAWN_UNSEEN, NO_DASHBOARDS = "> attribute ", re.compile(r"500 .*get_list\?doctype=Dashboard&")

# What the Desk knows after logging in, and what its workspaces hold; of this app only.
OFFERED = """async () => {
	const ours = (module) => frappe.boot.module_app[frappe.router.slug(module || "").replace(/-/g, "_")] === "govcrm";
	const found = { workspaces: [], doctypes: [], reports: [], others: [] };
	for (const page of frappe.boot.allowed_workspaces.filter((page) => page.public && ours(page.module))) {
		found.workspaces.push(frappe.router.slug(page.title));
		const args = { page: JSON.stringify({ name: page.name, title: page.title, public: 1 }) };
		const parts = await frappe.xcall("frappe.desk.desktop.get_desktop_page", args);
		const links = (parts.cards?.items || []).flatMap((card) => card.links || []);
		for (const one of [...links, ...(parts.shortcuts?.items || [])]) {
			const [type, to] = [one.link_type || one.type, one.link_to];
			if (type === "DocType") found.doctypes.push(to);
			if (type === "Report") found.reports.push(to);
			if (type === "Page") found.others.push(to);
			if (type === "Dashboard") found.others.push(`dashboard-view/${to}`);
		}
	}
	const modules = await Promise.all(
		[...new Set(found.doctypes)].map(async (doctype) => {
			await frappe.model.with_doctype(doctype);
			return [doctype, frappe.get_meta(doctype)?.module];
		})
	);
	found.doctypes = modules.filter(([, module]) => ours(module)).map(([doctype]) => doctype);
	for (const list of Object.keys(found)) found[list] = [...new Set(found[list])];
	found.can_read = frappe.boot.user.can_read;
	found.can_create = frappe.boot.user.can_create;
	return found;
}"""
FIRST = "(doctype) => frappe.db.get_list(doctype, { limit: 1 }).then((rows) => rows[0]?.name)"


@pytest.mark.parametrize("person", STAFF, ids=lambda person: person[-1].lower().replace(" ", "-"))
def test_all_that_is_offered_to_a_role_opens_for_it(town, page_of, person):
	town.file_request(latitude=42.36, longitude=-71.05)
	page = page_of(*person)
	watch, complaints = Watch(page), []
	open_desk(page, "")
	for route in _routes(page):
		go(page, route)
		watch.complaints = [one for one in watch.complaints if not _is_frappes_own(one)]
		try:
			watch.check(f"{person[1]}: {route}")
		except AssertionError as complaint:
			complaints.append(str(complaint)[:1000])
			watch.complaints.clear()
			page.evaluate("frappe.hide_msgprint(true)")
	assert not complaints, "\n".join(complaints)


def _is_frappes_own(complaint: str) -> bool:
	return DRAWN_UNSEEN in complaint or bool(NO_DASHBOARDS.match(complaint))


def _routes(page) -> Iterator[str]:
	offered = page.evaluate(OFFERED)
	assert offered["workspaces"]
	yield from offered["workspaces"]
	yield from offered["others"]
	readable = [doctype for doctype in offered["doctypes"] if doctype in offered["can_read"]]
	for number, doctype in enumerate(readable[:LISTS]):
		slug = doctype.lower().replace(" ", "-")
		yield slug
		if number < FORMS:
			yield from _forms(page, doctype, slug, doctype in offered["can_create"])
	for report in offered["reports"][:REPORTS]:
		yield f"query-report/{report}"


def _forms(page, doctype: str, slug: str, may_create: bool) -> Iterator[str]:
	if may_create:
		yield f"{slug}/new"
	if name := page.evaluate(FIRST, doctype):
		yield f"{slug}/{name}"
