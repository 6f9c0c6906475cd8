from govcrm.accountability.guard import AppendOnly


class AuditTile(AppendOnly):
	"""The hash of 256 leaves of the audit tree, kept so that proofs need not read the log again."""
