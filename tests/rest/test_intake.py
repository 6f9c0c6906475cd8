"""Intake as an integrator meets it: what is taken, what is refused and how."""

import json
import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest

SUBMIT = "/api/method/govcrm.api.intake.submit"
REQUESTS = "/api/resource/Service Request"


@pytest.fixture
def submission(pothole):
	return {"service_code": pothole, "channel": "Phone", "answers": {"size": "small"}, "anonymous": True}


def submit(session, body, **words):
	return session.post(SUBMIT, json=body, **words)


def taken(answer):
	assert answer.status_code == 200, answer.text
	return answer.json()["message"]


def refused(answer, status=417):
	"""The fields that were refused; asserts that it was done as documented."""
	assert answer.status_code == status, answer.text
	body = answer.json()
	assert "Traceback" not in answer.text
	assert all(set(error) == {"field", "message"} and error["message"] for error in body["errors"])
	return [error["field"] for error in body["errors"]]


# Taking ---------------------------------------------------------------------------------------------------


def test_a_request_gets_a_reference_and_a_date(agent, submission):
	receipt = taken(submit(agent, submission))
	assert receipt["reference"].startswith("SR-")
	assert receipt["status"] == "Open"
	assert receipt["created"] is True
	assert receipt["agency_responsible"] == "Public Works"
	assert receipt["expected_datetime"] > receipt["requested_datetime"]


def test_a_form_encoded_body_is_read_as_well(agent, submission):
	body = {
		**submission,
		"answers": json.dumps(submission["answers"]),
		"anonymous": "1",
		"latitude": "42.1",
		"longitude": "-71.2",
	}
	assert taken(agent.post(SUBMIT, data=body))["created"]


def test_a_caller_is_found_again_by_phone_and_name(agent, submission, admin_session):
	phone = f"+1617{secrets.randbelow(10**7):07}"
	person = {"first_name": "Ada", "last_name": "Rest", "phone": phone}
	requests = [taken(submit(agent, {**submission, "anonymous": False, "citizen": person})) for _ in range(2)]
	citizens = {
		admin_session.get(f"{REQUESTS}/{one['reference']}").json()["data"]["citizen"] for one in requests
	}
	assert len(citizens) == 1
	found = taken(agent.post("/api/method/govcrm.api.intake.find_citizen", json={"text": phone[2:]}))
	assert [one["name"] for one in found] == list(citizens)


def test_sensitive_answers_are_kept_apart(agent, submission, admin_session):
	receipt = taken(submit(agent, {**submission, "answers": {"size": "small", "injury": True}}))
	request = admin_session.get(f"{REQUESTS}/{receipt['reference']}").json()["data"]
	assert json.loads(request["answers"]) == {"size": "small"}
	assert json.loads(request["sensitive_answers"]) == {"injury": True}


def test_a_near_and_recent_request_is_suggested_and_can_be_joined(agent, submission, admin_session):
	place = {
		"latitude": 40 + secrets.randbelow(10**6) / 10**5,
		"longitude": -70 - secrets.randbelow(10**6) / 10**5,
	}
	first = taken(submit(agent, {**submission, **place}))
	near = {"service_code": submission["service_code"], **place}
	suggested = taken(agent.get("/api/method/govcrm.api.intake.duplicates", params=near))
	assert [one["name"] for one in suggested] == [first["reference"]]
	assert not {"citizen", "description", "owner"} & set(suggested[0])
	caller = {"first_name": "Joe", "phone": f"+1617{secrets.randbelow(10**7):07}"}
	joined = taken(
		submit(agent, {**submission, "anonymous": False, "citizen": caller, "join": first["reference"]})
	)
	assert (joined["reference"], joined["joined"], joined["created"]) == (first["reference"], True, False)
	assert len(admin_session.get(f"{REQUESTS}/{first['reference']}").json()["data"]["followers"]) == 1
	assert taken(submit(agent, {**submission, **place}))["duplicate_of"] == first["reference"]


# Once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["body", "header"])
def test_the_same_key_makes_one_request(agent, submission, where):
	key = secrets.token_hex(8)
	body, headers = (
		({**submission, "idempotency_key": key}, {})
		if where == "body"
		else (submission, {"Idempotency-Key": key})
	)
	first = taken(submit(agent, body, headers=headers))
	again = taken(submit(agent, body, headers=headers))
	assert again["reference"] == first["reference"]
	assert (first["replayed"], again["replayed"]) == (False, True)


def test_the_same_source_and_number_make_one_request(agent, submission):
	body = {**submission, "source": "rest-test", "source_id": secrets.token_hex(8)}
	assert taken(submit(agent, body))["reference"] == taken(submit(agent, body))["reference"]


def test_the_same_key_with_other_content_is_a_conflict(agent, submission):
	body = {**submission, "idempotency_key": secrets.token_hex(8)}
	taken(submit(agent, body))
	assert refused(submit(agent, {**body, "description": "Another hole."}), 409) == [""]


def test_the_key_of_one_user_says_nothing_to_another(agent, admin_session, submission):
	body = {**submission, "idempotency_key": secrets.token_hex(8)}
	assert taken(submit(agent, body))["reference"] != taken(submit(admin_session, body))["reference"]


def test_a_join_sent_again_makes_one_follower(agent, submission, admin_session):
	first = taken(submit(agent, submission))["reference"]
	body = {**submission, "join": first, "idempotency_key": secrets.token_hex(8)}
	assert [taken(submit(agent, body))["replayed"] for _ in range(3)] == [False, True, True]
	assert len(admin_session.get(f"{REQUESTS}/{first}").json()["data"]["followers"]) == 1


def at_once(count, act):
	with ThreadPoolExecutor(count) as pool:
		return list(pool.map(act, range(count)))


@pytest.mark.parametrize("known_by", ["key", "source"])
def test_a_hundred_identical_submissions_at_once_make_one_request(agent, submission, admin_session, known_by):
	marker = secrets.token_hex(8)
	by = {"idempotency_key": marker} if known_by == "key" else {"source": "at-once", "source_id": marker}
	body = {**submission, **by, "address_string": f"At once {marker}"}
	receipts = [taken(answer) for answer in at_once(100, lambda _: submit(agent, body))]
	assert len({receipt["reference"] for receipt in receipts}) == 1
	assert sum(receipt["created"] for receipt in receipts) == 1
	assert count(admin_session, "Service Request", address_string=body["address_string"]) == 1


def test_two_hundred_different_submissions_at_once_make_two_hundred_requests(
	agent, submission, admin_session
):
	marker = secrets.token_hex(8)
	bodies = [
		{**submission, "address_string": f"Many {marker}", "idempotency_key": f"{marker}-{n}"}
		for n in range(200)
	]
	receipts = [taken(answer) for answer in at_once(200, lambda n: submit(agent, bodies[n]))]
	assert len({receipt["reference"] for receipt in receipts}) == 200
	assert count(admin_session, "Service Request", address_string=f"Many {marker}") == 200
	assert count(admin_session, "Case", program=submission["service_code"]) >= 200


def count(session, doctype, **filters):
	answer = session.get(
		"/api/method/frappe.client.get_count", params={"doctype": doctype, "filters": json.dumps(filters)}
	)
	return answer.json()["message"]


# Refusing -------------------------------------------------------------------------------------------------


def test_every_fault_is_told_at_once(agent, pothole):
	body = {
		"service_code": pothole,
		"latitude": 91,
		"longitude": 1,
		"channel": "Pigeon",
		"adress": "1 High St",
	}
	assert refused(submit(agent, body)) == ["adress", "channel", "latitude"]


@pytest.mark.parametrize(
	("wrong", "field"),
	[
		({"service_code": "NO-SUCH-SERVICE"}, "service_code"),
		({"service_code": None}, "service_code"),
		({"service_code": ["REST-POTHOLE"]}, "service_code"),
		({"service_code": {"name": ["like", "%"]}}, "service_code"),
		({"service_code": 10**400}, "service_code"),
		({"answers": {}}, "answers.size"),
		({"answers": {"size": "huge"}}, "answers.size"),
		({"answers": {"size": "large", "depth": "deep"}}, "answers.depth"),
		({"answers": {"size": "small", "colour": "red"}}, "answers.colour"),
		({"answers": ["size"]}, "answers"),
		({"answers": "size"}, "answers"),
		({"answers": '{"size": NaN}'}, "answers"),
		({"latitude": 42.1}, "latitude"),
		({"latitude": "north", "longitude": 1}, "latitude"),
		({"latitude": 10**30, "longitude": 1}, "latitude"),
		({"latitude": 42.1, "longitude": 181}, "latitude"),
		({"latitude": [42.1], "longitude": 1}, "latitude"),
		({"description": "a\u0000b"}, "description"),
		({"description": "\ud800"}, "description"),
		({"description": {"text": "a"}}, "description"),
		({"description": "x" * 20_000}, "description"),
		({"address_string": "x" * 200}, "address_string"),
		({"requested_datetime": "yesterday"}, "requested_datetime"),
		({"requested_datetime": "2026-02-30T10:00"}, "requested_datetime"),
		({"requested_datetime": "9999-12-31T23:59:59Z"}, "requested_datetime"),
		({"requested_datetime": "0001-01-01T00:00:00+14:00"}, "requested_datetime"),
		({"requested_datetime": 20260230}, "requested_datetime"),
		({"anonymous": "perhaps"}, "anonymous"),
		({"anonymous": False, "citizen": "CZ-00000-NOBODY"}, "citizen"),
		({"anonymous": False, "citizen": {"name": {"a": 1}}}, "citizen"),
		({"anonymous": False, "citizen": {"phone": "+16175550100000000"}}, "citizen.first_name"),
		({"anonymous": False, "citizen": {"first_name": "A", "email": "nowhere"}}, "citizen.email"),
		({"anonymous": False, "citizen": {"first_name": "A", "identifiers": "1"}}, "citizen.identifiers"),
		({"citizen": {"first_name": "A"}}, "citizen"),
		({"anonymous": False, "representative": {"first_name": "Rep", "last_name": "Alone"}}, "citizen"),
		({"source_id": "4"}, "source"),
		({"join": "SR-26326-00000000"}, "join"),
		({"idempotency_key": "k" * 300}, "idempotency_key"),
		({"case": "CASE-1"}, "case"),
		({"confidentiality": "Public"}, "confidentiality"),
	],
)
def test_wrong_input_is_refused_with_its_field(agent, submission, wrong, field):
	body = {**submission, **wrong}
	# written by hand: `requests` refuses to send some of this
	text = json.dumps(body)
	answer = agent.post(SUBMIT, data=text, headers={"Content-Type": "application/json"})
	assert refused(answer) == [field]


def test_nan_and_infinity_are_no_places(agent, submission):
	for value in ("NaN", "Infinity", "-Infinity", "1e999"):
		text = json.dumps({**submission, "longitude": 1, "latitude": 0}).replace(
			'"latitude": 0', f'"latitude": {value}'
		)
		answer = agent.post(SUBMIT, data=text, headers={"Content-Type": "application/json"})
		assert refused(answer) == ["latitude"]


@pytest.mark.parametrize("body", ["{}", "[]", "[1, 2]", ""])
def test_an_empty_body_or_a_list_makes_no_blank_request(agent, admin_session, body):
	before = count(admin_session, "Service Request")
	answer = agent.post(SUBMIT, data=body, headers={"Content-Type": "application/json"})
	assert "service_code" in refused(answer)
	assert count(admin_session, "Service Request") == before


def test_a_refused_submission_leaves_nothing_behind(agent, submission, admin_session):
	name = f"Ghost {secrets.token_hex(6)}"
	body = {**submission, "anonymous": False, "citizen": {"first_name": name}, "answers": {}}
	assert refused(submit(agent, body)) == ["answers.size"]
	assert count(admin_session, "Citizen", full_name=name) == 0


# Who may --------------------------------------------------------------------------------------------------


def test_a_guest_and_an_official_may_not_file(guest_session, user_session, submission):
	assert submit(guest_session, submission).status_code in (401, 403)
	official = user_session("rest-official@example.org", "Elected Official")
	assert refused(submit(official, submission), 403) == [""]
	assert refused(official.post("/api/method/govcrm.api.intake.find_citizen", json={"text": "Ada"}), 403)


def test_a_file_cannot_be_submitted_by_reading(agent, submission):
	answer = agent.get(SUBMIT, params={"service_code": submission["service_code"]})
	assert answer.status_code == 403


def test_a_constituent_files_for_themselves_only(user_session, submission, admin_session):
	email = "rest-constituent@example.org"
	session = user_session(email, "Constituent")
	own = admin_session.get("/api/resource/Citizen", params={"filters": json.dumps({"user": email})}).json()[
		"data"
	]
	if not own:
		assert refused(submit(session, {**submission, "anonymous": False}), 403) == [""]
		made = admin_session.post(
			"/api/resource/Citizen", json={"first_name": "Con", "last_name": "Stituent", "user": email}
		)
		own = [made.json()["data"]]
	receipt = taken(submit(session, {**submission, "anonymous": False}))
	request = admin_session.get(f"{REQUESTS}/{receipt['reference']}").json()["data"]
	assert (request["citizen"], request["channel"]) == (own[0]["name"], "Web")
	other = {**submission, "anonymous": False, "citizen": {"first_name": "Other"}}
	assert refused(submit(session, other), 403) == [""]


# Looking up -----------------------------------------------------------------------------------------------


def test_the_catalogue_is_searched_by_any_words(agent, pothole):
	def codes(text):
		found = taken(agent.get("/api/method/govcrm.api.intake.catalogue", params={"text": text}))
		return [one["service_code"] for one in found]

	assert pothole in codes("pot rep")
	assert pothole in codes("asphalt HOLE")
	assert pothole not in codes("asphalt zebra")


def test_the_questions_come_with_conditions_as_trees(agent, pothole):
	program = taken(agent.get("/api/method/govcrm.api.intake.program", params={"service_code": pothole}))
	assert [question["code"] for question in program["questions"]] == ["size", "depth", "injury"]
	assert program["questions"][1]["shown_when"] == {
		"op": "==",
		"args": [{"answer": "size"}, {"value": "large"}],
	}


def status_of(session, reference):
	return session.get("/api/method/govcrm.api.intake.public_status", params={"reference": reference})


def test_anyone_with_the_reference_reads_the_public_status(agent, guest_session, submission):
	reference = taken(submit(agent, submission))["reference"]
	told = taken(status_of(guest_session, reference.lower().replace("-", " ")))
	assert (told["reference"], told["status"], told["service_name"]) == (reference, "Open", "Pothole repair")
	assert set(told) == {
		"reference",
		"status",
		"service_name",
		"status_notes",
		"requested_datetime",
		"updated_datetime",
		"expected_datetime",
		"closed_datetime",
	}


def test_of_a_restricted_request_only_the_status_is_told(agent, guest_session, make_service):
	code = make_service("REST-ABUSE", {"default_confidentiality": "Restricted"})
	reference = taken(submit(agent, {"service_code": code, "anonymous": True}))["reference"]
	assert taken(status_of(guest_session, reference)) == {"reference": reference, "status": "Open"}


def test_every_reference_that_tells_nothing_is_answered_alike(guest_session):
	answers = [
		status_of(guest_session, one) for one in ("SR-26326-000000000", "CASE-26326-8T9C2ZYKH", "no", "%")
	]
	assert all(refused(answer, 404) == [""] for answer in answers)
	assert len({answer.text for answer in answers}) == 1


# /api/resource --------------------------------------------------------------------------------------------


def test_a_request_inserted_as_a_resource_passes_the_same_checks(agent, pothole):
	fine = {"program": pothole, "anonymous": 1, "answers": {"size": "small"}}
	made = agent.post(REQUESTS, json=fine)
	assert made.status_code == 200, made.text
	assert made.json()["data"]["case"].startswith("CASE-")
	assert refused(agent.post(REQUESTS, json={**fine, "answers": {"size": "huge"}})) == ["answers.size"]
	assert refused(agent.post(REQUESTS, json={**fine, "latitude": 91, "longitude": 0})) == ["latitude"]
	assert refused(agent.post(REQUESTS, json={})) == ["program"]
	assert refused(agent.post(REQUESTS, json={**fine, "citizen": {"name": ["like", "CZ%"]}})) == ["citizen"]


def test_a_resource_with_a_known_source_is_a_conflict(agent, pothole):
	body = {
		"program": pothole,
		"anonymous": 1,
		"answers": {"size": "small"},
		"source": "resource",
		"source_id": secrets.token_hex(8),
	}
	assert agent.post(REQUESTS, json=body).ok
	again = agent.post(REQUESTS, json=body)
	assert again.status_code == 409
	assert "Traceback" not in again.text


def test_what_the_agency_decides_cannot_be_sent(agent, pothole):
	body = {
		"program": pothole,
		"anonymous": 1,
		"answers": {"size": "small"},
		"status": "Closed",
		"status_notes": "Forged.",
		"priority": "Urgent",
		"expected_datetime": "2020-01-01",
	}
	made = agent.post(REQUESTS, json=body).json()["data"]
	assert (made["status"], made["priority"], made.get("status_notes")) == ("Open", "Medium", None)
	edited = agent.put(f"{REQUESTS}/{made['name']}", json={"status": "Closed"})
	assert edited.status_code in (403, 417)
