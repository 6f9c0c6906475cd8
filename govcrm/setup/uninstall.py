"""Leave nothing behind when the app is removed.

Frappe drops the app's DocTypes with their tables and whatever is linked to its modules. Here goes the rest: what
the app put into Frappe's own tables, and every row there that tells of a record that will be gone.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import frappe
from frappe.model.meta import trim_table
from frappe.utils import now_datetime

from govcrm.accountability import folder
from govcrm.accountability.guard import triggers
from govcrm.casework.evidence import blobs
from govcrm.setup import custom_fields, links
from govcrm.setup.roles import ROLES
from govcrm.workflows import designers, sync

APP = "govcrm"
BATCH = 500

# Frappe's own; a shipped workflow may use them.
FRAPPES_STATES = ("Pending", "Approved", "Rejected")
FRAPPES_ACTIONS = ("Approve", "Reject", "Review")


def before_uninstall() -> None:
	"""While our DocTypes are still known: rows elsewhere that point to them, then what only they needed."""
	frappe.flags.govcrm_uninstall_began = now_datetime()
	ours = shipped_doctypes()
	_delete_parties_of(ours)
	_delete_rows_naming(ours)
	_delete_rows_outside_the_schema(ours)
	_delete_workflow_words()
	_delete_custom_fields()
	links.remove()
	designers.revoke()
	triggers.remove()


def after_uninstall() -> None:
	"""When Frappe has dropped the rest: roles, and the copies that dropping made."""
	ours = shipped_doctypes()
	_delete_roles()
	_delete_rows_naming(ours)
	frappe.db.delete("Singles", {"doctype": ("in", ours)})
	_delete_rows("Deleted Document", {"deleted_doctype": ("in", ours)})
	for log in ("Deleted Document", "Permission Log"):
		# Frappe 15 has no Permission Log.
		if frappe.db.table_exists(log):
			_delete_rows(log, _made_by_this_uninstall())
	# Nothing opens them any more: what they were closed with is gone with the tables.
	shutil.rmtree(blobs.folder(), ignore_errors=True)
	# Not deleted: exports and anchored checkpoints of the log outlive the app, and only these keys open and confirm them.
	folder.put_aside()
	# Frappe commits before this hook and not after it.
	frappe.db.commit()
	frappe.clear_cache()


def shipped_doctypes() -> list[str]:
	"""Names of the app's DocTypes, read from its files, so that they are known when the site forgot them."""
	return sorted(doctype["name"] for doctype in _shipped("doctype"))


def _shipped(kind: str) -> Iterator[dict]:
	"""The records of one kind that Frappe loads from the folders of the app's modules."""
	for path in Path(frappe.get_app_path(APP)).glob(f"*/{kind}/*/*.json"):
		if path.stem == path.parent.name:
			yield json.loads(path.read_text(encoding="utf-8"))


def _delete_parties_of(ours: list[str]) -> None:
	"""Contacts and addresses that were there for our records alone hold personal data and go with them."""
	for doctype in ("Contact", "Address"):
		theirs = _parents_of_links(doctype, ("not in", ours))
		_delete_documents(doctype, sorted(_parents_of_links(doctype, ("in", ours)) - theirs))


def _parents_of_links(parenttype: str, link_doctype: tuple) -> set[str]:
	filters = {"parenttype": parenttype, "link_doctype": link_doctype}
	return set(frappe.get_all("Dynamic Link", filters=filters, pluck="parent"))


def _delete_rows_naming(ours: list[str]) -> None:
	"""Rows of other DocTypes that name one of ours: comments, versions, files, shares, workflows, filters, …"""
	for doctype, fieldname in _fields_naming_a_doctype(ours):
		_delete_rows(doctype, {fieldname: ("in", ours)})
	# A form with a link to a DocType that is gone does not load.
	_delete_rows("Custom Field", {"options": ("in", ours)})


def _fields_naming_a_doctype(ours: list[str]) -> Iterator[tuple[str, str]]:
	filters = {"fieldtype": "Link", "options": "DocType", "parent": ("not in", [*ours, "DocType"])}
	links = frappe.get_all("DocField", filters=filters, fields=["parent", "fieldname"], order_by="parent")
	for link in links:
		if _is_stored(link.parent):
			yield link.parent, link.fieldname


def _is_stored(doctype: str) -> bool:
	kind = frappe.db.get_value("DocType", doctype, ["issingle", "is_virtual"], as_dict=True)
	return bool(kind) and not kind.issingle and not kind.is_virtual


def _delete_rows_outside_the_schema(ours: list[str]) -> None:
	"""Rows that belong to the app by a name or a text, where Frappe has no link field."""
	modules = frappe.get_all("Module Def", filters={"app_name": APP}, pluck="name")
	jobs = frappe.get_all("Scheduled Job Type", filters={"method": ("like", f"{APP}.%")}, pluck="name")
	_delete_rows("Scheduled Job Log", {"scheduled_job_type": ("in", jobs)})
	_delete_rows("Scheduled Job Type", {"name": ("in", jobs)})
	_delete_rows("Patch Log", {"patch": ("like", f"{APP}.%")})
	_delete_rows("Block Module", {"module": ("in", modules)})
	_delete_rows("List View Settings", {"name": ("in", ours)})
	_delete_rows("Onboarding Step", {"name": ("in", [step["name"] for step in _shipped("onboarding_step")])})
	_delete_rows("DefaultValue", {"parent": "__global", "defkey": ("like", f"{APP}_%")})
	for table in ("__Auth", "__UserSettings", "__global_search"):
		frappe.db.delete(table, {"doctype": ("in", ours)})


def _delete_workflow_words() -> None:
	"""Shipped states and actions that no remaining workflow uses."""
	definitions = list(sync.definitions())
	states = {row["state"] for definition in definitions for row in definition["states"]}
	actions = {row["action"] for definition in definitions for row in definition["transitions"]}
	used_states = frappe.get_all("Workflow Document State", pluck="state")
	used_actions = frappe.get_all("Workflow Transition", pluck="action")
	_delete_rows("Workflow State", {"name": ("in", states - {*used_states, *FRAPPES_STATES})})
	_delete_rows("Workflow Action Master", {"name": ("in", actions - {*used_actions, *FRAPPES_ACTIONS})})


def _delete_custom_fields() -> None:
	"""Frappe keeps the columns of deleted fields. Drop ours, unless other fields left theirs in the same table."""
	custom_fields.remove()
	for doctype, fields in custom_fields.FIELDS.items():
		if set(trim_table(doctype, dry_run=True)) <= {field["fieldname"] for field in fields}:
			trim_table(doctype, dry_run=False)


def _delete_roles() -> None:
	roles = sorted(ROLES)
	for doctype in ("Has Role", "Custom DocPerm"):
		_delete_rows(doctype, {"role": ("in", roles)})
	_delete_rows("Role", {"name": ("in", roles)})


def _made_by_this_uninstall() -> dict:
	began = frappe.flags.govcrm_uninstall_began or now_datetime()
	return {"creation": (">=", began), "owner": frappe.session.user}


def _delete_rows(doctype: str, filters: dict) -> None:
	"""Delete rows with their child rows. Attached files go one by one, for their content lies on the disk."""
	while names := frappe.get_all(doctype, filters=filters, pluck="name", limit=BATCH, order_by="name"):
		if doctype == "File":
			_delete_documents(doctype, names)
			continue
		for field in frappe.get_meta(doctype).get_table_fields():
			frappe.db.delete(field.options, {"parenttype": doctype, "parent": ("in", names)})
		frappe.db.delete(doctype, {"name": ("in", names)})


def _delete_documents(doctype: str, names: Iterable[str]) -> None:
	for name in names:
		frappe.delete_doc(doctype, name, force=True, delete_permanently=True)
