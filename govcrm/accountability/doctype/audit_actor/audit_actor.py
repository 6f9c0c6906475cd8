from govcrm.accountability.guard import AppendOnly


class AuditActor(AppendOnly):
	"""The pseudonym under which a user stands in the audit log."""
