"""What single satellites need beside their references."""

from collections.abc import Callable, Mapping

from frappe.query_builder import Criterion, Table

from govcrm.access.query import literal, literals
from govcrm.access.satellites.references import guarded_name, guarded_names, satellites, scoped

# A traceback holds the variables of whoever ran into it, a mail is what was written to somebody: one that does not say
# what it is about may be about anything, and is left to its owner.
CLOSED_ALONE = frozenset({"Email Queue", "Error Log"})
# Rows of a table inside that hang on more records. All of them must be readable.
ROWS = {"Communication": "Communication Link"}
# Satellites that others hang on.
CARRIERS = frozenset(
	{
		"Comment",
		"Communication",
		"Data Import",
		"Discussion Reply",
		"Discussion Topic",
		"Email Queue",
		"File",
		"Prepared Report",
		"ToDo",
	}
)
# Those that a list looks through to the record behind. It shows nothing that hangs on others of them, or it would grow too
# long; who asks for one row gets the exact answer.
_LOOKED_THROUGH = {
	"File": frozenset({"Communication", "Data Import", "Prepared Report", "ToDo"}),
	"Version": CARRIERS,
}


def looks_through(doctype: str) -> list[str]:
	return sorted(_LOOKED_THROUGH.get(doctype, {"Communication", "ToDo"}))


def criteria(table: Table, doctype: str, user: str) -> list[Criterion]:
	return [_LISTS[doctype](table, user)] if doctype in _LISTS else []


def allows(row: Mapping, doctype: str, user: str) -> bool:
	return doctype not in _ROWS or _ROWS[doctype](row, user)


def knows(doctype: str) -> bool:
	return doctype in _ROWS


def fields(doctype: str) -> tuple[str, ...]:
	return _FIELDS.get(doctype, ())


# One's own notifications: Frappe's list shows no others, but any can be opened.


def _own_notification(row: Mapping, user: str) -> bool:
	return row.get("for_user") == user


def _own_notifications(table: Table, user: str) -> Criterion:
	return table.for_user == literal(user)


# Where people went: "Form/Case/CASE-…". The names of records stand in it.


def _harmless_route(row: Mapping, user: str) -> bool:
	route = (row.get("route") or "").casefold()
	return row.get("user") == user or not any(route.startswith(start.casefold()) for start in _forms())


def _harmless_routes(table: Table, user: str) -> Criterion:
	to_forms = [table.route.like(literal(f"{start}%")) for start in _forms()]
	return (table.user == literal(user)) | table.route.isnull() | Criterion.any(to_forms).negate()


def _forms() -> list[str]:
	return [f"Form/{doctype}/" for doctype in scoped()]


# Filters that somebody saved for a list: what is looked for stands in them. Those without a person are for everybody.


def _own_filter(row: Mapping, user: str) -> bool:
	return (row.get("for_user") or user) == user


def _own_filters(table: Table, user: str) -> Criterion:
	return table.for_user.isnull() | table.for_user.isin(literals(("", user)))


# What was deleted is kept whole. Nobody can be asked about a record that is gone; a satellite says in its text what it hung on.


def _harmless_deletion(row: Mapping, user: str) -> bool:
	doctype, data = guarded_name(row.get("deleted_doctype")), (row.get("data") or "").casefold()
	if doctype in satellites():
		return not any(mention.casefold() in data for mention in _mentions())
	return doctype is None


def _harmless_deletions(table: Table, user: str) -> Criterion:
	mentioned = Criterion.any(table.data.like(literal(f"%{mention}%")) for mention in _mentions())
	of_satellites = table.deleted_doctype.isin(literals(satellites()))
	of_others = table.deleted_doctype.isnull() | table.deleted_doctype.notin(literals(guarded_names()))
	return of_others | of_satellites & (table.data.isnull() | mentioned.negate())


def _mentions() -> list[str]:
	"""What stands in the text of a satellite that hung on a scoped record, or on a satellite that may have."""
	fields = ("reference_doctype", "reference_type", "attached_to_doctype")
	by_way_of = [f'{field}": "{doctype}"' for field in fields for doctype in CARRIERS]
	return [f'type": "{doctype}"' for doctype in scoped()] + by_way_of


_FIELDS: dict[str, tuple[str, ...]] = {
	"Deleted Document": ("deleted_doctype", "data"),
	"List Filter": ("for_user",),
	"Notification Log": ("for_user",),
	"Route History": ("route", "user"),
}
_ROWS: dict[str, Callable[[Mapping, str], bool]] = {
	"Deleted Document": _harmless_deletion,
	"List Filter": _own_filter,
	"Notification Log": _own_notification,
	"Route History": _harmless_route,
}
_LISTS: dict[str, Callable[[Table, str], Criterion]] = {
	"Deleted Document": _harmless_deletions,
	"List Filter": _own_filters,
	"Notification Log": _own_notifications,
	"Route History": _harmless_routes,
}
