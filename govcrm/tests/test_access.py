"""The access rule on a real site: what the list shows is what the form opens, for everybody and everything."""

import random
from datetime import timedelta
from unittest.mock import patch

import frappe
import frappe.share
from frappe.utils import add_days, getdate, now_datetime

from govcrm import permissions
from govcrm.access import subjects
from govcrm.access.subjects import subject_of
from govcrm.casework import participation
from govcrm.setup.roles import ROLES, sync_roles
from govcrm.tests import GovCRMTestCase
from govcrm.tests.factories import make_department, make_user

LEVELS = ("Public", "Internal", "Restricted", "Sealed", "", "Secret")
CATEGORIES = ("Open", "Waiting", "Closed", "Cancelled")
CITY, WORKS, ROADS, FIRE = "Access City", "Access Works", "Access Roads", "Fire & O'Hara's 100% \\ Co"
ALICE, BOB, CAROL = "alice.access@example.org", "bob.access@example.org", "carol.access@example.org"


def make_tree() -> None:
	make_department(CITY, is_group=1)
	make_department(WORKS, is_group=1, parent_agency_department=CITY)
	make_department(ROADS, parent_agency_department=WORKS)
	make_department(FIRE, parent_agency_department=CITY)


def add_member(department: str, user: str, role: str = "Member", from_date=None, to_date=None) -> None:
	doc = frappe.get_doc("Agency Department", department)
	doc.append("members", {"user": user, "role": role, "from_date": from_date, "to_date": to_date})
	doc.save()


def put(doctype: str, **values):
	"""A stored record, past its controller: the rule must hold for whatever stands in the table."""
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.name = doc.name or frappe.generate_hash(length=12)
	doc.db_insert()
	return doc


def put_case(department: str | None = FIRE, confidentiality: str = "Internal", **values):
	values.setdefault("state_category", "Open")
	return put("Case", department=department, confidentiality=confidentiality, **values)


def names(doctype: str, user: str, **options) -> set[str]:
	"""What a list shows: nothing for who may not ask for it."""
	frappe.set_user(user)
	try:
		return set(frappe.get_list(doctype, pluck="name", limit_page_length=0, **options))
	except frappe.PermissionError:
		return set()
	finally:
		frappe.set_user("Administrator")


def may(doc, user: str, ptype: str = "read") -> bool:
	return bool(frappe.has_permission(doc.doctype, ptype, doc=doc, user=user))


class World:
	"""Random users, cases and all that hangs on them, from one seed."""

	def __init__(self, seed: int) -> None:
		self.chance = random.Random(seed)
		self.departments = (CITY, WORKS, ROADS, FIRE)
		make_tree()
		self.users = [self.user(number) for number in range(14)]
		self.citizens = [self.citizen() for _ in range(12)]
		self.cases = [self.case() for _ in range(40)]
		self.participants = [self.participant() for _ in range(50)]
		self.requests = [self.request() for _ in range(50)]
		self.records = [
			*self.cases,
			*self.participants,
			*self.requests,
			*self.citizens,
			*(self.task() for _ in range(40)),
			*(put("Case Event", case=self.chance.choice(self.cases).name, verb="test") for _ in range(20)),
			*(self.clock() for _ in range(20)),
			*(put("Case Deadline Event", case=self.chance.choice(self.cases).name) for _ in range(20)),
			*(self.recusal() for _ in range(20)),
			*(self.grant() for _ in range(40)),
			*(self.interaction() for _ in range(60)),
			*(self.row("Service Request", "followers", "Request Follower") for _ in range(20)),
			*(self.row("Citizen", "contact_points", "Citizen Contact Point") for _ in range(12)),
			*(self.row("Citizen", "identifiers", "Citizen Identifier") for _ in range(12)),
		]

	def user(self, number: int) -> str:
		roles = self.chance.sample(sorted(ROLES), self.chance.choice((1, 1, 1, 2)))
		# The first ten hold one role each, so that none is left out.
		roles = [sorted(ROLES)[number]] if number < len(ROLES) else roles
		user = make_user(f"random.{number}@example.org", *roles).name
		for department in self.chance.sample(self.departments, self.chance.choice((0, 1, 1, 2))):
			add_member(department, user, self.chance.choice(("Member", "Supervisor")))
		return user

	def maybe(self, choices) -> str | None:
		chosen = self.chance.choice([None, *choices])
		return getattr(chosen, "name", chosen)

	def citizen(self):
		return put("Citizen", citizen_type="Person", user=self.maybe(self.users))

	def case(self):
		return put_case(
			self.maybe(self.departments),
			self.chance.choice(LEVELS),
			state_category=self.chance.choice(CATEGORIES),
		)

	def participant(self):
		party = {"user": self.maybe(self.users)} if self.chance.random() < 0.5 else {}
		case = self.chance.choice(self.cases)
		frappe.db.set_value("Case", case.name, "shared", 1, update_modified=False)
		return put(
			"Case Participant",
			case=case.name,
			capacity="Task",
			**(party or {"department": self.maybe(self.departments)}),
		)

	def request(self):
		return put(
			"Service Request",
			department=self.maybe(self.departments),
			confidentiality=self.chance.choice(LEVELS),
			status=self.chance.choice(("Open", "Closed")),
			citizen=self.maybe(self.citizens),
			case=self.maybe([*self.cases, "CASE-missing"]),
			owner=self.chance.choice(self.users),
		)

	def task(self):
		return put(
			"Case Task",
			case=self.maybe([*self.cases, "CASE-missing"]),
			assigned_department=self.maybe(self.departments),
			status="Assigned",
		)

	def recusal(self):
		from_what = self.chance.choice(("case", "citizen"))
		chosen = self.chance.choice(self.cases if from_what == "case" else self.citizens)
		user = self.chance.choice([*self.users, "x@example.org"])
		return put("Recusal", user=user, **{from_what: chosen.name})

	def grant(self):
		begins = add_days(now_datetime(), self.chance.choice((-3, -3, -3, 1)))
		return put(
			"Case Access Grant",
			case=self.chance.choice(self.cases).name,
			user=self.chance.choice(self.users),
			kind=self.chance.choice(("Permission", "Permission", "Emergency")),
			opens=self.chance.choice(("Read", "Work")),
			status=self.chance.choice(("Granted", "Granted", "Granted", "Ended", "Asked")),
			valid_from=begins,
			valid_to=add_days(begins, self.chance.choice((1, 9))),
		)

	def clock(self):
		return put("Case Deadline", case=self.chance.choice(self.cases).name, status="Running")

	def interaction(self):
		return put(
			"Interaction",
			case=self.chance.choice((None, "", self.maybe([*self.cases, "CASE-missing"]))),
			service_request=self.maybe([*self.requests, "SR-missing"]),
		)

	def row(self, parenttype: str, parentfield: str, doctype: str):
		parents = self.requests if parenttype == "Service Request" else self.citizens
		parent = self.chance.choice(parents).name
		return put(doctype, parent=parent, parenttype=parenttype, parentfield=parentfield)


class TestListEqualsForm(GovCRMTestCase):
	def test_everybody_sees_in_lists_exactly_what_they_may_open(self):
		world = World(seed=20261122)
		for user in [*world.users, "Guest"]:
			for doctype in frappe.get_hooks("govcrm_scoped_doctypes"):
				with self.subTest(user=user, roles=frappe.get_roles(user), doctype=doctype):
					self.compare(user, doctype, [doc for doc in world.records if doc.doctype == doctype])

	def compare(self, user: str, doctype: str, records: list) -> None:
		parents = {doc.parenttype for doc in records if frappe.is_table(doctype)}
		options = {"parent_doctype": parents.pop()} if parents else {}
		listed = names(doctype, user, **options) & {doc.name for doc in records}
		opened = {doc.name for doc in records if may(doc, user)}
		self.assertEqual(listed, opened)

	def test_the_random_world_shows_something_of_every_kind_to_somebody(self):
		"""Or the test above would hold for a rule that denies everything."""
		world = World(seed=20261122)
		read_by_no_role = {"Sealed Evidence", "Sealed Matter"}  # endpoints show them, and record each look
		for doctype in set(frappe.get_hooks("govcrm_scoped_doctypes")) - read_by_no_role:
			records = [doc for doc in world.records if doc.doctype == doctype]
			seen = [sum(may(doc, user) for doc in records) for user in world.users]
			self.assertGreater(max(seen), 0, doctype)
			self.assertEqual(min(seen), 0, doctype)


class TestHooks(GovCRMTestCase):
	def test_every_doctype_that_hangs_on_a_case_a_request_or_a_citizen_is_scoped_by_both_hooks(self):
		for hook in ("permission_query_conditions", "has_permission"):
			self.assertEqual(scoped_by_schema() - set(frappe.get_hooks(hook)), set(), hook)

	def test_only_doctypes_the_rule_can_answer_for_are_named(self):
		named = set(frappe.get_hooks("govcrm_scoped_doctypes"))
		self.assertEqual(named, scoped_by_schema())

	def test_conditions_always_stand_in_parentheses_and_deny_in_words(self):
		make_user(ALICE, "Program Designer")
		for doctype in frappe.get_hooks("govcrm_scoped_doctypes"):
			self.assertEqual(permissions.query_conditions(ALICE, doctype), "(1=0)", doctype)
		self.assertEqual(permissions.query_conditions("Administrator", "Case"), "")

	def test_a_doctype_the_rule_does_not_know_is_denied(self):
		make_user(ALICE, "Caseworker")
		self.assertEqual(permissions.query_conditions(ALICE, "Agency Program"), "(1=0)")

	def test_an_error_denies_and_tells_the_caller_nothing(self):
		make_user(ALICE, "Privacy Officer")
		case = put_case()
		with patch("govcrm.access.subjects._memberships", side_effect=ValueError("secret")):
			self.assertEqual(permissions.query_conditions(ALICE, "Case"), "(1=0)")
			self.assertIs(permissions.has_permission(case, "read", ALICE), False)
		self.assertNotIn("secret", str(frappe.local.message_log))

	def test_answers_are_true_or_false_and_never_none(self):
		make_user(ALICE, "Caseworker")
		for doc in (put_case(), frappe.new_doc("Case Task"), frappe.new_doc("Citizen"), "Case"):
			for ptype in ("read", "write", "create", "delete", "share", "print", None):
				self.assertIsInstance(permissions.has_permission(doc, ptype, ALICE), bool)

	def test_a_system_manager_gets_nothing_by_that_role(self):
		make_user(ALICE, "System Manager")
		case = put_case(confidentiality="Public")
		self.assertFalse(may(case, ALICE))
		self.assertEqual(names("Case", ALICE), set())


class TestSubjects(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_tree()
		make_user(ALICE, "Caseworker")

	def departments(self) -> frozenset:
		return subject_of(ALICE).departments

	def test_membership_reaches_everything_below_and_nothing_above_or_beside(self):
		add_member(WORKS, ALICE)
		self.assertEqual(self.departments(), {WORKS, ROADS})

	def test_a_membership_counts_from_its_first_to_its_last_day(self):
		today, day = getdate(), timedelta(days=1)
		add_member(ROADS, ALICE, from_date=today, to_date=today)
		add_member(FIRE, ALICE, from_date=today + day)
		add_member(CITY, ALICE, to_date=today - day)
		self.assertEqual(self.departments(), {ROADS})

	def test_a_membership_that_ends_closes_the_cases_at_once(self):
		case = put_case(ROADS)
		add_member(ROADS, ALICE)
		self.assertIn(case.name, names("Case", ALICE))
		department = frappe.get_doc("Agency Department", ROADS)
		department.members = []
		department.save()
		self.assertFalse(may(case, ALICE))
		self.assertNotIn(case.name, names("Case", ALICE))

	def test_what_was_read_in_a_transaction_is_forgotten_when_that_is_undone(self):
		frappe.db.savepoint("before_member")
		add_member(ROADS, ALICE)
		self.assertEqual(self.departments(), {ROADS})
		frappe.db.rollback()
		self.assertEqual(frappe.local.govcrm_access, {})

	def test_departments_whose_tree_was_never_built_hold_nothing_below_them(self):
		add_member(ROADS, ALICE)
		table = frappe.qb.DocType("Agency Department")
		frappe.qb.update(table).set(table.lft, 0).set(table.rgt, 0).run()
		subjects.forget()
		self.assertEqual(self.departments(), {ROADS})

	def test_a_disabled_user_and_a_guest_are_nobody(self):
		add_member(ROADS, ALICE)
		user = frappe.get_doc("User", ALICE)
		user.enabled = 0
		user.save()
		self.assertEqual(subject_of(ALICE).roles, frozenset())
		self.assertEqual(subject_of("Guest").roles, frozenset())
		self.assertFalse(may(put_case(ROADS), ALICE))


class TestDoors(GovCRMTestCase):
	"""Ways round the rule that a caller could try."""

	def setUp(self) -> None:
		super().setUp()
		make_tree()
		make_user(ALICE, "Caseworker")
		add_member(ROADS, ALICE)
		self.foreign = put_case(FIRE)

	def test_what_a_caller_writes_into_a_document_does_not_open_it(self):
		doc = frappe.get_doc("Case", self.foreign.name)
		doc.department = ROADS
		doc.set("__islocal", 1)
		self.assertFalse(permissions.has_permission(doc, "write", ALICE))
		self.assertFalse(permissions.has_permission(doc, "read", ALICE))

	def test_a_task_cannot_be_made_on_or_moved_to_a_case_of_others(self):
		own = put_case(ROADS)
		new = frappe.new_doc("Case Task", case=self.foreign.name, title="In")
		self.assertFalse(permissions.has_permission(new, "create", ALICE))
		task = put("Case Task", case=own.name, title="Out", status="Assigned")
		self.assertTrue(permissions.has_permission(task, "write", ALICE))
		task.case = self.foreign.name
		self.assertFalse(permissions.has_permission(task, "write", ALICE))

	def test_nobody_can_share_a_scoped_record(self):
		for user in (ALICE, "Administrator"):
			frappe.set_user(user)
			with self.assertRaises(frappe.PermissionError):
				frappe.share.add_docshare(
					"Case", self.foreign.name, ALICE, flags={"ignore_share_permission": True}
				)
		frappe.set_user("Administrator")
		self.assertFalse(may(self.foreign, ALICE))

	def test_records_that_are_not_scoped_can_be_shared_as_before(self):
		todo = frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert()
		self.assertTrue(frappe.share.add_docshare("ToDo", todo.name, ALICE).name)

	def test_or_filters_do_not_reach_past_the_rule(self):
		listed = names("Case", ALICE, or_filters=[["name", "=", self.foreign.name], ["name", "is", "set"]])
		self.assertNotIn(self.foreign.name, listed)


class TestParticipation(GovCRMTestCase):
	def setUp(self) -> None:
		super().setUp()
		make_tree()
		make_user(ALICE, "Caseworker")
		self.case = put_case(FIRE, "Restricted")

	def test_who_takes_part_sees_the_case_until_they_no_longer_do(self):
		participation.add(self.case.name, "Assignee", user=ALICE)
		self.assertTrue(may(self.case, ALICE, "write"))
		self.assertIn(self.case.name, names("Case", ALICE))
		participation.remove(self.case.name, "Assignee", user=ALICE)
		subjects.forget()
		self.assertFalse(may(self.case, ALICE))
		self.assertNotIn(self.case.name, names("Case", ALICE))

	def test_the_same_participation_stands_once(self):
		first = participation.add(self.case.name, "Assignee", user=ALICE)
		self.assertEqual(participation.add(self.case.name, "Assignee", user=ALICE), first)
		self.assertEqual(frappe.db.count("Case Participant", {"case": self.case.name}), 1)
		participation.remove(self.case.name, "Task", user=ALICE)
		self.assertEqual(frappe.db.count("Case Participant", {"case": self.case.name}), 1)

	def test_the_assignee_sees_the_case_although_nobody_else_takes_part(self):
		frappe.db.set_value("Case", self.case.name, "assignee", ALICE)
		participation.add(self.case.name, "Assignee", user=ALICE)
		self.assertFalse(frappe.db.get_value("Case", self.case.name, "shared"))
		self.assertIn(self.case.name, names("Case", ALICE))

	def test_a_case_loaded_before_somebody_joined_does_not_undo_that(self):
		early = frappe.get_doc("Case", self.case.name)
		participation.add(self.case.name, "Task", user=ALICE)
		participation.keep_shared(early)
		self.assertTrue(early.shared)

	def test_nobody_writes_changes_or_deletes_participants_by_hand(self):
		row = {"doctype": "Case Participant", "case": self.case.name, "capacity": "Assignee", "user": ALICE}
		with self.assertRaises(frappe.PermissionError):
			frappe.get_doc(row).insert()
		doc = frappe.get_doc("Case Participant", participation.add(self.case.name, "Assignee", user=ALICE))
		for act in (doc.save, doc.delete):
			with self.assertRaises(frappe.PermissionError):
				act()

	def test_a_user_or_a_department_takes_part_and_not_both(self):
		with self.assertRaises(frappe.ValidationError):
			participation.add(self.case.name, "Task", user=ALICE, department=FIRE)


class TestRoles(GovCRMTestCase):
	def test_missing_roles_are_made_and_constituents_stay_out_of_the_desk(self):
		frappe.db.set_value("Role", "Constituent", "desk_access", 1)
		frappe.db.set_value("Role", "Caseworker", "two_factor_auth", 1)
		sync_roles()
		sync_roles()
		self.assertEqual(frappe.db.count("Role", {"name": ("in", sorted(ROLES))}), len(ROLES))
		self.assertFalse(frappe.db.get_value("Role", "Constituent", "desk_access"))
		self.assertTrue(frappe.db.get_value("Role", "Caseworker", "two_factor_auth"))

	def test_staff_may_open_the_desk_and_constituents_may_not(self):
		for role, expected in (("Elected Official", True), ("Constituent", False)):
			frappe.set_user(make_user(f"{frappe.scrub(role)}@example.org", role).name)
			self.assertIs(permissions.may_open_desk(), expected)
			frappe.set_user("Administrator")


def scoped_by_schema() -> set[str]:
	"""Every DocType of the app that is a case, a request or a citizen, links to one, or is a table in such a one."""
	roots = {"Case", "Service Request", "Citizen"}
	modules = frappe.get_all("Module Def", {"app_name": "govcrm"}, pluck="name")
	doctypes = frappe.get_all("DocType", {"module": ("in", modules), "issingle": 0}, pluck="name")
	links = {
		name
		for name in doctypes
		if {field.options for field in frappe.get_meta(name).get_link_fields()} & roots
	}
	scoped = (roots | links) & set(doctypes)
	tables = {
		field.options
		for name in scoped
		if not frappe.is_table(name)
		for field in frappe.get_meta(name).get_table_fields()
	}
	return scoped | tables
