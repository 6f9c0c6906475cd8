"""The canonical text of many objects with the same keys: keys, and what is the same in all of them, are written once."""

from collections.abc import Iterable, Mapping

from govcrm.domain.ledger import canonical


class ObjectWriter:
	"""Writes objects of which `constant` is always the same. `varying`: the other keys.

	Raises NotCanonical for keys and values that have no canonical form.
	"""

	def __init__(self, constant: Mapping[str, object], varying: Iterable[str]) -> None:
		self.varying = tuple(sorted(varying))
		canonical.dumps({**constant, **dict.fromkeys(self.varying)})  # refuses what has no canonical form
		parts = {key: f"{_text(key)}:{_text(value)}".replace("%", "%%") for key, value in constant.items()}
		parts |= {key: f"{_text(key)}:".replace("%", "%%") + "%s" for key in self.varying}
		self._pattern = "{" + ",".join(parts[key] for key in sorted(parts)) + "}"

	def fill(self, *texts: str) -> str:
		"""The object whose varying keys, in their order, have these values, each given as its canonical text."""
		return self._pattern % texts


def _text(value: object) -> str:
	return canonical.dumps(value).decode()
