"""What `intake.py` measures on: a user, a program with clocks and routing, and ERPNext's Issue with its agreement.

Both sides have the same to do: three times to keep by priority, counted on the same hours of five days a week and the
same holidays. GovCRM also decides by six rules and sixteen service areas where a request goes.
"""

import frappe
from frappe.utils import add_days, get_system_timezone, getdate

USER = "bench.intake@example.org"
ROLES = ("Intake Agent", "Caseworker", "Case Supervisor")
DEPARTMENT = "Bench Intake"
# The stage of a run with other rules is another program: a published version never changes.
PROGRAM = "BENCH-INTAKE-CLOCKS"
CALENDAR = POLICY = HOLIDAYS = "Bench"
AGREEMENT = "Bench agreement"
WORKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
OPENS, CLOSES = "10:00:00", "18:00:00"
PLACE = (42.36, -71.06)
ROWS, COLUMNS, WIDE = 4, 4, 0.5  # of the service areas; degrees


def set_up() -> None:
	make(
		"User",
		USER,
		email=USER,
		first_name="Bench",
		send_welcome_email=0,
		roles=[{"role": role} for role in roles()],
	)
	members = [{"user": USER, "role": "Supervisor"}]
	make("Agency Department", DEPARTMENT, department_name=DEPARTMENT, members=members)
	make_calendar()
	make_policy()
	make_areas()
	make_program()
	if has_erpnext():
		make_agreement()
	frappe.db.commit()


def roles() -> list[str]:
	return [*ROLES, "Support Team"] if has_erpnext() else [*ROLES]


def has_erpnext() -> bool:
	return "erpnext" in frappe.get_installed_apps()


def holidays() -> list[dict]:
	"""Ten days off in the coming year."""
	return [{"date": add_days(getdate(), 30 * number), "title": f"Day {number}"} for number in range(1, 11)]


def make_calendar() -> None:
	hours = [{"weekday": day, "starts": OPENS, "ends": CLOSES} for day in WORKDAYS]
	values = {"calendar_name": CALENDAR, "timezone": get_system_timezone()}
	make("Business Calendar", CALENDAR, hours=hours, holidays=holidays(), **values)


def make_policy() -> None:
	milestones = [
		milestone("acknowledged", "Accepted", 2, "Working Hours"),
		milestone("first_response", "First Response", 4, "Working Hours"),
		milestone("resolved", "Closed", 6, "Working Hours", priority="High", is_promise=1),
		milestone("resolved", "Closed", 5, "Working Days", is_promise=1),
	]
	escalations = [
		{"milestone": "resolved", "at_percent": 100, "step": "Notify Supervisors"},
		{"milestone": "resolved", "at_percent": 150, "step": "Notify Department Head"},
	]
	values = {"policy_name": POLICY, "milestones": milestones, "escalations": escalations}
	make("Deadline Policy", POLICY, **values)


def milestone(code: str, stop: str, amount: float, unit: str, **more: object) -> dict:
	return {
		"code": code,
		"label": code.replace("_", " ").capitalize(),
		"amount": amount,
		"unit": unit,
		"stop_event": stop,
		"warn_at": "75",
		"pauses": 1,
		**more,
	}


def make_areas() -> None:
	for number in range(ROWS * COLUMNS):
		row, column = divmod(number, COLUMNS)
		boundary = frappe.as_json(square(PLACE[0] + row * WIDE, PLACE[1] + column * WIDE))
		departments = [{"program_group": "Bench", "department": DEPARTMENT}]
		name = f"Bench {number}"
		make("Service Area", name, area_name=name, boundary=boundary, departments=departments)


def square(south: float, west: float) -> dict:
	corners = [(west, south), (west + WIDE, south), (west + WIDE, south + WIDE), (west, south + WIDE)]
	return {"type": "Polygon", "coordinates": [[*map(list, corners), list(corners[0])]]}


def make_program() -> None:
	limits = {"duplicate_radius": 100, "duplicate_days": 14, "program_group": "Bench"}
	make(
		"Agency Program", PROGRAM, service_code=PROGRAM, program_name="Bench", department=DEPARTMENT, **limits
	)
	questions = [
		{
			"code": "size",
			"label": "Size",
			"datatype": "singlevaluelist",
			"options": "small\nlarge",
			"required": 1,
		},
		{"code": "depth", "label": "Depth", "datatype": "number", "shown_when": 'size == "large"'},
	]
	values = {"workflow": "Fix-it Request", "effective_from": getdate(), "changes": "First.", "docstatus": 1}
	values |= {"deadline_policy": POLICY, "calendar": CALENDAR, "routing_rules": rules()}
	make("Program Version", f"{PROGRAM}-v1", program=PROGRAM, questions=questions, **values)


def rules() -> list[dict]:
	"""The last of them fits what is filed, so that all are asked."""
	return [
		{"label": "Deep", "condition": 'size == "large" and depth > 50', "priority": "Urgent"},
		{"label": "By mail", "condition": 'request.channel == "E-mail"', "priority": "Low"},
		{"label": "Far out", "condition": '"Bench 15" in request.areas', "priority": "Low"},
		{"label": "Organisation", "condition": "citizen.organisation == true", "priority": "Low"},
		{"label": "Small", "condition": 'size == "small"', "priority": "Low"},
		{"label": "Large", "condition": 'size == "large"', "priority": "High", "department": DEPARTMENT},
	]


def make_agreement() -> None:
	frappe.db.set_single_value("Support Settings", "track_service_level_agreement", 1)
	for priority in ("Low", "Medium", "High"):
		make("Issue Priority", priority)
	dates = {"from_date": add_days(getdate(), -30), "to_date": add_days(getdate(), 330)}
	off = [{"holiday_date": row["date"], "description": row["title"]} for row in holidays()]
	make("Holiday List", HOLIDAYS, holiday_list_name=HOLIDAYS, holidays=off, **dates)
	if frappe.db.exists(
		"Service Level Agreement", {"document_type": "Issue", "default_service_level_agreement": 1}
	):
		return
	times = {"response_time": 4 * 3600, "resolution_time": 6 * 3600}
	priorities = [
		{"priority": name, "default_priority": name == "Medium", **times}
		for name in ("Low", "Medium", "High")
	]
	hours = [{"workday": day, "start_time": OPENS, "end_time": CLOSES} for day in WORKDAYS]
	make(
		"Service Level Agreement",
		AGREEMENT,
		enabled=1,
		document_type="Issue",
		service_level=AGREEMENT,
		default_service_level_agreement=1,
		default_priority="Medium",
		holiday_list=HOLIDAYS,
		apply_sla_for_resolution=1,
		priorities=priorities,
		support_and_resolution=hours,
		sla_fulfilled_on=[{"status": "Resolved"}, {"status": "Closed"}],
		pause_sla_on=[{"status": "Replied"}],
	)


def make(doctype: str, name: str, **values: object) -> None:
	if not frappe.db.exists(doctype, name):
		doc = frappe.get_doc({"doctype": doctype, "name": name, **values})
		doc.insert(ignore_permissions=True)  # the stage is set as nobody in particular
