from govcrm.accountability.guard import AppendOnly


class AuditSeal(AppendOnly):
	"""A signed checkpoint of the audit log: how many events it holds and the root of their tree."""
