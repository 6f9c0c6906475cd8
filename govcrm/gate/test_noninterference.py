"""What one may not see changes no answer: with it and without it, there and not there, the same is said."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from unittest.mock import patch

import frappe

from govcrm.gate import governed
from govcrm.tests import GovCRMTestCase
from govcrm.tests.canaries import people, stage, switched_off
from govcrm.tests.canaries.asking import Ask, Asker, Heard
from govcrm.tests.canaries.words import RECUSED, RESTRICTED, SEALED
from govcrm.tests.factories import make_case, make_department, make_published_program, make_task

METHOD = "/api/method/frappe."
LISTED = ("Case", "Case Task", "Citizen", "Comment", "File", "Service Request", "ToDo")
PASSING = re.compile(
	r'\\*"(execution_time|last_synced_on|__frappe_exc_id)\\*": ?[^,}\]]*|Content-Length: \d+'
)


class TestWithAndWithout(GovCRMTestCase):
	def test_counts_orders_names_charts_and_reports_do_not_tell_that_there_is_more(self) -> None:
		askers = people.make(people.FEW[:2])
		make_published_program(stage.PROGRAM)
		own = make_case(stage.PROGRAM, subject="A hole", department=make_department(people.OTHER).name).name
		make_task(own)
		asks = [*_lists(), *_figures(), *_neighbours(own)]
		without = self.ask_all(askers, asks)
		staged = stage.set_up(askers, [RECUSED])
		self.addCleanup(staged.forget)
		frappe.flags.mute_emails = False
		self.assertEqual(self.ask_all(askers, asks), without)
		some = asks[::4]
		with switched_off.rule():
			told = self.ask_all(askers[:1], some)
		differ = [key for key in told if told[key] != without[key]]
		self.assertGreater(len(differ), len(some) / 3, "With the rule switched off the same ways must tell.")

	def ask_all(self, askers: list[people.Person], asks: list[Ask]) -> dict[str, str]:
		with Asker() as asker:
			return {
				f"{person.user} {ask}": said(_in_one_order(asker.ask(ask, person.user)))
				for person in askers
				for ask in asks
			}


class TestThereAndNotThere(GovCRMTestCase):
	def test_a_record_that_is_missing_and_one_that_is_forbidden_are_answered_alike(self) -> None:
		askers = people.make(people.FEW)
		staged = stage.set_up(askers, [RECUSED])
		self.addCleanup(staged.forget)
		named = {doctype: name for doctype, name in staged.of(RECUSED) if governed.is_scoped(doctype)}
		self.assertGreater(len(named), 10)
		with Asker() as asker:
			for doctype, name in named.items():
				for person in askers if doctype == "Case" else askers[:1]:
					self.compare(asker, person.user, doctype, name)

	def test_both_are_answered_after_as_many_queries(self) -> None:
		"""What takes the same work takes the same time: `benchmarks/missing_or_forbidden.py` takes the times."""
		askers = people.make(people.FEW[:2])
		staged = stage.set_up(askers, [RESTRICTED, RECUSED, SEALED])
		self.addCleanup(staged.forget)
		tried = [
			(kind, dict(reversed(staged.of(kind)))["Case"], person)
			for kind, person in ((RESTRICTED, askers[1]), (RECUSED, askers[0]), (SEALED, askers[1]))
		]
		with Asker() as asker:
			for kind, name, person in tried:
				there, nowhere = list(_timed("Case", name)), list(_timed("Case", _missing(name)))
				for forbidden, missing in zip(there, nowhere, strict=True):
					with self.subTest(kind=kind, ask=str(forbidden)):
						pair = (
							forbidden,
							missing,
							forbidden,
							missing,
						)  # first what is kept for the next is kept
						asked = [self.queries(asker, ask, person.user) for ask in pair]
						self.assertEqual(*map(len, asked[2:]), asked[2:])

	def queries(self, asker: Asker, ask: Ask, user: str) -> list[str]:
		with patch.object(frappe.local.db, "sql", wraps=frappe.local.db.sql) as sql:
			asker.ask(ask, user)
		return [str(call.args[0])[:200] for call in sql.call_args_list]

	def compare(self, asker: Asker, user: str, doctype: str, name: str) -> None:
		missing = _missing(name)
		there = [said(asker.ask(ask, user)).replace(name, "…") for ask in _of_record(doctype, name)]
		nowhere = [said(asker.ask(ask, user)).replace(missing, "…") for ask in _of_record(doctype, missing)]
		self.assertEqual(there, nowhere)
		self.assertFalse([answer for answer in there if answer.startswith("200")])


def _missing(name: str) -> str:
	return name[:-4] + "".join(reversed(name[-4:])) + "0"


def said(heard: Heard) -> str:
	"""An answer without what differs from one moment to the next."""
	answer = heard.head + heard.body.decode("utf-8", "replace")
	return f"{heard.status} {PASSING.sub('', answer)}"


def _in_one_order(heard: Heard) -> Heard:
	"""Bars of a chart that are equally high stand in no order of their own."""
	chart = json.loads(heard.body)["message"] if b'{"labels"' in heard.body else None
	if not isinstance(chart, dict) or "datasets" not in chart:
		return heard
	values = [data["values"] for data in chart["datasets"]]
	bars = sorted(zip(chart["labels"], *values, strict=True), key=lambda bar: (bar[1:], bar[0]))
	return replace(heard, body=json.dumps(bars).encode())


def _lists() -> Iterator[Ask]:
	grouped = {"fields": '["owner", "count(name) as total"]', "group_by": "owner"}
	for doctype in LISTED:
		of, listed = {"doctype": doctype}, {"doctype": doctype, "fields": '["name"]', "page_length": "100"}
		yield Ask(f"/api/resource/{doctype}", {"order_by": "name desc", "limit_page_length": "0"})
		yield Ask(f"/api/v2/doctype/{doctype}/count")
		yield Ask(METHOD + "client.get_count", of, "POST")
		yield Ask(METHOD + "client.get_list", {**of, **grouped}, "POST")
		yield Ask(METHOD + "desk.reportview.get", listed, "POST")
		yield Ask(METHOD + "desk.reportview.get_count", {**of, "filters": "[]"}, "POST")
		by_owner = {**of, "current_filters": "[]", "field": "owner"}
		yield Ask(METHOD + "desk.listview.get_group_by_count", by_owner, "POST")
		tags = {**of, "stats": '["_user_tags"]', "filters": "[]"}
		yield Ask(METHOD + "desk.reportview.get_sidebar_stats", tags, "POST")
		yield Ask(METHOD + "desk.search.search_link", {**of, "txt": ""}, "POST")


def _figures() -> Iterator[Ask]:
	others = {"document_type": ("not like", "Audit%")}  # the log is whole for who reads it
	for name in frappe.get_all("Number Card", others, pluck="name"):
		card = frappe.get_doc("Number Card", name).as_json()
		yield Ask(
			METHOD + "desk.doctype.number_card.number_card.get_result", {"doc": card, "filters": "[]"}, "POST"
		)
	for name in frappe.get_all("Dashboard Chart", others, pluck="name"):
		args = {"chart_name": name, "refresh": "1", "filters": "[]"}
		yield Ask(METHOD + "desk.doctype.dashboard_chart.dashboard_chart.get", args, "POST")
	span = json.dumps({"from_date": "2020-01-01", "to_date": "2040-01-01"})
	for name in frappe.get_all("Report", {"module": ("in", ("Casework", "Constituents"))}, pluck="name"):
		yield Ask(METHOD + "desk.query_report.run", {"report_name": name, "filters": span}, "POST")


def _neighbours(own: str) -> Iterator[Ask]:
	for prev in ("0", "1"):
		args = {"doctype": "Case", "value": own, "prev": prev, "sort_field": "creation", "sort_order": "desc"}
		yield Ask(METHOD + "desk.form.utils.get_next", args, "POST")
	for doctype, name in (("Agency Program", stage.PROGRAM), ("Agency Department", people.OWN)):
		links = {"doctype": doctype, "name": name, "items": '["Case", "Service Request"]'}
		yield Ask(METHOD + "desk.notifications.get_open_count", links, "POST")
		yield Ask(METHOD + "desk.form.linked_with.get", {"doctype": doctype, "docname": name}, "POST")
	for text in ("canary", "617", "CASE"):
		yield Ask(METHOD + "utils.global_search.search", {"text": text}, "POST")
	yield Ask(METHOD + "desk.notifications.get_notifications", {}, "POST")


def _of_record(doctype: str, name: str) -> Iterator[Ask]:
	named, document = {"doctype": doctype, "name": name}, json.dumps({"doctype": doctype, "name": name})
	yield Ask(f"/api/resource/{doctype}/{name}")
	yield Ask(f"/api/v2/document/{doctype}/{name}/")
	yield Ask(f"/api/resource/{doctype}/{name}", {"owner": "x"}, "PUT")
	yield Ask(f"/api/resource/{doctype}/{name}", {}, "DELETE")
	yield Ask(f"/api/v2/document/{doctype}/{name}/method/add_tag", {"tag": "x"}, "POST")
	for method in ("client.get", "desk.form.load.getdoc", "utils.print_format.download_pdf"):
		yield Ask(METHOD + method, named)
	yield Ask(METHOD + "client.set_value", {**named, "fieldname": "owner", "value": "x"}, "POST")
	yield Ask(METHOD + "client.save", {"doc": document}, "POST")
	yield Ask(METHOD + "desk.form.save.savedocs", {"doc": document, "action": "Save"}, "POST")
	yield Ask(METHOD + "desk.form.assign_to.add", {**named, "assign_to": '["Administrator"]'}, "POST")
	yield Ask("/api/method/run_doc_method", {"dt": doctype, "dn": name, "method": "get_title"}, "POST")
	yield Ask("/printview", named)


def _timed(doctype: str, name: str) -> Iterator[Ask]:
	yield from _of_record(doctype, name)
	of, linked = {"doctype": doctype, "docname": name}, {"doctype": doctype, "doc_name": name}
	yield Ask(METHOD + "client.validate_link", of)
	yield Ask(METHOD + "desk.search.get_link_title", of, "POST")
	yield Ask(METHOD + "client.has_permission", {**of, "perm_type": "read"})
	yield Ask(METHOD + "client.get_doc_permissions", of)
	yield Ask(METHOD + "client.get_value", {"doctype": doctype, "filters": name, "fieldname": "owner"})
	yield Ask(METHOD + "desk.form.load.get_docinfo", {"doctype": doctype, "name": name})
	yield Ask(METHOD + "desk.form.document_follow.follow_document", linked, "POST")
	yield Ask(METHOD + "desk.like.toggle_like", {"doctype": doctype, "name": name, "add": "Yes"}, "POST")
	comment = {"reference_doctype": doctype, "reference_name": name, "content": "x", "comment_by": "x"}
	yield Ask(METHOD + "desk.form.utils.add_comment", {**comment, "comment_email": "x"}, "POST")
	yield Ask(f"/api/resource/{doctype}", {"filters": json.dumps([["name", "=", name]])})
