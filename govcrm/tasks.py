"""What the scheduler calls. Each task is a shell around a function that can be called by hand."""


def end_holds() -> None:
	"""End the holds whose day has come."""


def roll_program_versions() -> None:
	"""Bring published versions whose day has come into force."""
