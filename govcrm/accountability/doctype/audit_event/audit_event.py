from govcrm import compat
from govcrm.accountability.guard import AppendOnly


class AuditEvent(AppendOnly):
	"""One act: who did what, when, from where and why. Appended with the change it tells of, never changed, sealed within seconds."""


# What people filter by, each followed by the order of the list: a page is then read from one place of one index.
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
# The order of the log is for the sealer and for proofs.
INDEXES = (*((field, "at_utc") for field in FILTERS), ("at_utc",), ("seq", "name"))


def on_doctype_update() -> None:
	"""Every column that the list is filtered by has its index."""
	for fields in INDEXES:
		compat.add_index("Audit Event", list(fields))
