from govcrm.accountability.guard import AppendOnly


class AuditReconciliation(AppendOnly):
	"""A comparison of every governed row with what the audit log last said of it."""
