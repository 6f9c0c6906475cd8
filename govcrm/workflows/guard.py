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


class UnsoundWorkflow(frappe.ValidationError):
	"""A workflow of document type Case breaks a rule; the message says which state or transition."""


def check_case_workflow(doc: Document, method: str | None = None) -> None:
	"""On validate: refuse what no case could be worked by."""
	if doc.document_type != "Case":
		return
	_refuse_active(doc)
	_refuse_other_state_field(doc)
	_refuse_submitting_states(doc)
	_refuse_unsound(doc)


def refuse_while_in_use(doc: Document, method: str | None = None) -> None:
	"""On deletion: a workflow stays while a version of a program names it, even a withdrawn one."""
	versions = frappe.get_all("Program Version", {"workflow": doc.name}, pluck="name", order_by="name")
	if versions:
		frappe.throw(
			_(
				"Workflow {0} cannot be deleted: it is used by {1}. Choose another workflow there first."
			).format(frappe.bold(doc.name), comma_and(versions)),
			frappe.LinkExistsError,
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


def _refuse_unsound(doc: Document) -> None:
	# The workflow builder first saves an empty record and draws then.
	if not doc.states and not doc.transitions:
		return
	found = rules.check(rules.from_dict(snapshot.of_document(doc)), known_roles=_roles())
	if found:
		frappe.throw(
			_("Please put these right first:") + _as_list(found),
			UnsoundWorkflow,
			title=_("Workflow Not Sound"),
		)


def _roles() -> list[str]:
	return frappe.get_all("Role", {"disabled": 0}, pluck="name", order_by="name")


def _as_list(found: list[rules.Finding]) -> str:
	lines = [" ".join(finding.words(_)) for finding in found]
	return "<ul><li>" + "</li><li>".join(map(escape_html, lines)) + "</li></ul>"
