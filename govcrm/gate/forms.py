"""What a form is told of the rights to its record: Frappe asks the rule for reading alone, and tells of all else by role.

The Desk draws by it which fields can be filled. Without the rule they could all be, until the record is saved and refused.
"""

from collections.abc import Callable

import frappe
from frappe import permissions
from frappe.model.document import Document

from govcrm.access.facts import read_once
from govcrm.gate import governed
from govcrm.wrapping import wrap


def install() -> None:
	"""Hook `before_request`."""
	wrap(permissions, "get_doc_permissions", by_the_rule)


def by_the_rule(ask: Callable[..., dict]) -> Callable[..., dict]:
	def get_doc_permissions(
		doc: Document, user: str | None = None, ptype: str | None = None, debug: bool = False
	) -> dict:
		found = ask(doc, user=user, ptype=ptype, debug=debug)
		if ptype or not governed.is_scoped(doc.doctype):
			return found
		return {**found, **_refused(doc, user or frappe.session.user, found)}

	return get_doc_permissions


@read_once()
def _refused(doc: Document, user: str, found: dict) -> dict[str, int]:
	"""The rights that a role gives and a hook does not."""
	given = [right for right in permissions.rights if found.get(right)]
	return {right: 0 for right in given if not permissions.has_controller_permissions(doc, right, user=user)}
