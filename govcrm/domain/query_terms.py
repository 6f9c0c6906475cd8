"""What a caller may write where a list is asked for: names of fields, and a few functions of one field each.

Frappe hands fields, orders and groupings on to the database as text. It looks at the first column of an expression only, and
at none in an order, so that `greatest(name, secret)` or `extractvalue(1, secret)` reads what the caller may not. Here an
expression is parsed whole, by a grammar too small to say more than a name; what does not fit is refused, and what fits is
told, so that the right to each field can be asked for.

	field  := [function "(" ["distinct"] (name | "*") ")" | name | [table "."] "*"] ["as" alias]
	name   := ["`"] ["tab" DocType "`.`" | DocType "."] fieldname ["`"]
	order  := name ["asc" | "desc"], separated by commas
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

FUNCTIONS = frozenset(["count", "sum", "avg", "min", "max"])
EVERY = "*"

_fieldname = r"[A-Za-z_][A-Za-z0-9_]*"
_doctype = r"[A-Za-z][A-Za-z0-9_ -]*"
_name = (
	rf"(?:`tab(?P<quoted>{_doctype})`\.|(?:tab(?P<bare>{_doctype})\.))?"
	rf"(?:`(?P<ticked>{_fieldname})`|(?P<plain>{_fieldname}))"
)
_alias = rf"(?:\s+as\s+(?:`(?P<alias_ticked>{_fieldname})`|'(?P<alias_quoted>{_fieldname})'|(?P<alias>{_fieldname})))?"
_NAME = re.compile(rf"{_name}{_alias}", re.ASCII | re.IGNORECASE)
_ALL = re.compile(rf"(?:`tab(?P<quoted>{_doctype})`\.)?\*", re.ASCII)
_CALL = re.compile(
	rf"(?P<function>[a-z]+)\s*\(\s*(?:distinct\s+)?(?:(?P<every>\*)|{_name})\s*\){_alias}",
	re.ASCII | re.IGNORECASE,
)
_LINKED = re.compile(rf"(?P<link>{_fieldname})\.(?P<title>{_fieldname}){_alias}", re.ASCII)
_DIRECTION = re.compile(r"\s+(?:asc|desc)\Z", re.ASCII | re.IGNORECASE)


class NotPlain(ValueError):
	"""`args[0]` is what the caller wrote."""


@dataclass(frozen=True)
class Term:
	"""A field that is asked for: of the DocType of the list where none is named. `field` is `*` for every field."""

	field: str
	doctype: str | None = None
	function: str | None = None


def field(given: object) -> Term:
	"""The field that an entry of `fields` names. Raises NotPlain for every other expression."""
	if isinstance(given, Mapping):
		return _function(given)
	text = str(given).strip()
	if found := _ALL.fullmatch(text):
		return Term(EVERY, found["quoted"])
	if found := _NAME.fullmatch(text):
		return _term(found)
	found = _CALL.fullmatch(text)
	if not found or found["function"].lower() not in FUNCTIONS:
		raise NotPlain(given)
	return _term(found, found["function"].lower())


def fields(given: object) -> Iterator[Term]:
	"""Every entry of `fields`: a list, or names separated by commas."""
	entries = given.split(",") if isinstance(given, str) else given
	if not isinstance(entries, list | tuple):
		raise NotPlain(given)
	for entry in entries:
		yield field(entry)


def linked(given: object) -> tuple[str, str] | None:
	"""The link and the field behind it, where an entry of `fields` is `link.field`. Whoever asks decides where it may lead."""
	found = _LINKED.fullmatch(given.strip()) if isinstance(given, str) else None
	return (found["link"], found["title"]) if found else None


def order(given: object) -> Iterator[Term]:
	"""The fields of an `order_by` or a `group_by`."""
	if not isinstance(given, str):
		raise NotPlain(given)
	for part in given.split(","):
		found = _NAME.fullmatch(_DIRECTION.sub("", part.strip()))
		if not found or _alias_of(found):
			raise NotPlain(given)
		yield _term(found)


def filters(given: object) -> Iterator[Term]:
	"""The fields that a list is filtered by: {field: value}, [[field, operator, value]], [[DocType, field, operator, value]]."""
	if isinstance(given, Mapping):
		for name in given:
			yield _filtered(name)
		return
	if not isinstance(given, list | tuple):
		raise NotPlain(given)
	for condition in _conditions(given):
		yield from _of_condition(condition)


def _conditions(given: list | tuple) -> list | tuple:
	"""A single condition may stand without a list round it."""
	return [given] if given and isinstance(given[0], str) else given


def _of_condition(condition: object) -> Iterator[Term]:
	if isinstance(condition, Mapping):
		yield from filters(condition)
	elif not isinstance(condition, list | tuple) or len(condition) < 2:
		raise NotPlain(condition)
	elif len(condition) >= 4:
		yield _filtered(condition[1], condition[0])
	else:
		yield _filtered(condition[0])


def _filtered(name: object, doctype: object = None) -> Term:
	found = _NAME.fullmatch(name) if isinstance(name, str) else None
	if not found or _alias_of(found) or not (doctype is None or _is_doctype(doctype)):
		raise NotPlain(name)
	term = _term(found)
	return Term(term.field, term.doctype or doctype)


def _function(given: Mapping) -> Term:
	"""As Frappe 16 has them: {"COUNT": "name", "as": "how_many"}."""
	calls = {name: value for name, value in given.items() if str(name).lower() != "as"}
	alias = [value for name, value in given.items() if str(name).lower() == "as"]
	if len(calls) != 1 or any(
		not isinstance(name, str) or not re.fullmatch(_fieldname, name) for name in alias
	):
		raise NotPlain(given)
	((name, argument),) = calls.items()
	if str(name).lower() not in FUNCTIONS or not isinstance(argument, str):
		raise NotPlain(given)
	term = Term(EVERY) if argument == EVERY else field(argument)
	if term.function:
		raise NotPlain(given)
	return Term(term.field, term.doctype, str(name).lower())


def _term(found: re.Match, function: str | None = None) -> Term:
	parts = found.groupdict()
	name = EVERY if parts.get("every") else parts["ticked"] or parts["plain"]
	return Term(name, parts["quoted"] or parts["bare"], function)


def _alias_of(found: re.Match) -> str | None:
	return found["alias_ticked"] or found["alias_quoted"] or found["alias"]


def _is_doctype(name: object) -> bool:
	return isinstance(name, str) and bool(re.fullmatch(_doctype, name, re.ASCII))
