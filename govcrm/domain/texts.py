"""Texts of the rules: written in English here, translated by whoever shows them."""


def _(text: str) -> str:
	"""Mark a text for extraction."""
	return text
