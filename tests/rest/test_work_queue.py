"""Taking the next case over REST, alone and at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

HOUSE, CODE = "REST Queue", "REST-QUEUE"
NEXT = "/api/method/govcrm.api.casework.next_item"
PEOPLE = ("rest-queue-ann@example.org", "rest-queue-ben@example.org")


@pytest.fixture(scope="module")
def house(admin_session, make_login, make_service) -> str:
	"""A department of two caseworkers with a service of its own."""
	for person in PEOPLE:
		make_login(person, "Caseworker")
	if not admin_session.get(f"/api/resource/Agency Department/{HOUSE}").ok:
		members = [{"user": person, "role": "Member"} for person in PEOPLE]
		body = {"department_name": HOUSE, "members": members}
		admin_session.post("/api/resource/Agency Department", json=body).raise_for_status()
	make_service(CODE, department=HOUSE)
	return HOUSE


@pytest.fixture
def workers(house, user_session) -> list:
	"""Sessions of both, after they have taken whatever earlier runs left."""
	sessions = [user_session(person) for person in PEOPLE]
	while sessions[0].post(NEXT, json={}).ok:
		pass
	return sessions


def open_cases(api, admin_session, n: int) -> set[str]:
	filed = [api("govcrm.api.intake.submit", service_code=CODE, anonymous=True) for _ in range(n)]
	names = [each["reference"] for each in filed]
	return {
		admin_session.get(f"/api/resource/Service Request/{name}").json()["data"]["case"] for name in names
	}


def test_the_next_case_is_given_and_then_there_is_none(workers, api, admin_session):
	(case,) = open_cases(api, admin_session, 1)
	answer = workers[0].post(NEXT, json={"department": HOUSE})
	assert answer.json()["message"] == {"case": case}
	assert admin_session.get(f"/api/resource/Case/{case}").json()["data"]["assignee"] == PEOPLE[0]
	refused = workers[1].post(NEXT, json={})
	assert refused.status_code == 417
	assert "No case waits in your departments" in refused.text


def test_two_who_ask_at_once_get_a_case_each(workers, api, admin_session):
	cases = open_cases(api, admin_session, 8)
	with ThreadPoolExecutor(8) as pool:
		answers = list(pool.map(lambda n: workers[n % 2].post(NEXT, json={}), range(8)))
	assert sorted(answer.json()["message"]["case"] for answer in answers) == sorted(cases)


def test_who_is_no_caseworker_or_of_another_department_is_refused(workers, agent):
	assert not agent.post(NEXT, json={}).ok
	assert workers[0].post(NEXT, json={"department": "Public Works"}).status_code == 403


def test_the_board_is_for_the_members_of_the_department(workers, api, admin_session, agent):
	(case,) = open_cases(api, admin_session, 1)
	path = "/api/method/govcrm.api.casework.board"
	board = workers[0].get(path, params={"department": HOUSE}).json()["message"]
	assert case in [card["name"] for card in board["unassigned"]["cards"]]
	assert {each["user"] for each in board["people"]} == set(PEOPLE)
	assert agent.get(path, params={"department": HOUSE}).status_code == 403
