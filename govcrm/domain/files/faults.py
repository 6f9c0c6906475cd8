"""Why a file is not taken."""


class Refused(ValueError):
	"""A file that is not taken as it is: a message with places for `values`, which says what to do."""

	def __init__(self, message: str, *values: str) -> None:
		super().__init__(message)
		self.message, self.values = message, values


class Damaged(ValueError):
	"""A picture or recording whose parts do not fit together, so that nobody can tell what is in it."""
