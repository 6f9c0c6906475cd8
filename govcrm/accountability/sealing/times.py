"""Times of checkpoints: UTC, in the text of the checkpoint and in the columns beside it."""

from datetime import datetime, timedelta, timezone

from govcrm.domain.ledger import rows


def now() -> str:
	"""As 2026-11-22T21:32:55.123456Z."""
	return _text(datetime.now(timezone.utc))


def tomorrow() -> str:
	return _text(datetime.now(timezone.utc) + timedelta(days=1))


def stored(at: str) -> str:
	"""As a Datetime column takes it."""
	return at.removesuffix("Z").replace("T", " ")


def of(column: object) -> str:
	"""What a Datetime column holds; nothing where it is empty."""
	text = rows.text("Datetime", column)
	return f"{text.replace(' ', 'T')}Z" if text else ""


def _text(moment: datetime) -> str:
	return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
