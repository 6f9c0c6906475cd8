from frappe import _

from govcrm.reports import audit

SHOWN = ("at", "who", "said", "record", "changes", "outcome", "peer", "user", "event")


def execute(filters: dict | None = None) -> tuple:
	"""What Frappe calls to run the report: see `govcrm.reports.audit`."""
	columns, rows, note = audit.run(filters, audit.access_to_record, SHOWN)
	return columns, rows, f"<p>{_what_is_recorded()}</p>{note or ''}"


def _what_is_recorded() -> str:
	"""So that nobody takes a look that is not here for one that did not happen."""
	return _(
		"Looks are recorded where a case is Restricted or Sealed, and where the identity of a citizen is shown. What was "
		"refused, and every change, is recorded of all."
	)
