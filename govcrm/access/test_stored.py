"""Sets of names that stay in the database: what they open and close is what the same names in memory would."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import frappe
from frappe.utils import add_days, now_datetime

from govcrm.access import exceptions, subjects
from govcrm.access.stored import Column, Stored, literal
from govcrm.access.subjects import subject_of
from govcrm.permissions import query_conditions
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_case, make_citizen, make_published_program, make_request, make_user
from govcrm.tests.test_access import (
	ALICE,
	FIRE,
	ROADS,
	World,
	add_member,
	make_tree,
	may,
	names,
	put,
	put_case,
)

SETS = ("may_read", "may_work", "emergencies", "recused")
ODD = "100%.ohara@example.org"  # Frappe 16 makes no user with a quote on SQLite


def all_stored():
	"""Nothing is few."""
	return patch.object(exceptions, "SHORT", 0)


def put_grant(case: str, user: str = ALICE, days: int = 9, **values):
	told = {
		"kind": "Permission",
		"opens": "Read",
		"status": "Granted",
		"valid_from": add_days(now_datetime(), -1),
	}
	ends = add_days(now_datetime(), days)
	return put("Case Access Grant", case=case, user=user, **{**told, "valid_to": ends, **values})


class TestOfAWorld(GovCRMTestCase):
	def test_the_same_is_listed_and_opened_whether_names_are_read_or_left_in_the_database(self) -> None:
		world, found = World(seed=20261123), []
		for part, whole in zip(world.cases[::3], world.cases[1::3], strict=False):
			frappe.db.set_value("Case", part.name, "parent_case", whole.name)
		for number, request in enumerate(world.requests):
			other = world.citizens[number % len(world.citizens)].name
			frappe.db.set_value("Service Request", request.name, "representative", other)
		for user in world.users:
			read = self.seen(world, user)
			with all_stored():
				subjects.forget()
				left = self.seen(world, user)
				found += [name for name in SETS if isinstance(getattr(subject_of(user), name), Stored)]
			subjects.forget()
			self.assertEqual(left, read)
		self.assertEqual(set(found), set(SETS), "no user has such a set, and nothing was tried")

	def seen(self, world: World, user: str) -> dict[str, set[str]]:
		"""By DocType, what the list shows, which must be what can be opened."""
		seen = {}
		for doctype in (
			"Case",
			"Case Task",
			"Service Request",
			"Interaction",
			"Citizen",
			"Case Access Grant",
		):
			records = [doc for doc in world.records if doc.doctype == doctype]
			seen[doctype] = names(doctype, user) & {doc.name for doc in records}
			self.assertEqual(seen[doctype], {doc.name for doc in records if may(doc, user)}, (user, doctype))
		return seen

	def test_the_names_are_the_same_one_by_one_and_as_a_whole(self) -> None:
		world = World(seed=20261124)
		for user in world.users:
			read = {**exceptions.opened_to(user), **exceptions.closed_to(user)}
			with all_stored():
				left = {**exceptions.opened_to(user), **exceptions.closed_to(user)}
			for name in SETS:
				kept = left.get(name, frozenset())
				self.assertEqual(set(kept), set(read[name]), (user, name))
				self.assertEqual({case.name for case in world.cases if case.name in kept}, set(read[name]))


class TestMany(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_tree()
		make_user(ALICE, "Caseworker")
		add_member(ROADS, ALICE)

	def compare(self, cases: list) -> set[str]:
		"""What the list shows of these cases; the form, the count and the connected requests must say the same."""
		subjects.forget()
		listed = names("Case", ALICE) & {case.name for case in cases}
		self.assertEqual({case.name for case in cases if may(case, ALICE)}, listed)
		frappe.set_user(ALICE)
		filters = {"name": ("in", [case.name for case in cases])}
		counted = frappe.get_list("Case", filters, ["count(name) as number"], order_by=None)[0].number
		frappe.set_user("Administrator")
		self.assertEqual(counted, len(listed))
		return listed

	def test_sixty_and_six_hundred_grants_open_their_cases_and_no_others(self) -> None:
		for number in (60, 600):
			with self.subTest(number=number):
				cases = [put_case(FIRE, "Sealed") for _ in range(number + 20)]
				for case in cases[:number]:
					put_grant(case.name)
				self.assertEqual(self.compare(cases), {case.name for case in cases[:number]})
				self.assertIsInstance(subject_of(ALICE).may_read, Stored)

	def test_sixty_and_six_hundred_recusals_close_their_cases_with_their_parts_and_no_others(self) -> None:
		by_citizen: Callable = lambda case, kin: put("Service Request", case=case, citizen=kin)  # noqa: E731
		by_other: Callable = lambda case, kin: put("Service Request", case=case, representative=kin)  # noqa: E731
		by_name: Callable = lambda case, kin: put("Recusal", user=ALICE, case=case)  # noqa: E731
		for number, close in ((60, by_citizen), (60, by_other), (600, by_citizen), (600, by_name)):
			with self.subTest(number=number):
				kin = put("Citizen", citizen_type="Person").name
				put("Recusal", user=ALICE, citizen=kin)
				cases = [put_case(ROADS) for _ in range(number + 20)]
				for case in cases[:number]:
					close(case.name, kin)
				part = put_case(ROADS, parent_case=cases[0].name)
				deeper = put_case(ROADS, parent_case=part.name)
				shown = self.compare([*cases, part, deeper])
				self.assertEqual(shown, {case.name for case in cases[number:]})
				self.assertIsInstance(subject_of(ALICE).recused, Stored)

	def test_the_condition_does_not_grow_with_them_and_stays_the_same_text(self) -> None:
		for _ in range(60):
			put_grant(put_case(FIRE).name)
		few = query_conditions(ALICE, "Case")
		for _ in range(60):
			put_grant(put_case(FIRE).name, days=30, valid_from=add_days(now_datetime(), -5))
		subjects.forget()
		self.assertEqual(len(query_conditions(ALICE, "Case")), len(few))
		before = query_conditions(ALICE, "Case")
		subjects.forget()
		self.assertEqual(query_conditions(ALICE, "Case"), before)

	def test_each_ends_and_begins_by_the_clock(self) -> None:
		cases = [put_case(FIRE) for _ in range(63)]
		for case in cases[:60]:
			put_grant(case.name, days=9)
		put_grant(cases[60].name, days=2)
		put_grant(cases[61].name, days=9, valid_from=add_days(now_datetime(), 3))
		put_grant(cases[62].name, days=9, status="Ended")
		begin = {case.name for case in cases[:60]}
		for day, more in ((0, {60}), (2.5, set()), (3.5, {61}), (9.5, None)):
			with patch.object(exceptions, "now_datetime", return_value=now_datetime() + timedelta(days=day)):
				open_then = set() if more is None else begin | {cases[number].name for number in more}
				self.assertEqual(self.compare(cases), open_then, day)

	def test_a_user_with_a_percent_sign_in_the_name_is_asked_for_as_they_are(self) -> None:
		make_user(ODD, "Caseworker")
		case, other = put_case(FIRE), put_case(FIRE)
		put_grant(case.name, ODD)
		put("Recusal", user=ODD, case=other.name)
		put_grant(other.name, ODD)
		with all_stored():
			self.assertEqual(names("Case", ODD), {case.name})
			self.assertTrue(may(case, ODD))
			self.assertFalse(may(other, ODD))

	def test_what_was_asked_of_a_set_is_asked_once(self) -> None:
		case = put_case(FIRE).name
		put_grant(case)
		grant = frappe.qb.DocType("Case Access Grant")
		kept = Stored([Column("Case Access Grant", "case", grant.user == literal(ALICE))])
		with patch.object(Column, "holds", autospec=True, side_effect=Column.holds) as asked:
			self.assertEqual(
				[case in kept, case in kept, "" in kept, None in kept], [True, True, False, False]
			)
		self.assertEqual(asked.call_count, 1)
		self.assertEqual(kept, Stored(kept.columns))
		self.assertNotEqual(kept, Stored(kept.columns, ["another"]))


class TestWhatARecusalReachesMeanwhile(GovCRMTestCase):
	"""Asked before and after within one request: not what was right when it began."""

	def setUp(self) -> None:
		super().setUp()
		make_published_program()
		make_user(ALICE, "Caseworker")
		self.kin, self.whole = make_citizen().name, make_case()
		put("Recusal", user=ALICE, citizen=self.kin)
		put("Recusal", user=ALICE, case=self.whole.name)
		few = all_stored()
		few.start()
		self.addCleanup(few.stop)
		subjects.forget()

	def is_recused(self, case: str) -> bool:
		return case in subject_of(ALICE).recused

	def test_a_request_that_is_by_another_citizen_now(self) -> None:
		request = make_request().reload()
		self.assertFalse(self.is_recused(request.case))
		request.update({"anonymous": 0, "citizen": self.kin}).save()
		self.assertTrue(self.is_recused(request.case))

	def test_a_case_that_became_a_part(self) -> None:
		self.assertTrue(self.is_recused(self.whole.name))
		part = make_case(parent_case=self.whole.name)
		self.assertTrue(self.is_recused(part.name))

	def test_a_citizen_who_was_merged(self) -> None:
		other = make_citizen().reload()
		case = make_request(anonymous=0, citizen=other.name).case
		self.assertFalse(self.is_recused(case))
		other.flags.ignore_validate = True
		other.update({"merged_into": self.kin}).save()
		self.assertTrue(self.is_recused(case))

	def test_nothing_is_read_anew_for_what_reaches_nobody(self) -> None:
		request = make_request().reload()
		before = subject_of(ALICE)
		request.update({"description": "Two holes"}).save()
		self.assertIs(subject_of(ALICE), before)
