"""The access rule: its two readings say the same, and it closes when in doubt."""

from collections.abc import Set
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcrm.domain.access import (
	LEVELS,
	ROLES,
	RULE,
	CaseFacts,
	CitizenFacts,
	InteractionFacts,
	Kind,
	ParticipantFacts,
	RequestFacts,
	Right,
	Subject,
	TaskFacts,
	condition,
	may,
)
from govcrm.domain.criteria import Everything, Nothing, holds

DEPARTMENTS = ("Fire", "Health", "Roads")
USERS = ("alice", "bob", "carol")

some_department = st.sampled_from((None, *DEPARTMENTS))
some_user = st.sampled_from((None, *USERS))
some_level = st.sampled_from((None, "", "Secret", *LEVELS))
departments = st.frozensets(st.sampled_from(DEPARTMENTS))
CASES, CITIZENS = ("CASE-1", "CASE-2"), ("CIT-1", "CIT-2")
some_case, some_citizen = st.sampled_from((None, "", *CASES)), st.sampled_from((None, "", *CITIZENS))
few_cases, few_citizens = (
	st.just(frozenset()) | st.frozensets(st.sampled_from(names)) for names in (CASES, CITIZENS)
)


class Unread(Set):
	"""Names that lie elsewhere, too many to be read: they can be asked for one by one, and compared as a whole."""

	def __init__(self, names: frozenset[str]) -> None:
		self.names = names

	def __contains__(self, name: object) -> bool:
		return name in self.names

	def __bool__(self) -> bool:
		return True

	def __eq__(self, other: object) -> bool:
		return isinstance(other, Unread) and self.names == other.names

	def __hash__(self) -> int:
		return hash(self.names)

	def __iter__(self):
		raise AssertionError("read as a whole")

	__len__ = __iter__


many_cases = few_cases | st.frozensets(st.sampled_from(CASES), min_size=1).map(Unread)

subjects = st.builds(
	Subject,
	user=st.sampled_from(USERS),
	roles=st.frozensets(st.sampled_from(sorted(ROLES | {"System Manager", "Elected Official"})), max_size=3),
	departments=departments,
	supervised=departments,
	may_read=many_cases,
	may_work=many_cases,
	emergencies=many_cases,
	recused=many_cases,
	recused_citizens=few_citizens,
)
participants = st.builds(ParticipantFacts, user=some_user, department=some_department)
cases = st.builds(
	CaseFacts,
	department=some_department,
	confidentiality=some_level,
	participants=st.lists(participants, max_size=3).map(tuple),
	name=some_case,
)
tasks = st.builds(TaskFacts, case=st.none() | cases, assigned_department=some_department)
citizens = st.builds(CitizenFacts, user=some_user, name=some_citizen)
requests = st.builds(
	RequestFacts,
	department=some_department,
	confidentiality=some_level,
	status=st.sampled_from((None, "Open", "Closed")),
	owner=some_user,
	citizen=st.none() | citizens,
	case=st.none() | cases,
	representative=st.none() | citizens,
)
interactions = st.builds(
	InteractionFacts,
	case=st.none() | cases,
	service_request=st.none() | requests,
	citizen=st.none() | citizens,
)
records = cases | tasks | citizens | requests | interactions
rights = st.sampled_from(Right)

worker = Subject("alice", frozenset({"Caseworker"}), frozenset({"Fire"}))
supervisor = Subject("bob", frozenset({"Case Supervisor"}), frozenset({"Fire"}), frozenset({"Fire"}))


def only(role: str) -> Subject:
	return Subject("alice", frozenset({role}))


class TestTwoReadings:
	@settings(max_examples=2000)
	@given(subjects, records, rights)
	def test_the_predicate_and_the_condition_agree(self, subject, facts, right):
		assert may(subject, facts, right) == holds(condition(subject, facts.kind, right), facts)

	@given(subjects, rights)
	def test_a_condition_is_everything_or_nothing_only_as_a_whole(self, subject, right):
		for kind in Kind:
			assert not _inner(condition(subject, kind, right)) & {Everything, Nothing}


def _inner(tree, top: bool = True) -> set[type]:
	parts = getattr(tree, "parts", ()) or filter(None, [getattr(tree, "condition", None)])
	found = set() if top else {type(tree)}
	# "has any record there" is a plain look through a step.
	parts = [part for part in parts if not isinstance(part, Everything)]
	return found.union(*(_inner(part, top=False) for part in parts))


class TestItCloses:
	@given(subjects, cases, rights, st.sampled_from((None, "", "Secret", "public")))
	def test_an_unknown_level_is_denied_to_everybody(self, subject, case, right, level):
		assert not may(subject, replace(case, confidentiality=level), right)

	@given(subjects, cases, rights)
	def test_a_sealed_case_is_open_to_those_alone_to_whom_it_was_opened_by_name(self, subject, case, right):
		if may(subject, replace(case, confidentiality="Sealed"), right):
			assert case.name in subject.may_read or case.name in subject.may_work

	@given(subjects, requests, rights, st.sampled_from((None, "", "Secret")))
	def test_a_request_of_unknown_level_is_denied_even_when_its_case_is_open(
		self, subject, request, right, level
	):
		assert not may(subject, replace(request, confidentiality=level), right)

	@given(records, rights)
	def test_who_holds_no_role_of_the_rule_sees_nothing(self, facts, right):
		everywhere, every = frozenset(DEPARTMENTS), frozenset(CASES)
		nobody = Subject("alice", frozenset({"System Manager"}), everywhere, everywhere, every, every, every)
		assert not may(nobody, facts, right)
		assert condition(nobody, facts.kind, right) == Nothing()

	@given(subjects, cases, rights, st.data())
	def test_a_lower_level_is_never_harder_to_reach(self, subject, case, right, data):
		high = data.draw(st.integers(0, len(LEVELS) - 1))
		low = data.draw(st.integers(0, high))
		if may(subject, replace(case, confidentiality=LEVELS[high]), right):
			assert may(subject, replace(case, confidentiality=LEVELS[low]), right)

	@given(subjects, records, rights, st.sampled_from(sorted(ROLES)))
	def test_one_more_role_never_takes_a_right_away(self, subject, facts, right, role):
		if may(subject, facts, right):
			assert may(replace(subject, roles=subject.roles | {role}), facts, right)

	@given(subjects, records)
	def test_who_may_work_a_record_may_read_it(self, subject, facts):
		if may(subject, facts, Right.WORK):
			assert may(subject, facts, Right.READ)

	def test_a_case_that_cannot_be_found_opens_nothing(self):
		assert not may(only("Privacy Officer"), InteractionFacts(case=CaseFacts()), Right.READ)

	def test_no_grant_reaches_sealed_but_by_the_name_of_the_case(self):
		assert {grant.scope.among for grant in RULE if grant.up_to == "Sealed"} == {"may_read", "may_work"}


class TestDepartments:
	@pytest.mark.parametrize(
		("level", "by_worker", "by_supervisor"),
		[
			("Public", True, True),
			("Internal", True, True),
			("Restricted", False, True),
			("Sealed", False, False),
		],
	)
	def test_own_cases_up_to_internal_and_for_supervisors_up_to_restricted(
		self, level, by_worker, by_supervisor
	):
		case = CaseFacts("Fire", level)
		assert may(worker, case, Right.WORK) is by_worker
		assert may(supervisor, case, Right.WORK) is by_supervisor

	def test_cases_of_other_departments_stay_closed(self):
		assert not may(supervisor, CaseFacts("Health", "Public"), Right.READ)

	def test_supervising_needs_the_role_and_the_membership(self):
		case = CaseFacts("Fire", "Restricted")
		assert not may(replace(supervisor, supervised=frozenset()), case, Right.READ)
		assert not may(replace(supervisor, roles=worker.roles), case, Right.READ)


class TestParticipants:
	def test_who_is_named_on_a_case_works_it_up_to_restricted(self):
		case = CaseFacts("Health", "Restricted", (ParticipantFacts(user="alice"),))
		assert may(worker, case, Right.WORK)
		assert not may(replace(worker, user="bob"), case, Right.READ)

	def test_a_department_that_takes_part_reads_and_does_not_work(self):
		case = CaseFacts("Health", "Internal", (ParticipantFacts(department="Fire"),))
		assert may(worker, case, Right.READ)
		assert not may(worker, case, Right.WORK)

	def test_a_department_works_the_task_it_was_given(self):
		task = TaskFacts(CaseFacts("Health", "Internal"), assigned_department="Fire")
		assert may(worker, task, Right.WORK)
		assert not may(worker, TaskFacts(CaseFacts("Health", "Restricted"), "Fire"), Right.READ)

	def test_restricted_requests_follow_a_case_only_to_those_who_may_see_that_level(self):
		case = CaseFacts("Fire", "Internal")
		assert may(worker, RequestFacts("Health", "Internal", case=case), Right.READ)
		assert not may(worker, RequestFacts("Health", "Restricted", case=case), Right.READ)


class TestPermissionsByName:
	sealed = CaseFacts("Health", "Sealed", name="CASE-1")

	def test_open_the_file_of_that_case_and_no_other(self):
		reader = replace(worker, may_read=frozenset({"CASE-1"}))
		assert may(reader, self.sealed, Right.READ)
		assert may(reader, TaskFacts(self.sealed), Right.READ)
		assert may(reader, RequestFacts("Health", "Sealed", case=self.sealed), Right.READ)
		assert not may(reader, self.sealed, Right.WORK)
		assert not may(reader, replace(self.sealed, name="CASE-2"), Right.READ)

	def test_to_work_is_more_than_to_read_and_for_workers(self):
		opened = {"may_work": frozenset({"CASE-1"})}
		assert may(replace(worker, **opened), self.sealed, Right.WORK)
		assert not may(replace(only("Records Officer"), **opened), self.sealed, Right.READ)

	def test_an_emergency_reaches_restricted_to_read_and_never_what_is_sealed(self):
		helper = replace(worker, emergencies=frozenset({"CASE-1"}))
		restricted = replace(self.sealed, confidentiality="Restricted")
		assert may(helper, restricted, Right.READ)
		assert not may(helper, restricted, Right.WORK)
		assert not may(helper, self.sealed, Right.READ)

	def test_open_nothing_to_those_who_never_see_records(self):
		for role in ("Elected Official", "Program Designer", "Intake Agent", "Agency Auditor"):
			assert not may(replace(only(role), may_read=frozenset({"CASE-1"})), self.sealed, Right.READ)


class TestRecusal:
	case = CaseFacts("Fire", "Public", (ParticipantFacts(user="alice"),), "CASE-1")

	@given(subjects, records, rights)
	def test_it_goes_before_every_grant(self, subject, facts, right):
		staff = replace(
			subject,
			roles=subject.roles - {"Constituent"},
			recused=frozenset(CASES),
			recused_citizens=frozenset(CITIZENS),
		)
		if _touches_one_by_name(facts):
			assert not may(staff, facts, right)

	@given(subjects, records, rights)
	def test_to_be_recused_never_opens_anything(self, subject, facts, right):
		if may(subject, facts, right):
			assert may(replace(subject, recused=frozenset(), recused_citizens=frozenset()), facts, right)

	def test_from_a_case_reaches_all_that_hangs_on_it_even_where_one_is_named(self):
		recused = replace(worker, recused=frozenset({"CASE-1"}), may_read=frozenset({"CASE-1"}))
		request = RequestFacts("Fire", "Public", case=self.case)
		for facts in (
			self.case,
			TaskFacts(self.case, "Fire"),
			request,
			InteractionFacts(service_request=request),
		):
			assert may(worker, facts, Right.READ)
			assert not may(recused, facts, Right.READ)

	def test_from_a_person_reaches_what_they_ask_for_themselves_or_for_others(self):
		kin = CitizenFacts(name="CIT-1")
		recused = replace(worker, recused_citizens=frozenset({"CIT-1"}))
		for facts in (
			kin,
			RequestFacts("Fire", "Public", citizen=kin),
			RequestFacts("Fire", "Public", representative=kin),
			InteractionFacts(citizen=kin),
		):
			assert may(worker, facts, Right.READ)
			assert not may(recused, facts, Right.READ)

	def test_nobody_is_kept_from_what_they_asked_for_themselves(self):
		own = CitizenFacts("alice", "CIT-1")
		both = Subject(
			"alice", frozenset({"Caseworker", "Constituent"}), recused_citizens=frozenset({"CIT-1"})
		)
		request = RequestFacts(confidentiality="Internal", citizen=own)
		assert may(both, request, Right.READ)
		assert not may(both, request, Right.WORK)


def _touches_one_by_name(facts) -> bool:
	if facts is None:
		return False
	linked = (getattr(facts, step, None) for step in ("case", "service_request", "citizen", "representative"))
	return bool(getattr(facts, "name", None)) or any(map(_touches_one_by_name, linked))


class TestIntake:
	agent = only("Intake Agent")

	def test_reads_requests_of_all_departments_and_changes_open_ones(self):
		request = RequestFacts("Health", "Internal", "Open")
		assert may(self.agent, request, Right.WORK)
		closed = replace(request, status="Closed")
		assert may(self.agent, closed, Right.READ)
		assert not may(self.agent, closed, Right.WORK)

	def test_sees_restricted_requests_it_took_itself_and_no_others(self):
		assert may(self.agent, RequestFacts("Health", "Restricted", "Open", "alice"), Right.READ)
		assert not may(self.agent, RequestFacts("Health", "Restricted", "Open", "bob"), Right.READ)

	def test_sees_no_case_and_no_task(self):
		case = CaseFacts("Fire", "Public", (ParticipantFacts(user="alice"),))
		assert not may(self.agent, case, Right.READ)
		assert not may(self.agent, TaskFacts(case), Right.READ)
		assert not may(self.agent, InteractionFacts(case=case), Right.READ)

	def test_notes_a_call_about_a_closed_request(self):
		call = InteractionFacts(service_request=RequestFacts("Health", "Internal", "Closed"))
		assert may(self.agent, call, Right.CREATE)


class TestOversight:
	@pytest.mark.parametrize(
		("role", "level", "reads"),
		[
			("Agency Administrator", "Internal", True),
			("Agency Administrator", "Restricted", False),
			("Records Officer", "Restricted", False),
			("Privacy Officer", "Restricted", True),
			("Agency Auditor", "Restricted", True),
			("Program Designer", "Public", False),
			("Elected Official", "Public", False),
			("Constituent", "Public", False),
		],
	)
	def test_reads_cases_up_to_its_level_and_works_none(self, role, level, reads):
		case = CaseFacts("Fire", level)
		assert may(only(role), case, Right.READ) is reads
		assert not may(only(role), case, Right.WORK)

	def test_the_auditor_sees_nothing_a_citizen_said(self):
		auditor, case = only("Agency Auditor"), CaseFacts("Fire", "Public")
		assert may(auditor, TaskFacts(case), Right.READ)
		for facts in (RequestFacts("Fire", "Public", case=case), InteractionFacts(case=case), CitizenFacts()):
			assert not may(auditor, facts, Right.READ)


class TestConstituents:
	def test_see_their_own_requests_and_record_and_no_others(self):
		constituent = only("Constituent")
		own, other = CitizenFacts("alice"), CitizenFacts("bob")
		assert may(constituent, own, Right.READ)
		assert may(constituent, RequestFacts(confidentiality="Restricted", citizen=own), Right.READ)
		for facts in (
			other,
			RequestFacts(confidentiality="Public", citizen=other),
			RequestFacts(owner="alice"),
		):
			assert not may(constituent, facts, Right.READ)
