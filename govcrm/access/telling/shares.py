"""Frappe lets a share beat both hooks, and the key of a print open the record to anybody who has it.

Here neither opens anything that the rule closes, whenever and however it was made.
"""

from collections.abc import Callable

from frappe import share
from frappe.model.document import Document
from frappe.www import printview

from govcrm.access.satellites.reading import is_closed
from govcrm.access.satellites.references import guarded_name, scoped
from govcrm.wrapping import wrap


def install() -> None:
	wrap(share, "get_shared", without_scoped)
	wrap(printview, "validate_key", without_keys)


def without_scoped(get_shared: Callable) -> Callable:
	"""Names of shared records: none of a scoped DocType, and no row that hangs on one."""

	def shared(doctype: str, user: str | None = None, rights=None, *, filters=None, limit=None) -> list[str]:
		guarded = guarded_name(doctype)
		if not guarded:
			return get_shared(doctype, user, rights, filters=filters, limit=limit)
		if guarded in scoped():
			return []
		names = get_shared(doctype, user, rights, filters=filters)
		return [name for name in names if not is_closed(guarded, name)][:limit]

	return shared


def without_keys(validate_key: Callable) -> Callable:
	"""Frappe takes None for a key that fits, and False for one that does not."""

	def validate(key: str, doc: Document) -> bool | None:
		return False if is_closed(doc.doctype, doc.name) else validate_key(key, doc)

	return validate
