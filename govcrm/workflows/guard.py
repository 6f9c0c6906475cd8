"""Document events on Frappe's Workflow records that belong to cases.

Frappe would let an admin save any drawing. A workflow of document type Case is checked on every save, so that
a dead end is found while it is drawn and not by a citizen's case. Whether the roles are held, and whether the
requester could approve, is asked on publishing: a workflow may be drawn before anybody is appointed, and may
serve programs of several kinds.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, comma_and, escape_html

from govcrm.domain import workflow as rules
from govcrm.workflows import snapshot
from govcrm.workflows.designers import DESIGNERS


class UnsoundWorkflow(frappe.ValidationError):
	"""A workflow of document type Case breaks a rule; the message says which state or transition."""


def check_case_workflow(doc: Document, method: str | None = None) -> None:
	"""On validate: refuse what no case could be worked by."""
	_refuse_foreign(doc, doc.get_doc_before_save() or doc)
	if doc.document_type != "Case":
		return
	_refuse_active(doc)
	_refuse_other_state_field(doc)
	_refuse_submitting_states(doc)
	_refuse_governed_fields(doc)
	_refuse_unsound(doc)


def refuse_while_in_use(doc: Document, method: str | None = None) -> None:
	"""On deletion: a workflow stays while a version of a program names it, even a withdrawn one."""
	_refuse_foreign(doc)
	versions = frappe.get_all("Program Version", {"workflow": doc.name}, pluck="name", order_by="name")
	if versions:
		frappe.throw(
			_(
				"Workflow {0} cannot be deleted: it is used by {1}. Choose another workflow there first."
			).format(frappe.bold(doc.name), comma_and(versions)),
			frappe.LinkExistsError,
		)


def _refuse_foreign(*docs: Document) -> None:
	"""Program designers may write Workflow records (`govcrm.workflows.designers`), but only those of cases."""
	if all(doc.document_type == "Case" for doc in docs) or "System Manager" in frappe.get_roles():
		return
	if not set(DESIGNERS).isdisjoint(frappe.get_roles()):
		frappe.throw(
			_("You may draw workflows of document type Case only. Ask a System Manager for others."),
			frappe.PermissionError,
		)


def _refuse_active(doc: Document) -> None:
	if cint(doc.is_active):
		frappe.throw(
			_(
				"A workflow for cases stays inactive. Frappe runs one active workflow for all documents of a type,"
				" whereas each case follows the workflow of its program. Unset {0}, save, and choose this workflow"
				" in a Program Version."
			).format(frappe.bold(_("Is Active"))),
			UnsoundWorkflow,
			title=_("Leave Inactive"),
		)


def _refuse_other_state_field(doc: Document) -> None:
	if doc.workflow_state_field != "workflow_state":
		frappe.throw(
			_("Cases keep their state in the field {0}. Enter it as Workflow State Field.").format(
				frappe.bold("workflow_state")
			),
			UnsoundWorkflow,
		)


def _refuse_submitting_states(doc: Document) -> None:
	for row in doc.states:
		if cint(row.doc_status):
			frappe.throw(
				_(
					"State {0}: cases are never submitted or cancelled as documents. Choose 0 as Doc Status."
				).format(frappe.bold(row.state)),
				UnsoundWorkflow,
			)


def _refuse_governed_fields(doc: Document) -> None:
	"""A state may fill in a field, but none that decides who sees or works a case: only acts change those."""
	for row in doc.states:
		if row.update_field and not _may_be_set_by_state(row.update_field):
			frappe.throw(
				_(
					"State {0} cannot set the field {1} of a case. Choose a field that may be edited, or none."
				).format(frappe.bold(row.state), frappe.bold(row.update_field)),
				UnsoundWorkflow,
			)


def _may_be_set_by_state(fieldname: str) -> bool:
	field = frappe.get_meta("Case").get_field(fieldname)
	if not field or field.fieldname == "confidentiality":
		return False
	return field.fieldname == "outcome" or not (field.read_only or field.set_only_once)


def _refuse_unsound(doc: Document) -> None:
	# The workflow builder first saves an empty record and draws then.
	if not doc.states and not doc.transitions:
		return
	found = rules.check(rules.from_dict(snapshot.of_document(doc)), known_roles=known_roles())
	if found:
		frappe.throw(
			_("Please put these right first:") + _as_list(found),
			UnsoundWorkflow,
			title=_("Workflow Not Sound"),
		)


def known_roles() -> list[str]:
	"""The roles of the site that are not disabled."""
	return frappe.get_all("Role", {"disabled": 0}, pluck="name", order_by="name")


def _as_list(found: list[rules.Finding]) -> str:
	lines = [" ".join(finding.words(_)) for finding in found]
	return "<ul><li>" + "</li><li>".join(map(escape_html, lines)) + "</li></ul>"
