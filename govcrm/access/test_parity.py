"""Which cases there are is told alike by every way in which somebody can ask, for random users and cases.

The seed is fixed where tests run for everybody (`CI`), and drawn and shown elsewhere; `GOVCRM_SEED` repeats one that failed.
All two hundred users and two thousand cases: `benchmarks/parity.py`.
"""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import TestCase
from unittest.mock import patch

import frappe
from frappe.desk import reportview
from frappe.model.document import Document

from govcrm.access import subjects, telling
from govcrm.domain.access.facts import SEALED
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.mutations.switches import Unhooked
from govcrm.tests.parity import WAYS, Eyes
from govcrm.tests.parity_world import DAY, OF_GRANT, OF_RECUSAL, World, put, some_of

USERS, CASES, FORMS = 20, 200, 10
SEED = 20261123


def seed() -> int:
	if given := os.environ.get("GOVCRM_SEED"):
		return int(given)
	return SEED if os.environ.get("CI") else random.SystemRandom().randrange(10**9)


class ParityTestCase(AskingTestCase):
	def setUp(self) -> None:
		super().setUp()
		telling.install()

	def world(self, chosen: int, users: int, cases: int) -> World:
		world = World(chosen, users, cases).write()
		self.documents = [frappe.get_doc("Case", name) for name in world.cases]
		return world

	def differences(self, world: World, user: str, forms: int) -> tuple[Eyes, list[str]]:
		frappe.set_user(user)
		eyes = Eyes(user, self)
		names = some_of(world.chance, eyes.listed, world.cases, forms)
		return eyes, list(eyes.differences(self.documents, names))


class TestParity(ParityTestCase):
	def test_list_form_report_export_and_counts_tell_the_same_to_everybody(self):
		chosen = seed()
		print(f"\nGOVCRM_SEED={chosen}")
		world, shown = self.world(chosen, USERS, CASES), set()
		for user in world.users:
			with self.subTest(seed=chosen, user=user):
				eyes, found = self.differences(world, user, FORMS)
				self.assertEqual(found, [], frappe.get_roles(user))
				shown.add(len(eyes.listed))
		self.assertGreater(len(shown), 5, "hardly anybody sees anything else than others")


# Breaks: each lets one part of the app tell more than the rule gives ------------------------------------------


def ignoring(where: str, *facts: str):
	"""Whoever asks there has none of these."""
	known, nothing = subjects.subject_of, dict.fromkeys(facts, frozenset())
	return patch(f"{where}.subject_of", lambda user: replace(known(user), **nothing))


def recusals_that_lists_ignore():
	return ignoring("govcrm.access.query", "recused", "recused_citizens")


def grants_that_lists_ignore():
	return ignoring("govcrm.access.query", "may_read", "may_work", "emergencies")


def grants_that_forms_ignore():
	return ignoring("govcrm.permissions", "may_read", "may_work", "emergencies")


def a_hook_that_lets_all_in():
	return patch("govcrm.permissions.has_permission", lambda *args, **kwargs: True)


@contextmanager
def a_form_that_asks_nobody() -> Iterator[None]:
	with (
		patch("govcrm.gate.existence.objection", lambda found: None),
		patch.object(Document, "has_permission", lambda *args, **kwargs: True),
	):
		yield


def a_view_that_asks_nobody():
	known = reportview.compress

	def all_of_them(data: list, args: frappe._dict) -> dict:
		return known(frappe.get_all("Case", args.filters, ["name", "state_category"]), args)

	return patch("frappe.desk.reportview.compress", all_of_them)


def an_export_that_asks_nobody():
	class Query(reportview.DatabaseQuery):
		def execute(self, *args, **kwargs):
			return super().execute(*args, **kwargs, ignore_permissions=bool(kwargs.get("as_list")))

	return patch("frappe.desk.reportview.DatabaseQuery", Query)


def lists_of_the_client_that_ask_nobody():
	return patch("frappe.client.validate_args", lambda args: args.update(ignore_permissions=True))


def counts_of_all_rows():
	return patch("govcrm.api.desk.counts._count_rows", lambda args: frappe.db.count("Case", args["filters"]))


@contextmanager
def a_count_of_frappes() -> Iterator[None]:
	with patch.object(frappe, "get_hooks", frappe.get_hooks):
		Unhooked("override_whitelisted_methods", "frappe.client.get_count").off()
		yield


def a_report_that_asks_nobody():
	def read(doctype: str, fields: list[str], filters: list, *args) -> list:
		return frappe.get_all(doctype, filters, fields, as_list=True)

	return patch("govcrm.reports.scope.read", read)


REST = {"client", "REST v1", "REST v2"}
BREAKS = {
	recusals_that_lists_ignore: {"form", "request"},
	grants_that_lists_ignore: {"form", "request"},
	grants_that_forms_ignore: {"form", "request"},
	a_hook_that_lets_all_in: {"form", "request"},
	a_form_that_asks_nobody: {"request"},
	a_view_that_asks_nobody: {"view"},
	an_export_that_asks_nobody: {"export"},
	lists_of_the_client_that_ask_nobody: REST,
	counts_of_all_rows: {"count", "client count"},
	a_count_of_frappes: {"client count"},
	a_report_that_asks_nobody: {"report"},
}


class TestBreaks(TestCase):
	def test_each_way_is_broken_by_one_of_them(self):
		self.assertEqual(set().union(*BREAKS.values()), WAYS)


class TestWhatParityNotices(ParityTestCase):
	"""With one part of the rule broken the comparison names the ways that it broke, and no other."""

	USERS, CASES = 40, 40
	FORMS = 2 * CASES  # each of them

	def setUp(self) -> None:
		super().setUp()
		self.small = self.world(SEED, self.USERS, self.CASES)
		self.reader = next(filter(self.reads_some, self.small.users))
		self.recuse(self.seen()[0])
		self.open_to(self.unseen()[0])

	def test_each_way_that_tells_more_or_less_is_named(self):
		self.assertEqual(self.ways(), set())
		for broken, ways in BREAKS.items():
			with self.subTest(broken.__name__), broken():
				self.assertEqual(self.ways(), ways)
		self.assertEqual(self.ways(), set())

	def ways(self) -> set[str]:
		subjects.forget()
		_, found = self.differences(self.small, self.reader, self.FORMS)
		return {difference.partition(":")[0] for difference in found}

	# Somebody with every right to what they see, and an exception of each kind --------------------------------

	def reads_some(self, user: str) -> bool:
		frappe.set_user(user)
		eyes = Eyes(user, self)
		return 0 < len(eyes.listed) < self.CASES and all(map(eyes.may, ("read", "report", "export")))

	def seen(self) -> list[str]:
		frappe.set_user(self.reader)
		return sorted(Eyes(self.reader, self).listed)

	def unseen(self) -> list[str]:
		subjects.forget()
		kept = {*self.seen(), *subjects.subject_of(self.reader).recused}
		return [doc.name for doc in self.documents if doc.confidentiality == SEALED and doc.name not in kept]

	def recuse(self, case: str) -> None:
		put("Recusal", OF_RECUSAL, [("parity-known", self.reader, case, None, None, None)])

	def open_to(self, case: str) -> None:
		days = (str(self.small.now - DAY), str(self.small.now + DAY))
		opened = ("parity-opened", case, self.reader, "Permission", "Read", "Granted", *days)
		put("Case Access Grant", OF_GRANT, [opened])
