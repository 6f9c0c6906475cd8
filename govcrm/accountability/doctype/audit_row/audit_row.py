from govcrm import compat
from govcrm.accountability.guard import AppendOnly


class AuditRow(AppendOnly):
	"""What the log last said of a record: derived from sealed events, for the reconciliation."""


def on_doctype_update() -> None:
	compat.add_index("Audit Row", ["reference_doctype", "reference_name"])
