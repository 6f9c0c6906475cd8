"""The invented city as plain data: what lies in data/*.json, read once. Imports no frappe."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class World:
	"""Departments, users, programs, people, streets and courses of work, as the files hold them."""

	city: str
	email_domain: str
	departments: list[dict[str, Any]]
	users: list[dict[str, Any]]
	programs: list[dict[str, Any]]
	people: dict[str, Any]
	streets: dict[str, Any]
	courses: dict[str, list[dict[str, Any]]]
	advice: list[dict[str, Any]]
	calendars: list[dict[str, Any]]
	policies: list[dict[str, Any]]
	areas: dict[str, Any]
	staff: dict[str, Any]

	def email(self, login: str) -> str:
		return f"{login}@{self.email_domain}"

	def members(self, department: str, role: str) -> list[str]:
		"""Logins of those who hold `role` (Member or Supervisor) in exactly this department."""
		wanted = {"department": department, "role": role}
		return [user["login"] for user in self.users if wanted in user.get("departments", ())]

	def ancestry(self, department: str) -> list[str]:
		"""The department and those above it, nearest first."""
		parents = {row["name"]: row["parent"] for row in self.departments}
		line = [department]
		while parents[line[-1]]:
			line.append(parents[line[-1]])
		return line

	def supervisor(self, department: str) -> str:
		"""Login of the nearest supervisor of a department. Raises StopIteration if the data name none."""
		line = self.ancestry(department)
		return next(login for name in line for login in self.members(name, "Supervisor"))

	def workers(self, department: str) -> list[str]:
		"""Logins of those who work the cases of a department: its members, else its nearest supervisor."""
		return self.members(department, "Member") or [self.supervisor(department)]

	@property
	def first_agent(self) -> str:
		"""Login of the one who takes requests and works no case."""
		return next(user["login"] for user in self.users if user["roles"] == ["Intake Agent"])

	def agents(self, department: str) -> list[str]:
		"""Logins of those who take requests for a department whose cases they do not work."""
		agents = [user["login"] for user in self.users if "Intake Agent" in user["roles"]]
		return [login for login in agents if login not in self.workers(department)]

	def user(self, login: str) -> dict[str, Any]:
		return next(user for user in self.users if user["login"] == login)

	@property
	def portal_user(self) -> dict[str, Any]:
		return next(user for user in self.users if "Constituent" in user["roles"])


@cache
def load_world() -> World:
	"""Read the data files. The result is shared: nobody may change it."""
	places, work, times = _read("departments"), _read("courses"), _read("deadlines")
	return World(
		city=places["city"],
		email_domain=places["email_domain"],
		departments=places["departments"],
		users=_read("users")["users"],
		programs=_read("programs")["programs"],
		people=_read("people"),
		streets=_read("streets"),
		courses=work["courses"],
		advice=work["advice"],
		calendars=times["calendars"],
		policies=times["policies"],
		areas=_read("areas"),
		staff=_read("staff"),
	)


def _read(name: str) -> dict[str, Any]:
	return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
