"""Intakes and case verbs beside ERPNext's Issue with a service level agreement, and a bare Note as the floor.

Run in the bench's Python from `sites/`, on a site made for it, with ERPNext beside GovCRM if it is to be compared (the
rows stay behind):

	../env/bin/python ../apps/govcrm/benchmarks/intake.py --site bench.localhost --rounds 300

The acts take turns, one of each a round, so that what else the machine does meets all alike. Each is one transaction
with its commit, in one process that runs on; what GovCRM knows of the user's rights is forgotten before each. With
`--cold` each begins as a web worker begins a request: with nothing in the process but imported code.

- *Note insert*: one row, no logic.
- *Issue insert*, *Issue save*: with the default agreement of five working days, three priorities; the save is a reply.
- *Intake*: answers checked, duplicates looked for, request, case, event of the case and first contact written.
- *Intake, known caller*: the same, and the caller found by phone and name.
- *Verbs*: accept, start, wait, resume and close, each with its event; close also answers the citizen.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterator

import frappe
from frappe.utils import add_days, getdate, now_datetime

from govcrm.access.subjects import forget
from govcrm.api.intake import services
from govcrm.api.intake.submission import read

USER = "bench.intake@example.org"
ROLES = ("Intake Agent", "Caseworker", "Case Supervisor")
DEPARTMENT = "Bench Intake"
PROGRAM = "BENCH-INTAKE"
AGREEMENT = "Bench agreement"
WORKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
PLACE = (42.36, -71.06)
FLOOR, YARDSTICK = "Note insert", "Issue insert (SLA)"

# The stage -----------------------------------------------------------------------------------------------


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
	make_program()
	if has_erpnext():
		make_agreement()
	frappe.db.commit()


def roles() -> list[str]:
	return [*ROLES, "Support Team"] if has_erpnext() else [*ROLES]


def has_erpnext() -> bool:
	return "erpnext" in frappe.get_installed_apps()


def make_program() -> None:
	limits = {"duplicate_radius": 100, "duplicate_days": 14}
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
	make("Program Version", f"{PROGRAM}-v1", program=PROGRAM, questions=questions, **values)


def make_agreement() -> None:
	frappe.db.set_single_value("Support Settings", "track_service_level_agreement", 1)
	for priority in ("Low", "Medium", "High"):
		make("Issue Priority", priority)
	dates = {"from_date": add_days(getdate(), -30), "to_date": add_days(getdate(), 300)}
	make("Holiday List", "Bench", holiday_list_name="Bench", **dates)
	if frappe.db.exists(
		"Service Level Agreement", {"document_type": "Issue", "default_service_level_agreement": 1}
	):
		return
	times = {"response_time": 4 * 3600, "resolution_time": 6 * 3600}
	priorities = [
		{"priority": name, "default_priority": name == "Medium", **times}
		for name in ("Low", "Medium", "High")
	]
	hours = [{"workday": day, "start_time": "10:00:00", "end_time": "18:00:00"} for day in WORKDAYS]
	make(
		"Service Level Agreement",
		AGREEMENT,
		enabled=1,
		document_type="Issue",
		service_level=AGREEMENT,
		default_service_level_agreement=1,
		default_priority="Medium",
		holiday_list="Bench",
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


# One round -----------------------------------------------------------------------------------------------


def acts(number: int) -> Iterator[tuple[str, Callable[[], object]]]:
	"""The acts of a round in their order; later ones use what earlier ones made."""
	yield FLOOR, lambda: insert("Note", title=f"Bench {number} {time.time()}")
	if has_erpnext():
		made: list[str] = []
		issue = {
			"subject": f"Bench {number}",
			"raised_by": "bench@example.org",
			"description": "A hole in the road.",
		}
		yield YARDSTICK, lambda: made.append(insert("Issue", **issue))
		yield "Issue save (SLA)", lambda: reply(made[0])
	taken: list[dict] = []
	caller = {"first_name": "Bench", "last_name": str(number % 50), "phone": f"+1617555{number % 50:04}"}
	yield "Intake", lambda: taken.append(take(number, anonymous=True))
	yield "Intake, known caller", lambda: take(number, citizen=caller)
	yield from verbs(taken)


def verbs(taken: list[dict]) -> Iterator[tuple[str, Callable[[], object]]]:
	yield "Verb accept", lambda: case_of(taken[0]).accept()
	yield "Verb start", lambda: case_of(taken[0]).take_action("Start Work")
	yield "Verb wait", lambda: case_of(taken[0]).wait_for("Asphalt is out.", str(add_days(getdate(), 5)))
	yield "Verb resume", lambda: case_of(taken[0]).resume("Asphalt is here.")
	yield (
		"Verb close",
		lambda: case_of(taken[0]).close("Resolve", "Done.", "Filled. Thank you for telling us."),
	)


def insert(doctype: str, **values: object) -> str:
	return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=doctype == "Note").name


def reply(name: str) -> None:
	issue = frappe.get_doc("Issue", name)
	issue.status, issue.first_responded_on = "Replied", now_datetime()
	issue.save()


def take(number: int, **more: object) -> dict:
	place = {"latitude": PLACE[0] + number % 100 / 100, "longitude": PLACE[1] + number // 100 / 100}
	submission = {
		"service_code": PROGRAM,
		"channel": "Phone",
		"description": "A hole in the road.",
		**place,
		**more,
	}
	return services.take(
		read(
			{
				**submission,
				"answers": {"size": "large", "depth": 4},
				"idempotency_key": f"{number} {time.time()}",
			}
		)
	)


def case_of(receipt: dict):
	return frappe.get_doc("Case", frappe.db.get_value("Service Request", receipt["reference"], "case"))


# Measuring -----------------------------------------------------------------------------------------------


def measure(begin: Callable[[], None], rounds: int, warm_up: int) -> dict[str, list[float]]:
	seconds: dict[str, list[float]] = {}
	for number in range(rounds + warm_up):
		for name, act in acts(number):
			begin()
			took = time_of(act)
			if number >= warm_up:
				seconds.setdefault(name, []).append(took)
	return seconds


def time_of(act: Callable[[], object]) -> float:
	begun = time.perf_counter()
	act()
	frappe.db.commit()
	return time.perf_counter() - begun


def begin_warm() -> None:
	forget()
	frappe.clear_messages()


def begin_cold(site: str) -> None:
	frappe.destroy()
	connect(site)
	frappe.set_user(USER)


def connect(site: str) -> None:
	frappe.init(site=site, sites_path=".")
	frappe.connect()
	frappe.db.rollback()  # on SQLite this opens the first transaction


def show(seconds: dict[str, list[float]]) -> None:
	yardstick = YARDSTICK if YARDSTICK in seconds else FLOOR
	base = statistics.median(seconds[yardstick])
	print(f"| act | median ms | p90 ms | a second | of one {yardstick} |")
	print("|---|---|---|---|---|")
	for name, took in seconds.items():
		median, high = statistics.median(took), statistics.quantiles(took, n=10)[-1]
		print(f"| {name} | {median * 1e3:.1f} | {high * 1e3:.1f} | {1 / median:.0f} | {median / base:.2f} |")


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
	parser.add_argument("--site", required=True)
	parser.add_argument("--rounds", type=int, default=300)
	parser.add_argument("--warm-up", type=int, default=10)
	parser.add_argument("--cold", action="store_true", help="begin each act as a web worker begins a request")
	options = parser.parse_args()
	connect(options.site)
	set_up()
	frappe.set_user(USER)
	begin = (lambda: begin_cold(options.site)) if options.cold else begin_warm
	print(f"Frappe {frappe.__version__}, {frappe.db.db_type}, {options.rounds} rounds")
	show(measure(begin, options.rounds, options.warm_up))


if __name__ == "__main__":
	main()
