"""REST tests use the sessions of `tests/conftest.py`; nothing here knows Frappe."""

from collections.abc import Callable

import pytest


@pytest.fixture
def api(admin_session) -> Callable[..., dict]:
	"""`api("dotted.method", **arguments)`: POST a whitelisted method as Administrator, give its `message`."""

	def call(method: str, **arguments: object) -> dict:
		answer = admin_session.post(f"/api/method/{method}", json=arguments)
		assert answer.ok, answer.text
		return answer.json().get("message")

	return call


POTHOLE_QUESTIONS = [
	{
		"code": "size",
		"label": "How large is it?",
		"datatype": "singlevaluelist",
		"required": 1,
		"options": "small\nlarge",
	},
	{"code": "depth", "label": "How deep, in cm?", "datatype": "number", "shown_when": 'size == "large"'},
	{"code": "injury", "label": "Was somebody hurt?", "datatype": "boolean", "sensitive": 1},
]


@pytest.fixture(scope="session")
def make_service(admin_session, make_login) -> Callable[..., str]:
	"""`make_service(code, version, **program)`: a service with a published version; its code."""
	make_login("rest-worker@example.org", "Caseworker", "Case Supervisor")

	def post(doctype: str, name: str, **values: object) -> None:
		if not admin_session.get(f"/api/resource/{doctype}/{name}").ok:
			answer = admin_session.post(f"/api/resource/{doctype}", json=values)
			assert answer.ok, answer.text

	def make(code: str, version: dict | None = None, **program: object) -> str:
		post("Agency Department", "Public Works", department_name="Public Works")
		program = {"program_name": code.title(), "department": "Public Works", **program}
		post("Agency Program", code, service_code=code, **program)
		# In force for long, so that requests made earlier have a version too.
		published = {
			"workflow": "Fix-it Request",
			"effective_from": "2020-01-01",
			"changes": "First.",
			"docstatus": 1,
		}
		post("Program Version", f"{code}-v1", program=code, **published, **(version or {}))
		return code

	return make


@pytest.fixture(scope="session")
def pothole(make_service) -> str:
	"""A service with questions, a place, and duplicates within 100 metres and 14 days."""
	return make_service(
		"REST-POTHOLE",
		{"questions": POTHOLE_QUESTIONS, "expected_days": 5},
		program_name="Pothole repair",
		keywords="street, hole, asphalt",
		duplicate_radius=100,
		duplicate_days=14,
	)


@pytest.fixture(scope="session")
def agent(user_session):
	"""An intake agent who is logged in."""
	return user_session("rest-intake@example.org", "Intake Agent")
