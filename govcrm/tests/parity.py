"""Every way in which somebody can learn which cases there are, compared with their list.

The list is `frappe.get_list` in this process. `form` is Frappe's check of a document in this process too: documents are loaded
once for everybody, and what the rule reads of a case may be (`govcrm.access.facts.read_once`), for neither depends on who asks.
All other ways are requests as `govcrm.tests.asking` makes them: the gate, Frappe's dispatch and what happens to a reply, with
the user set and not logged in. Among them `request` opens the form of some of the same cases, and reads all anew.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from functools import cached_property

import frappe
from frappe.model.document import Document
from frappe.permissions import get_role_permissions

from govcrm.domain.cases import RUNNING
from govcrm.tests.asking import REFUSED, Answer, AskingTestCase
from govcrm.tests.parity_world import MARK

OF_WORLD = [["Case", "program", "=", MARK]]
FILTERS = json.dumps(OF_WORLD)
REPORT = "Case Ageing"
LISTS = ("view", "export", "client", "REST v1", "REST v2")
NUMBERS = ("count", "client count", "report")
WAYS = frozenset(("form", "request", *LISTS, *NUMBERS))
MANY = 100_000  # more than any world has; version 2 takes no limit for twenty


class Eyes:
	"""What the user who is set is shown of the cases of a world, by each way. `asker` makes the requests."""

	def __init__(self, user: str, asker: AskingTestCase) -> None:
		self.user, self.asker = user, asker

	@cached_property
	def listed(self) -> dict[str, frappe._dict]:
		fields = ["name", "state_category", "department"]
		try:
			rows = frappe.get_list("Case", OF_WORLD, fields, limit_page_length=0, order_by="name")
		except frappe.PermissionError:
			return {}
		return {row.name: row for row in rows}

	def may(self, right: str) -> bool:
		return bool(get_role_permissions(frappe.get_meta("Case"), user=self.user).get(right))

	# What differs, in words that begin with the way ---------------------------------------------------------

	def differences(self, documents: Collection[Document], names: Collection[str]) -> Iterator[str]:
		"""By all ways; the documents are tried at the check of the form, the names at requests for it."""
		yield from self.differences_of_form(documents)
		yield from self.differences_of_requests(names)

	def differences_of_form(self, documents: Collection[Document]) -> Iterator[str]:
		opened = {doc.name for doc in documents if frappe.has_permission("Case", "read", doc=doc)}
		if wrong := opened ^ (set(self.listed) & {doc.name for doc in documents}):
			yield f"form: {sorted(wrong)}"

	def differences_of_requests(self, names: Collection[str]) -> Iterator[str]:
		if wrong := set(filter(self.opens, names)) ^ (set(self.listed) & set(names)):
			yield f"request: {sorted(wrong)}"
		for way, shown, right in self.lists():
			found = shown()
			if found != (set(self.listed) if self.may(right) else None):
				yield f"{way}: {sorted(set(found or ()) ^ set(self.listed))} {found is None}"
		for way, expected, told in self.numbers():
			if told != (expected if self.may("read") else None):
				yield f"{way}: {told} where the list has {expected}"

	def lists(self) -> Iterator[tuple[str, Callable[[], set[str] | None], str]]:
		"""(way, what gives its names, or nothing where it is refused, the right that it needs)."""
		yield "view", self.viewed, "read"
		yield "export", self.exported, "export"
		yield "client", self.fetched, "read"
		yield "REST v1", lambda: self.resources("/api/resource/Case", limit_page_length=MANY), "read"
		yield "REST v2", lambda: self.resources("/api/v2/document/Case", limit=MANY), "read"

	def numbers(self) -> Iterator[tuple[str, object, object]]:
		"""(way, what it should say, what it says)."""
		yield "count", len(self.listed), self.counted("frappe.desk.reportview.get_count")
		yield "client count", len(self.listed), self.counted("frappe.client.get_count")
		if self.may("report"):
			running = (row.department for row in self.listed.values() if row.state_category in RUNNING)
			yield "report", Counter(running), self.reported()

	# The ways -----------------------------------------------------------------------------------------------

	def opens(self, name: str) -> bool:
		answer = self.asker.call("frappe.desk.form.load.getdoc", doctype="Case", name=name)
		return _told(answer, f"form of {name} as {self.user}") is not None

	def viewed(self) -> set[str] | None:
		fields = '["name","state_category"]'
		answer = self.call("frappe.desk.reportview.get", filters=FILTERS, fields=fields, page_length=0)
		if answer is None:
			return None
		return {row[0] for row in answer.message["values"]} if answer.message else set()

	def exported(self) -> set[str] | None:
		asked = {"fields": '["`tabCase`.`name`"]', "file_format_type": "CSV", "title": "Case"}
		answer = self.call("frappe.desk.reportview.export_query", filters=FILTERS, view="Report", **asked)
		if answer is None:
			return None
		rows = [row for row in csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))) if row]
		at = next(at for at, title in enumerate(rows[0]) if title in ("ID", "Name"))
		return {row[at] for row in rows[1:]}

	def fetched(self) -> set[str] | None:
		answer = self.call("frappe.client.get_list", filters=FILTERS, fields='["name"]', limit_page_length=0)
		return None if answer is None else _names(answer)

	def resources(self, address: str, **limit: int) -> set[str] | None:
		answer = self.asker.ask(address, filters=FILTERS, fields='["name"]', **limit)
		return None if _told(answer, f"{address} as {self.user}") is None else _names(answer)

	def counted(self, method: str) -> int | None:
		answer = self.call(method, filters=FILTERS)
		return None if answer is None else answer.message or 0

	def reported(self) -> Counter | None:
		filters = json.dumps({"program": MARK, "group_by": "Department"})
		answer = self.call("frappe.desk.query_report.run", report_name=REPORT, filters=filters)
		if answer is None:
			return None
		rows = (row for row in answer.message["result"] if isinstance(row, dict))
		return Counter({row["group"]: row["open"] for row in rows})

	def call(self, method: str, **arguments: object) -> Answer | None:
		return _told(self.asker.call(method, doctype="Case", **arguments), f"{method} as {self.user}")


def _told(answer: Answer, asked: str) -> Answer | None:
	"""What was answered, or nothing where it was refused; all else is no answer."""
	if answer.status == REFUSED:
		return None
	if answer.status != 200:
		raise AssertionError(f"{asked}: {answer}")
	return answer


def _names(answer: Answer) -> set[str]:
	return {row["name"] for row in answer.message or ()}
