"""Many areas from one GeoJSON file: a FeatureCollection with one feature for each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely.geometry import MultiPolygon

from govcrm.domain.boundaries import BadBoundary, parse, read_boundary
from govcrm.domain.texts import _

MAX_FEATURES = 1_000
MAX_CHARACTERS = 20_000_000
MAX_NAME = 140

Message = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Columns:
	"""Names of the properties that hold what an area is called; an empty one is not read."""

	name: str = ""
	code: str = ""
	parent: str = ""


@dataclass(frozen=True)
class Row:
	"""One feature. `problem` is None, or a message with the values of its placeholders: then it is no area."""

	number: int
	name: str
	code: str
	parent: str
	boundary: MultiPolygon | None
	problem: Message | None = None


def features_of(source: str | Mapping) -> list[Mapping]:
	"""The features of a file. Raises BadBoundary, as for a file that is no FeatureCollection."""
	data = parse(source, MAX_CHARACTERS)
	features = data.get("features")
	if data["type"] != "FeatureCollection" or not isinstance(features, list) or not features:
		raise BadBoundary(_("For many areas upload a FeatureCollection with a feature for each of them."))
	if len(features) > MAX_FEATURES:
		raise BadBoundary(_("The file has {0} features; up to {1} are read."), len(features), MAX_FEATURES)
	if not all(isinstance(feature, Mapping) for feature in features):
		raise BadBoundary(_("The collection holds something that is no feature."))
	if "crs" in data:
		return [{**feature, "crs": data["crs"]} for feature in features]
	return features


def property_names(features: Sequence[Mapping]) -> list[str]:
	"""Names of all properties, in the order in which they first stand."""
	return list(dict.fromkeys(name for feature in features for name in _properties(feature)))


def likely_name(features: Sequence[Mapping]) -> str:
	"""The property that most likely names the areas: a text of its own for each, best one called name."""
	own = [name for name in property_names(features) if _tells_apart(name, features)]
	return next((name for name in own if "name" in name.lower()), own[0] if own else "")


def read_rows(features: Sequence[Mapping], columns: Columns) -> list[Row]:
	"""One row for each feature, in their order."""
	seen: dict[str, int] = {}
	rows = []
	for number, feature in enumerate(features, 1):
		row = _row(number, feature, columns, seen)
		seen.setdefault(row.name, number)
		rows.append(row)
	return rows


def parents_first(rows: Sequence[Row]) -> Iterator[Row]:
	"""The same rows, each after the one that is its parent; a row in a circle is left out."""
	left = {row.name: row for row in rows}
	while ready := [row for row in left.values() if row.parent not in left]:
		for row in ready:
			yield left.pop(row.name)


def _row(number: int, feature: Mapping, columns: Columns, seen: Mapping[str, int]) -> Row:
	name, code, parent = (_text(feature, column) for column in (columns.name, columns.code, columns.parent))
	problem, boundary = _name_problem(name, seen), None
	try:
		boundary = read_boundary(feature)
	except BadBoundary as bad:
		problem = problem or (bad.message, bad.values)
	return Row(number, name, code, parent, boundary, problem)


def _name_problem(name: str, seen: Mapping[str, int]) -> Message | None:
	if not name:
		return _("It has no name."), ()
	if len(name) > MAX_NAME:
		return _("Its name has more than {0} characters."), (MAX_NAME,)
	return (_("Feature {0} has the same name."), (seen[name],)) if name in seen else None


def _text(feature: Mapping, column: str) -> str:
	value = _properties(feature).get(column)
	return " ".join(str(value).split()) if isinstance(value, str | int | float) else ""


def _properties(feature: Mapping) -> Mapping:
	found = feature.get("properties")
	return found if isinstance(found, Mapping) else {}


def _tells_apart(name: str, features: Sequence[Mapping]) -> bool:
	values = [_text(feature, name) for feature in features]
	return all(values) and len(set(values)) == len(values)
