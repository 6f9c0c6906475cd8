"""What an event tells of a change: path and value of each field, before and after."""

from collections.abc import Iterator, Mapping
from typing import Any

from govcrm.accountability.trail.governed import Shape, shape_of

SECRET = "changed"  # all that is told of a secret
_NOT_TOLD = ("owner", "creation")  # the actor and the time of the event say the same


def changes(doctype: str, before: Mapping | None, after: Mapping | None) -> dict[str, Any]:
	"""{path: value} of what differs between two canonical rows of a record; of a new or removed one, all it holds."""
	found = dict(_fields(shape_of(doctype), "", before, after))
	for field in sorted(_tables(before) | _tables(after)):
		shape = shape_of(shape_of(doctype).tables[field])
		old, new = _by_name(before, field), _by_name(after, field)
		for name in old | new:
			found.update(_row(shape, f"{field}/{name}/", old.get(name), new.get(name)))
	return found


def _fields(
	shape: Shape, prefix: str, before: Mapping | None, after: Mapping | None
) -> Iterator[tuple[str, Any]]:
	old, new = (before or {}).get("fields", {}), (after or {}).get("fields", {})
	skipped = () if before and after else _NOT_TOLD
	return _differing(shape, prefix, old, new, skipped)


def _row(shape: Shape, prefix: str, old: Mapping | None, new: Mapping | None) -> Iterator[tuple[str, Any]]:
	skipped = ("name", *_NOT_TOLD)
	return _differing(shape, prefix, old or {}, new or {}, skipped)


def _differing(
	shape: Shape, prefix: str, old: Mapping, new: Mapping, skipped: tuple[str, ...]
) -> Iterator[tuple[str, Any]]:
	for side, this, other in (("before", old, new), ("after", new, old)):
		if not this:
			continue
		for field, value in this.items():
			if field not in skipped and other.get(field) != value:
				yield f"{prefix}{field}/{side}", SECRET if field in shape.secret else value


def _tables(row: Mapping | None) -> set[str]:
	return set(row["tables"]) if row else set()


def _by_name(row: Mapping | None, field: str) -> dict[str, Mapping]:
	return {one["name"]: one for one in row["tables"].get(field, ())} if row else {}
