from govcrm import compat
from govcrm.accountability.guard import AppendOnly


class AuditAnchorReceipt(AppendOnly):
	"""That a checkpoint was taken to an anchor, and what came back."""


def on_doctype_update() -> None:
	compat.add_index("Audit Anchor Receipt", ["anchor", "anchored_at_utc"])
	compat.add_index("Audit Anchor Receipt", ["size", "anchored_at_utc"])
