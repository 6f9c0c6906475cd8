"""The reports of an auditor over what people did on the site, and the names that a list shows of people."""

import json

import pytest

WORKER = "rest-busy@example.org"
DOOR = "/api/method/frappe.desk.reportview"
CASE_AND_NAME = json.dumps(["`tabCase`.`name`", "assignee", "assignee.full_name as assignee_full_name"])


@pytest.fixture(scope="module")
def auditor(user_session):
	return user_session("rest-auditor@example.org", "Agency Auditor")


@pytest.fixture(scope="module")
def worker(user_session):
	return user_session(WORKER, "Caseworker")


@pytest.fixture(scope="module")
def case(pothole, agent, worker, admin_session) -> str:
	"""A case that the worker took; before that they logged in, looked around, were refused, took a copy and mistyped."""
	department = admin_session.get("/api/resource/Agency Department/Public Works").json()["data"]
	members = [*department["members"], {"user": WORKER, "role": "Member"}]
	admin_session.put("/api/resource/Agency Department/Public Works", json={"members": members})
	sent = {"service_code": pothole, "channel": "Phone", "anonymous": True, "answers": {"size": "small"}}
	made = agent.post("/api/method/govcrm.api.intake.submit", json=sent).json()["message"]["reference"]
	name = admin_session.get(f"/api/resource/Service Request/{made}").json()["data"]["case"]
	for path in ("Case", f"Case/{name}", "Case/CASE-none", "Audit Event", "Citizen", "Service Request"):
		worker.get(f"/api/resource/{path}")
	copy = {"doctype": "Case", "fields": '["name"]', "file_format_type": "CSV", "title": "Case"}
	worker.post(f"{DOOR}.export_query", data=copy)
	admin_session.post(f"{DOOR}.export_query", data=copy)
	taken = {"dt": "Case", "dn": name, "method": "accept"}
	worker.post("/api/method/run_doc_method", json=taken).raise_for_status()
	return name


@pytest.fixture(scope="module")
def actors(case, new_session, auditor) -> list[str]:
	"""The pseudonyms of all who did anything."""
	new_session().post("/api/method/login", data={"usr": WORKER, "pwd": "mistyped"})
	asked = {"limit_page_length": 0, "fields": '["name", "user"]'}
	found = auditor.get("/api/resource/Audit Actor", params=asked).json()["data"]
	assert {"Administrator", WORKER} <= {one["user"] for one in found}
	return [one["name"] for one in found]


def run(auditor, report: str, **filters: object):
	asked = {"report_name": report, "filters": json.dumps(filters)}
	return auditor.get("/api/method/frappe.desk.query_report.run", params=asked)


def test_what_each_person_did_is_told_whatever_it_was(actors, auditor):
	answers = [run(auditor, "Activity Of A User", actor=actor) for actor in actors]
	assert [answer.status_code for answer in answers] == [200] * len(actors)
	rows = [row for answer in answers for row in answer.json()["message"]["result"]]
	assert {"logged in", "accepted", "created", "exported"} <= {row["said"] for row in rows}
	assert {"Success", "Denied", "Failed"} & {row["outcome"] for row in rows} > {"Success"}


def test_the_other_reports_answer_over_the_same_events(actors, case, auditor):
	for report, filters in (
		("Access To A Record", {"reference_doctype": "Case", "reference_name": case, "changes": 1}),
		("Permission Changes", {}),
		("Exports", {}),
		("Out-Of-Band Changes", {}),
	):
		answer = run(auditor, report, **filters)
		assert answer.status_code == 200, (report, answer.text)
		assert answer.json()["message"]["result"] or report.startswith("Out"), report


def test_a_list_of_cases_says_the_name_of_whoever_has_each(case, worker):
	asked = {"doctype": "Case", "fields": CASE_AND_NAME, "filters": json.dumps({"name": case})}
	answer = worker.get(f"{DOOR}.get", params=asked)
	assert answer.status_code == 200, answer.text
	found = answer.json()["message"]
	assert dict(zip(found["keys"], found["values"][0], strict=True))["assignee_full_name"] == "Rest-Busy"


def test_a_search_for_users_gives_the_account_with_the_name_for_its_label(case, worker):
	asked = {"doctype": "User", "txt": WORKER}
	answer = worker.get("/api/method/frappe.desk.search.search_link", params=asked)
	found = answer.json()["message"]
	assert [(one["value"], one["label"]) for one in found] == [(WORKER, "Rest-Busy")]
