"""Who may do what, read from the files: ten roles, nothing deleted or shared that must be kept, hooks in pairs."""

import json
import runpy
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "govcrm"
ROLES = {
	"Agency Administrator",
	"Program Designer",
	"Intake Agent",
	"Caseworker",
	"Case Supervisor",
	"Records Officer",
	"Privacy Officer",
	"Agency Auditor",
	"Elected Official",
	"Constituent",
}
ROOTS = {"Case", "Service Request", "Citizen"}
KEPT = {
	"Case Access Grant",
	"Case Deadline",
	"Case Deadline Event",
	"Recusal",
	"Service Request",
	"Case",
	"Case Task",
	"Case Event",
	"Case Participant",
	"Interaction",
	"Citizen",
}
READING_ONLY = {"Agency Auditor", "Elected Official", "Constituent"}
# Nothing is changed by it: a file is made. The Desk opens a new form only to who may write; the controller refuses changes.
MAY_ASK_FOR = {("Agency Auditor", "Audit Export"): {"create", "write"}}
CHANGES = {"write", "create", "delete", "submit", "cancel", "amend", "import", "share"}


def schemas() -> dict[str, dict]:
	read = (json.loads(path.read_text(encoding="utf-8")) for path in APP.glob("*/doctype/*/*.json"))
	return {doc["name"]: doc for doc in read if doc.get("doctype") == "DocType"}


DOCTYPES = schemas()
HOOKS = runpy.run_path(str(APP / "hooks.py"))
ROWS = [(name, row) for name, doc in DOCTYPES.items() for row in doc.get("permissions", [])]


def linked(doctype: dict) -> set[str]:
	return {field.get("options") for field in doctype["fields"] if field["fieldtype"] == "Link"}


def scoped_by_schema() -> set[str]:
	scoped = {
		name for name, doc in DOCTYPES.items() if not doc.get("issingle") and linked(doc) & ROOTS
	} | ROOTS
	tables = {
		field["options"]
		for name in scoped
		for field in DOCTYPES[name]["fields"]
		if field["fieldtype"] in ("Table", "Table MultiSelect")
	}
	return scoped | tables


def test_the_scoped_doctypes_are_those_of_the_schema_and_both_hooks_name_them():
	scoped = scoped_by_schema()
	assert set(HOOKS["govcrm_scoped_doctypes"]) == scoped
	for hook in ("permission_query_conditions", "has_permission"):
		assert scoped <= set(HOOKS[hook]), hook


def test_every_role_but_frappes_own_is_one_of_the_ten_and_each_may_do_something():
	assert {row["role"] for _, row in ROWS} - {"System Manager"} == ROLES


def test_roles_are_made_by_the_set_up_under_the_same_names():
	text = (APP / "setup" / "roles.py").read_text(encoding="utf-8")
	assert all(f'"{role}"' in text for role in ROLES)


@pytest.mark.parametrize("doctype", sorted(KEPT))
def test_nobody_deletes_or_shares_what_must_be_kept(doctype):
	for row in DOCTYPES[doctype]["permissions"]:
		assert not row.get("delete") and not row.get("share"), row["role"]


@pytest.mark.parametrize("doctype", sorted(KEPT))
def test_the_system_manager_has_no_part_in_the_agencys_records(doctype):
	assert "System Manager" not in {row["role"] for row in DOCTYPES[doctype]["permissions"]}


@pytest.mark.parametrize("doctype", ["Case", "Case Event", "Case Participant"])
def test_cases_their_events_and_participants_are_made_by_acts_and_never_by_hand(doctype):
	assert not any(row.get("create") for row in DOCTYPES[doctype]["permissions"])


def test_who_only_looks_on_changes_nothing():
	for doctype, row in ROWS:
		if row["role"] in READING_ONLY:
			allowed = MAY_ASK_FOR.get((row["role"], doctype), set())
			assert not CHANGES & {right for right, given in row.items() if given} - allowed, (
				doctype,
				row["role"],
			)


def test_elected_officials_read_no_record_of_a_citizen():
	assert not {doctype for doctype, row in ROWS if row["role"] == "Elected Official"} & scoped_by_schema()


def test_auditors_read_nothing_a_citizen_said():
	seen = {doctype for doctype, row in ROWS if row["role"] == "Agency Auditor"}
	assert not seen & {"Service Request", "Citizen", "Interaction"}


def test_intake_takes_no_personal_data_away_in_bulk():
	assert not any(
		row.get("export") for doctype, row in ROWS if row["role"] == "Intake Agent" and doctype in KEPT
	)


def test_identity_and_contact_stand_at_level_one_and_constituents_have_no_such_level():
	levels = {field["fieldname"]: field.get("permlevel", 0) for field in DOCTYPES["Citizen"]["fields"]}
	assert {levels[name] for name in ("first_name", "last_name", "date_of_birth", "contact_points")} == {1}
	assert not any(row.get("permlevel") for _, row in ROWS if row["role"] == "Constituent")


def test_rows_of_scoped_tables_obey_their_record_when_asked_for_alone():
	for name in scoped_by_schema():
		if DOCTYPES[name].get("istable"):
			folder = name.lower().replace(" ", "_")
			(controller,) = APP.glob(f"*/doctype/{folder}/{folder}.py")
			assert "(ScopedRow)" in controller.read_text(encoding="utf-8"), name
