from govcrm.access.rows import ScopedRow


class RequestFollower(ScopedRow):
	pass
