"""Runs the examples of docs/rest.md, in their order: each ```http block, against the ```json block after it.

An answer must hold what the example shows: every key of its objects, every item of its lists. `$NAME` takes the value
it meets first and stands for it from then on; "…" is any value. A number before the body is the status, 200 without. An intake agent
asks; in one chapter, a caseworker.
"""

import json
import re
import secrets
from pathlib import Path

import pytest

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "rest.md").read_text()
EXAMPLE = re.compile(r"```http\n(?P<request>.*?)```\s*```json\n(?P<answer>.*?)```", re.DOTALL)
EXAMPLES = [
	(TEXT[: found.start()].rpartition("\n## ")[2].partition("\n")[0], found["request"], found["answer"])
	for found in EXAMPLE.finditer(TEXT)
]
WORKED = "A case through its workflow"
HOUSE, WORKER = "Public Works", "rest-caseworker@example.org"
NAME = re.compile(r"\$([A-Z]+)")


def test_every_example_of_a_request_has_its_answer():
	assert len(EXAMPLES) == TEXT.count("```http") == TEXT.count("```json")


@pytest.fixture
def stage(pothole, admin_session):
	"""What earlier runs of the examples left on the site is out of their way."""
	key = {"latitude": 42.349396, "status": "Open"}
	asked = {"filters": json.dumps(key), "limit_page_length": 0}
	for old in admin_session.get("/api/resource/Service Request", params=asked).json()["data"]:
		body = {
			"doctype": "Service Request",
			"name": old["name"],
			"fieldname": {"latitude": 0, "longitude": 0},
		}
		admin_session.post("/api/method/frappe.client.set_value", json=body).raise_for_status()


@pytest.fixture
def worker(pothole, admin_session, user_session):
	"""A caseworker of the department that has the service."""
	logged_in = user_session(WORKER, "Caseworker")
	path = f"/api/resource/Agency Department/{HOUSE}"
	members = admin_session.get(path).json()["data"]["members"]
	if WORKER not in [row["user"] for row in members]:
		body = {"members": [*members, {"user": WORKER, "role": "Member"}]}
		admin_session.put(path, json=body).raise_for_status()
	return logged_in


def test_the_examples_are_true(agent, worker, stage):
	known: dict[str, object] = {}
	run = secrets.token_hex(4)
	for chapter, asked, answered in EXAMPLES:
		answer = send(worker if chapter == WORKED else agent, fill(asked, known), run)
		status, body = read(answered)
		assert answer.status_code == status, f"{asked}\n{answer.text}"
		assert "Traceback" not in answer.text
		compare(body, answer.json(), known, asked)


def fill(text, known):
	return NAME.sub(lambda found: str(known.get(found[1], found[0])), text)


def send(session, text, run):
	head, _, body = text.partition("\n\n")
	(method, path), *headers = [line.split(" ", 1) for line in head.splitlines()]
	headers = {name.rstrip(":"): value for name, value in headers}
	if "Idempotency-Key" in headers:
		headers["Idempotency-Key"] += run
	return session.request(method, path, data=body.encode() or None, headers=headers)


def read(text):
	status, body = re.fullmatch(r"(\d{3} )?(.*)", text.strip(), re.DOTALL).groups()
	return int(status or 200), json.loads(body)


def compare(shown, got, known, where):
	if isinstance(shown, dict):
		assert set(shown) <= set(got), f"{where}\n{got}"
		for key, value in shown.items():
			compare(value, got[key], known, where)
	elif isinstance(shown, list):
		assert len(shown) == len(got), f"{where}\n{got}"
		for one, other in zip(shown, got, strict=True):
			compare(one, other, known, where)
	elif isinstance(shown, str) and (name := NAME.fullmatch(shown)):
		assert known.setdefault(name[1], got) == got, where
	elif shown != "…":
		assert shown == got, f"{where}\n{got}"
