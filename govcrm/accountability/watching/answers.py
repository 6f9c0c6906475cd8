"""What an answer held, in any of the shapes in which Frappe gives lists and documents."""

from collections.abc import Mapping
from typing import Any


def rows(response: Mapping[str, Any]) -> list[Mapping[str, Any]]:
	"""The records of an answer: rows of a list, or documents. Rows without names of columns are none."""
	found = _found(response)
	if _is_compressed(found):
		return [dict(zip(found["keys"], row, strict=False)) for row in found["values"]]
	rows = found if isinstance(found, list | tuple) else [found]
	return [row for row in map(_as_mapping, rows) if row]


def given(response: Mapping[str, Any]) -> bool:
	"""Whether the answer held anything, be it without names of columns."""
	found = _found(response)
	return bool(found["values"] if _is_compressed(found) else found)


def names(response: Mapping[str, Any]) -> tuple[str, ...]:
	"""What stands where the name of a record should: the column of that name, and in look-ups the value or what comes first."""
	found = dict.fromkeys(str(name) for row in _lines(response) if (name := _name(row)))
	return tuple(found)


def columns(response: Mapping[str, Any]) -> frozenset[str]:
	"""Columns in which at least one row has something."""
	return frozenset(key for row in rows(response) for key, value in row.items() if value not in (None, ""))


def count(response: Mapping[str, Any]) -> int:
	return len(_lines(response))


def _lines(response: Mapping[str, Any]) -> list:
	"""Rows, also such as name no columns."""
	found = _found(response)
	return rows(response) or (list(found) if isinstance(found, list | tuple) else [found] if found else [])


def _name(row: Any) -> Any:
	if isinstance(row, Mapping):
		return row.get("name") or row.get("value")
	return row[0] if isinstance(row, list | tuple) and row else None


def _found(response: Mapping[str, Any]) -> Any:
	return response.get("docs") or response.get("message") or response.get("data")


def _is_compressed(found: Any) -> bool:
	"""As Desk gets its lists; a row can have columns of these names, too, but no lists in them."""
	return isinstance(found, Mapping) and all(isinstance(found.get(key), list) for key in ("keys", "values"))


def _as_mapping(row: Any) -> Mapping[str, Any] | None:
	if isinstance(row, Mapping):
		return row
	return row.as_dict() if hasattr(row, "as_dict") else None
