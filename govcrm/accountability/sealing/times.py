"""Times of checkpoints: UTC, in the text of the checkpoint and in the columns beside it."""

from datetime import datetime, timezone


def now() -> str:
	"""As 2026-11-22T21:32:55.123456Z."""
	return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def stored(at: str) -> str:
	"""As a Datetime column takes it."""
	return at.removesuffix("Z").replace("T", " ")
