"""The digest of followed records: a mail with what was changed and said, to whoever began to follow them some time ago."""

from collections.abc import Callable

from frappe.desk.form import document_follow

from govcrm.access.telling.readers import may_be_told
from govcrm.wrapping import wrap


def install() -> None:
	wrap(document_follow, "get_document_followed_by_user", readable)


def readable(followed: Callable) -> Callable:
	"""What the user follows and may read now."""

	def documents(user: str) -> list:
		return [row for row in followed(user) if may_be_told(user, row.ref_doctype, row.ref_docname)]

	return documents
