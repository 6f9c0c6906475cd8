from frappe.model.document import Document

from govcrm import compat


class AuditEvent(Document):
	"""One act: who did what, when, from where and why. Appended with the change it tells of, never changed, sealed within seconds."""


# What people filter by; each is followed by the order of the list, so that a page is read from the index's end.
FILTERS = (
	"actor",
	"verb",
	"reference_doctype",
	"reference_name",
	"subject",
	"department",
	"outcome",
	"request_id",
)


def on_doctype_update() -> None:
	"""A page of the list for each filter, the order of the log for the sealer and for proofs."""
	for field in FILTERS:
		compat.add_index("Audit Event", [field, "at_utc"])
	compat.add_index("Audit Event", ["at_utc"])
	compat.add_index("Audit Event", ["seq"])
