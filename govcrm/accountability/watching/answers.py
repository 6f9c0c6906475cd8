"""What an answer held, in any of the shapes in which Frappe gives lists and documents."""

from collections.abc import Mapping
from typing import Any


def rows(response: Mapping[str, Any]) -> list[Mapping[str, Any]]:
	"""The records of an answer: rows of a list, or documents."""
	found = response.get("docs") or response.get("message") or response.get("data")
	if isinstance(found, Mapping) and {"keys", "values"} <= found.keys():
		return [dict(zip(found["keys"], row, strict=False)) for row in found["values"] or ()]
	given = found if isinstance(found, list | tuple) else [found]
	return [row for row in map(_as_mapping, given) if row]


def names(response: Mapping[str, Any]) -> tuple[str, ...]:
	found = dict.fromkeys(str(row["name"]) for row in rows(response) if row.get("name"))
	return tuple(found)


def columns(response: Mapping[str, Any]) -> frozenset[str]:
	"""Columns in which at least one row has something."""
	return frozenset(key for row in rows(response) for key, value in row.items() if value not in (None, ""))


def count(response: Mapping[str, Any]) -> int:
	return len(rows(response))


def _as_mapping(row: Any) -> Mapping[str, Any] | None:
	if isinstance(row, Mapping):
		return row
	return row.as_dict() if hasattr(row, "as_dict") else None
