"""Histories, events, health and exports of the audit log over HTTP: who is answered, and what is kept from others."""

import json

import pytest

BASE = "/api/method/govcrm.api.accountability"
AUDITOR = ("rest-auditor@example.org", "Agency Auditor")
# (method, endpoint, arguments): each needs a login, and its own right.
FOR_AUDITORS = (
	("GET", "events.choices", {}),
	("GET", "events.consistency", {"old": 1, "new": 2}),
	("GET", "health.lines", {}),
	("POST", "health.reconcile", {}),
)
WRITING = (
	"history.pdf",
	"history.proofs",
	"events.proof",
	"health.reconcile",
	"exports.download",
	"shredding.shred",
)


@pytest.fixture(scope="module")
def auditor(user_session):
	return user_session(*AUDITOR)


@pytest.fixture(scope="module")
def outsider(user_session):
	"""Somebody of the agency who belongs to no department."""
	return user_session("rest-outsider@example.org", "Caseworker")


@pytest.fixture(scope="module")
def case(pothole, agent, admin_session, bench_execute) -> str:
	about = {"service_code": pothole, "channel": "Phone", "anonymous": True}
	sent = {**about, "description": "A hole nobody recorded", "answers": {"size": "small"}}
	made = agent.post("/api/method/govcrm.api.intake.submit", json=sent)
	assert made.ok, made.text
	name = made.json()["message"]["reference"]
	found = admin_session.get(f"/api/resource/Service Request/{name}").json()["data"]["case"]
	bench_execute("govcrm.accountability.sealing.sealer.run")
	return found


@pytest.fixture(scope="module")
def event(case, auditor) -> str:
	"""The taking of the request: auditors know of it, and may not read requests."""
	wanted = {"subject": f"Case/{case}", "reference_doctype": "Service Request"}
	asked = {"filters": json.dumps(wanted), "order_by": "at_utc asc"}
	return auditor.get("/api/resource/Audit Event", params=asked).json()["data"][0]["name"]


def page(session, case: str, **more):
	return session.get(f"{BASE}.history.page", params={"doctype": "Case", "name": case, **more})


def test_a_history_is_for_who_reads_the_record(case, admin_session, outsider, guest_session):
	told = page(admin_session, case).json()["message"]
	assert told["acts"]
	assert {"next", "may_see_reads", "people", "verbs"} <= told.keys()
	for session in (outsider, guest_session):
		answer = page(session, case)
		assert answer.status_code == 403
		assert "acts" not in answer.text


def test_filters_that_are_no_plain_values_are_told_so_and_reach_no_query(case, admin_session):
	for filters in ('{"verb": {"x": 1}}', '{"actor": ["x"]}', '["verb"]'):
		answer = page(admin_session, case, filters=filters)
		assert answer.status_code == 417, filters
		assert "plain values" in answer.text


def test_proofs_and_prints_are_files_and_are_recorded(case, admin_session, auditor):
	asked = {"doctype": "Case", "name": case}
	proofs = admin_session.post(f"{BASE}.history.proofs", json=asked)
	assert json.loads(proofs.content)["kind"] == "history"
	assert "attachment" in proofs.headers["Content-Disposition"]
	filters = {"filters": json.dumps({"reference_name": case, "verb": "export"})}
	assert auditor.get("/api/resource/Audit Event", params=filters).json()["data"]


def test_an_event_is_for_who_reads_the_log_and_its_values_for_who_reads_the_record(event, auditor, outsider):
	asked = {"name": event}
	told = auditor.get(f"{BASE}.events.seen", params=asked)
	assert told.ok, told.text
	assert told.json()["message"]["values"] == "hidden"
	assert "nobody recorded" not in told.text
	assert auditor.get(f"{BASE}.events.check", params=asked).json()["message"]["results"]
	opened = auditor.post(f"{BASE}.events.proof", json=asked).json()["message"]["open"]
	assert opened.keys() <= {"peer"}, "from where somebody acted is no value of the record"
	for name in ("seen", "check"):
		assert outsider.get(f"{BASE}.events.{name}", params=asked).status_code == 403
	assert outsider.post(f"{BASE}.events.proof", json=asked).status_code == 403


@pytest.mark.parametrize(("method", "name", "arguments"), FOR_AUDITORS)
def test_what_is_for_auditors_is_for_nobody_else(outsider, guest_session, method, name, arguments):
	for session in (outsider, guest_session):
		assert session.request(method, f"{BASE}.{name}", params=arguments).status_code == 403


def test_health_is_told_to_auditors(auditor):
	lines = auditor.get(f"{BASE}.health.lines").json()["message"]["lines"]
	assert {"unsealed", "seal", "triggers", "keys"} <= {line["key"] for line in lines}


@pytest.mark.parametrize("name", WRITING)
def test_what_is_recorded_or_destroys_is_never_asked_by_a_link(admin_session, name):
	assert admin_session.get(f"{BASE}.{name}", params={"name": "x", "doctype": "Case"}).status_code == 403


def test_the_file_of_an_export_is_for_those_who_may_read_it(auditor, outsider):
	made = auditor.post(
		"/api/resource/Audit Export", json={"from_date": "2026-01-01", "to_date": "2026-01-01"}
	)
	assert made.ok, made.text
	name = made.json()["data"]["name"]
	assert outsider.post(f"{BASE}.exports.download", json={"name": name}).status_code == 403
	refused = auditor.post(f"{BASE}.exports.download", json={"name": name})
	assert refused.status_code == 417  # its period has no events: there is no file, and it says so


def test_a_key_is_destroyed_by_those_alone_who_answer_for_records(case, auditor, outsider):
	asked = {"subject": f"Case/{case}", "authority": "none", "reason": "none"}
	for session in (auditor, outsider):
		assert session.post(f"{BASE}.shredding.shred", json=asked).status_code == 403
