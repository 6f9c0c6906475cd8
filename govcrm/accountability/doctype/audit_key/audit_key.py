from govcrm.accountability.guard import AppendOnly


class AuditKey(AppendOnly):
	"""The key of one matter. Destroying it makes the values in its events unreadable for ever."""
