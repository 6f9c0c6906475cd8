from govcrm.accountability.guard import AppendOnly


class AuditSigningKey(AppendOnly):
	"""A public key with which checkpoints are signed. The private key lies in a file outside the database."""
