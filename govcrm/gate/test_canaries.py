"""No door tells anybody of what is not for them: a bounded part of `benchmarks/canaries.py`, the same each time."""

import json
import random
from collections.abc import Iterator

import frappe

from govcrm.tests import GovCRMTestCase
from govcrm.tests.canaries import matrix, people, stage, switched_off
from govcrm.tests.canaries.asking import Ask
from govcrm.tests.canaries.words import RECUSED

SEED = 1
MOST = 100  # requests that are drawn, for each person
SHARES = (1, 0.5)  # of the functions that are told of records
ASKERS = people.FEW[:2]
METHOD = "/api/method/frappe."


class TestCanaries(GovCRMTestCase):
	def stage(self, kinds=stage.KINDS) -> stage.Stage:
		staged = stage.set_up(people.make(ASKERS), kinds)
		self.addCleanup(staged.forget)
		frappe.flags.mute_emails = False
		return staged

	def test_nobody_hears_of_what_is_not_for_them(self) -> None:
		staged, report = self.stage(), matrix.Report()
		for person, share in zip(ASKERS, SHARES, strict=True):
			wanted = matrix.few(staged, person, random.Random(SEED), share, MOST)
			report.add(matrix.run(staged, ASKERS, [person], wanted))
		self.assertFalse([str(leak) for leak in report.leaks])
		self.assertGreater(report.answers[200], report.calls.total() / 5, report.answers)
		self.assertGreater(report.ways["events"], 0)

	def test_with_the_rule_switched_off_the_same_ways_tell(self) -> None:
		"""A search that finds nothing where everything is told would find nothing anywhere."""
		staged = self.stage([RECUSED])
		wanted = list(_telling(staged))
		self.assertFalse(matrix.run(staged, ASKERS, ASKERS[:1], wanted).leaks)
		with switched_off.rule():
			told = matrix.run(staged, ASKERS, ASKERS[:1], wanted).leaks
		self.assertEqual([ask for ask in wanted if ask not in [leak.ask for leak in told]], [])
		places = {leak.canary.place for leak in told}
		self.assertLess({"Case.subject", "Comment.content", "Citizen.last_name", "name of File"}, places)


def _telling(staged: stage.Stage) -> Iterator[Ask]:
	names = dict(reversed(staged.of(RECUSED)))
	case = {"doctype": "Case", "name": names["Case"]}
	whole = {"fields": '["*"]', "limit_page_length": "0"}
	for doctype in ("Case", "Citizen", "Comment", "File"):
		yield Ask(f"/api/resource/{doctype}", whole)
	yield Ask(f"/api/v2/document/Case/{names['Case']}/")
	yield Ask(METHOD + "desk.form.load.getdoc", case)
	yield Ask("/printview", case)
	yield Ask(
		METHOD + "desk.search.search_link", {"doctype": "Citizen", "txt": "", "page_length": "500"}, "POST"
	)
	for form in ("CSV", "Excel"):
		columns = {"doctype": "Case", "fields": json.dumps(["name", "subject"]), "file_format_type": form}
		yield Ask(METHOD + "desk.reportview.export_query", {**columns, "title": "x"}, "POST")
	yield Ask(staged.urls[RECUSED])
