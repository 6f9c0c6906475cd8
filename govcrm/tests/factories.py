"""Makes the records that site tests need. Every factory takes overrides and returns the inserted document."""

import frappe
from frappe.utils import getdate

WORKERS = ("Caseworker", "Case Supervisor")


def make_user(email: str, *roles: str, **values):
	"""An enabled user with these roles; one that exists is returned with the roles added."""
	if frappe.db.exists("User", email):
		user = frappe.get_doc("User", email)
	else:
		user = _insert(
			"User", email=email, first_name=email.split("@")[0].title(), send_welcome_email=0, **values
		)
	missing = set(roles) - {row.role for row in user.roles}
	if missing:
		user.add_roles(*sorted(missing))
	return user


def make_department(name: str = "Public Works", **values):
	"""A department; one that exists is returned as it is."""
	if frappe.db.exists("Agency Department", name):
		return frappe.get_doc("Agency Department", name)
	return _insert("Agency Department", department_name=name, **values)


def make_program(service_code: str = "POTHOLE", **values):
	"""A program without a version, owned by the department Public Works unless another is given."""
	values.setdefault("program_name", service_code.title())
	if "department" not in values:
		values["department"] = make_department().name
	return _insert("Agency Program", service_code=service_code, **values)


def make_version(program, publish: bool = True, **values):
	"""A version of a program (document or name), in force from today unless dated otherwise.

	With `publish`, somebody is appointed to the roles the shipped workflows need.
	"""
	values.setdefault("workflow", "Fix-it Request")
	values.setdefault("effective_from", getdate())
	values.setdefault("changes", "Made for a test.")
	version = _insert("Program Version", program=getattr(program, "name", program), **values)
	if publish:
		make_user("worker@example.org", *WORKERS)
		version.submit()
	return version


def make_published_program(service_code: str = "POTHOLE", version: dict | None = None, **values):
	"""A program with one published version; returns the program as it then is."""
	program = make_program(service_code, **values)
	make_version(program, **(version or {}))
	return program.reload()


def make_worker(email: str, department: str = "Public Works", *, supervisor: bool = False):
	"""A caseworker or case supervisor of a department."""
	user = make_user(email, *(WORKERS if supervisor else WORKERS[:1]))
	doc = make_department(department)
	if user.name not in [row.user for row in doc.members]:
		doc.append("members", {"user": user.name, "role": "Supervisor" if supervisor else "Member"})
		doc.save(ignore_permissions=True)  # tests set the stage as nobody in particular
	return user


def make_skill(name: str = "Electrical") -> str:
	"""The name of a skill, which is made if missing."""
	if not frappe.db.exists("Work Skill", name):
		_insert("Work Skill", skill_name=name)
	return name


def make_profile(user: str, **values):
	"""The Staff Profile of a user; one that exists gets the values."""
	if frappe.db.exists("Staff Profile", user):
		doc = frappe.get_doc("Staff Profile", user)
		return doc.update(values).save(ignore_permissions=True)  # tests set the stage
	return _insert("Staff Profile", user=user, **values)


def make_case(service_code: str = "POTHOLE", version: dict | None = None, **values):
	"""A case without a request, of a published program that is made if missing."""
	if not frappe.db.exists("Agency Program", service_code):
		make_published_program(service_code, version)
	program = frappe.get_doc("Agency Program", service_code)
	values.setdefault("department", program.department)
	return _insert("Case", program=program.name, program_version=program.current_version, **values)


def make_area(name: str, west: float, south: float, size: float = 1.0, **values):
	"""A square service area: its south-western corner and the length of its sides in degrees."""
	east, north = west + size, south + size
	ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
	boundary = frappe.as_json({"type": "Polygon", "coordinates": [ring]})
	return _insert("Service Area", area_name=name, boundary=boundary, **values)


def make_request(service_code: str = "POTHOLE", **values):
	"""A request of a program that is there, by nobody in particular; its case is opened with it."""
	values.setdefault("anonymous", 1)
	return _insert("Service Request", program=service_code, **values)


def make_citizen(**values):
	return _insert("Citizen", **{"citizen_type": "Person", "first_name": "Kim", "last_name": "Kin", **values})


def make_task(case, title: str = "Inspect", **values):
	"""A task of a case (document or name)."""
	return _insert("Case Task", case=getattr(case, "name", case), title=title, **values)


def _insert(doctype: str, **values):
	doc = frappe.get_doc({"doctype": doctype, **values})
	return doc.insert(ignore_permissions=True)  # tests set the stage as nobody in particular
