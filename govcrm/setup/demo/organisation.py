"""Departments and users of the demo city."""

from typing import Any

import frappe

from govcrm.boot import landing_of
from govcrm.setup.demo import Progress
from govcrm.setup.demo.world import World
from govcrm.setup.seed import AGENCY

# For sites that hold nothing but inventions. It is printed, and anybody can read it here.
PASSWORD = "lindenford-demo"

APP_MODULES = {"govcrm"}


def make_departments(world: World, tell: Progress) -> None:
	"""Insert the tree, above first, and let it take the place of the department an empty site starts with."""
	for number, row in enumerate(world.departments, start=1):
		tell("Departments", number, len(world.departments))
		make_department(world, row)
	replace_first_department(world.departments[0]["name"])
	settings = frappe.get_doc("GovCRM Settings")
	settings.agency_name = settings.agency_name or world.departments[0]["name"]
	settings.default_department = settings.default_department or world.departments[-1]["name"]
	settings.save()


def make_department(world: World, row: dict[str, Any]) -> None:
	if frappe.db.exists("Agency Department", row["name"]):
		return
	email = f"{row['code'].lower()}@{world.email_domain}"
	frappe.new_doc(
		"Agency Department",
		department_name=row["name"],
		department_code=row["code"],
		parent_agency_department=row["parent"],
		is_group=row.get("is_group", 0),
		email=email,
		calendar=row["calendar"],
	).insert()


def replace_first_department(root: str) -> None:
	"""What the seeds put under the nameless "Agency" goes to the city; the empty department goes."""
	if not frappe.db.exists("Agency Department", AGENCY):
		return
	for program in frappe.get_all("Agency Program", {"department": AGENCY}, pluck="name", order_by="name"):
		doc = frappe.get_doc("Agency Program", program)
		doc.department = root
		doc.save()
	if not frappe.db.exists("Agency Department", {"parent_agency_department": AGENCY}):
		frappe.delete_doc("Agency Department", AGENCY, delete_permanently=True)


def make_users(world: World, tell: Progress) -> None:
	for number, user in enumerate(world.users, start=1):
		tell("Users", number, len(world.users))
		make_user(world, user)
	for row in world.departments:
		appoint(world, row["name"])


def make_user(world: World, user: dict[str, Any]) -> None:
	"""Insert one user, without a welcome mail, with the app's modules only."""
	email = world.email(user["login"])
	if frappe.db.exists("User", email):
		return
	doc = frappe.new_doc(
		"User",
		email=email,
		first_name=user["first_name"],
		last_name=user["last_name"],
		send_welcome_email=0,
		new_password=PASSWORD,
		roles=[{"role": role} for role in user["roles"]],
		block_modules=[{"module": module} for module in foreign_modules()],
		default_workspace=workspace_of(user),
	)
	doc.flags.no_welcome_mail = doc.flags.ignore_password_policy = True
	doc.insert()


def foreign_modules() -> list[str]:
	"""Modules of other apps, whose workspaces would only be in the way."""
	ours = {"app_name": ["not in", list(APP_MODULES)]}
	return frappe.get_all("Module Def", ours, pluck="name", order_by="name")


def workspace_of(user: dict[str, Any]) -> str | None:
	"""Where they find themselves after login: as anybody of their first role does."""
	found = landing_of(user["roles"][:1])
	return found["name"] if found else None


def appoint(world: World, department: str) -> None:
	"""Write the members of a department."""
	doc = frappe.get_doc("Agency Department", department)
	doc.head = head_of(world, department)
	known = {row.user for row in doc.members}
	for role in ("Supervisor", "Member"):
		for email in map(world.email, world.members(department, role)):
			if email not in known:
				doc.append("members", {"user": email, "role": role})
	if doc.members or doc.head:
		doc.save()


def head_of(world: World, department: str) -> str | None:
	row = next(row for row in world.departments if row["name"] == department)
	return world.email(row["head"]) if "head" in row else None


def login(world: World, user: dict[str, Any]) -> dict[str, Any]:
	"""What somebody needs to know to look at the city with this user's eyes."""
	return {
		"user": world.email(user["login"]),
		"password": PASSWORD,
		"name": f"{user['first_name']} {user['last_name']}",
		"roles": user["roles"],
		"departments": [row["department"] for row in user.get("departments", ())],
	}
