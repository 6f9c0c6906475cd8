"""A small town for the browser tests, made over REST: two departments, two services, people who work there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

STREETS, FIRE = "Browser Streets", "Browser Fire Prevention"
POTHOLE = "BROWSER-POTHOLE"

CLERK = ("browser-clerk@example.org", "Intake Agent")
NORA = ("browser-nora@example.org", "Caseworker")
GRETA = ("browser-greta@example.org", "Caseworker", "Case Supervisor")
ADMIN = ("browser-admin@example.org", "Agency Administrator")
DESIGNER = ("browser-designer@example.org", "Program Designer")
RECORDS = ("browser-records@example.org", "Records Officer")
PRIVACY = ("browser-privacy@example.org", "Privacy Officer")
AUDITOR = ("browser-auditor@example.org", "Agency Auditor")
COUNCIL = ("browser-council@example.org", "Elected Official")
STAFF = (CLERK, NORA, GRETA, ADMIN, DESIGNER, RECORDS, PRIVACY, AUDITOR, COUNCIL)

QUESTIONS = [
	{
		"code": "size",
		"label": "How large is the hole?",
		"datatype": "singlevaluelist",
		"required": 1,
		"options": "small=Smaller than a plate\nlarge=Larger than one metre",
	},
	{
		"code": "depth",
		"label": "About how deep, in centimetres?",
		"datatype": "number",
		"shown_when": 'size == "large"',
	},
	{"code": "hurt", "label": "Was somebody hurt?", "datatype": "boolean", "sensitive": 1},
]


@dataclass
class Town:
	"""Reads and writes as Administrator; every `make` may be called again."""

	session: Any
	make_login: Callable[..., str]

	def build(self) -> "Town":
		for person in STAFF:
			self.make_login(*person)
		self.make_department(STREETS, NORA)
		self.make_department(FIRE, GRETA)
		self.make_pothole_service()
		return self

	def make_department(self, name: str, person: tuple[str, ...]) -> None:
		members = [{"user": person[0], "role": "Member"}]
		self.make("Agency Department", name, department_name=name, members=members)

	def make_pothole_service(self) -> None:
		self.make(
			"Agency Program",
			POTHOLE,
			service_code=POTHOLE,
			program_name="Pothole repair (browser)",
			department=STREETS,
			keywords="hole, road, asphalt",
			duplicate_radius=100,
			duplicate_days=14,
			place_in_subject=1,
		)
		self.make(
			"Program Version",
			f"{POTHOLE}-v1",
			program=POTHOLE,
			workflow="Fix-it Request",
			effective_from="2020-01-01",
			changes="First.",
			location_rule="Required",
			expected_days=7,
			questions=QUESTIONS,
			docstatus=1,
		)

	def make(self, doctype: str, name: str, **values: object) -> None:
		if self.session.get(f"/api/resource/{doctype}/{name}").ok:
			return
		answer = self.session.post(f"/api/resource/{doctype}", json=values)
		assert answer.ok, answer.text

	def get(self, doctype: str, name: str) -> dict:
		answer = self.session.get(f"/api/resource/{doctype}/{name}")
		assert answer.ok, answer.text
		return answer.json()["data"]

	def first(self, doctype: str, **filters: str) -> str:
		"""The name of the only record that there should be."""
		answer = self.session.post(
			"/api/method/frappe.client.get_list", json={"doctype": doctype, "filters": filters}
		)
		names = [row["name"] for row in answer.json()["message"]]
		assert len(names) == 1, names
		return names[0]

	def file_request(self, **values: object) -> str:
		"""A pothole filed over REST; its reference."""
		values = {"service_code": POTHOLE, "anonymous": True, "answers": {"size": "small"}, **values}
		values.setdefault("address_string", "1 Harbor Street")
		answer = self.session.post("/api/method/govcrm.api.intake.submit", json=values)
		assert answer.ok, answer.text
		return answer.json()["message"]["reference"]
