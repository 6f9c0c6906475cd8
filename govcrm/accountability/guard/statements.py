"""Refuses statements that write to the audit log or to the history of governed records, wherever they come from.

`frappe.db.set_value`, `delete`, `bulk_update`, `truncate`, `rename_doc`, tags, likes, `delete_doc(ignore_on_trash=True)`, a
Server Script: whatever goes past the controllers ends in `Database.sql`, so that is where the answer is given. This is the
application's own refusal, with words; triggers (`govcrm.accountability.guard.triggers`) stand behind it for those who have
another way into the database.
"""

import re
from functools import wraps

from frappe.database.database import Database

from govcrm.accountability.guard import horizon, versions
from govcrm.accountability.guard.door import APPEND_ONLY, is_open, refuse_unless_open

# With their quotes, which a name with a space in it needs. The longest first, for none is the beginning of another.
_NAMES = "|".join(sorted(map(re.escape, APPEND_ONLY), key=len, reverse=True))
_NAMED = re.compile(rf"[`\"]tab({_NAMES})[`\"]")
# The first word, after what may stand before it.
_HEAD = re.compile(r"(?:\s|\(|/\*(?!!).*?\*/|(?:--|#)[^\n]*\n)*(\w*)", re.DOTALL)
_CHANGING = frozenset(("update", "delete", "truncate"))
_OF_SCHEMA = frozenset(("alter", "create", "drop", "rename"))
# What WITH, EXPLAIN ANALYZE and comments that are carried out can have in them.
_WITHIN = re.compile(
	r"\b(?:delete|insert|merge|replace|truncate|update)\s+(?:\w+\s+)*[`\"]tab", re.IGNORECASE
)
_ADDING = re.compile(rf"\s*(?:insert|replace)\b[^`\"(]*[`\"]tab({_NAMES})[`\"]", re.IGNORECASE)
# What Frappe does to every table when a user gets another name (`User.after_rename`).
_OWNERS = re.compile(
	r"\s*UPDATE [`\"]tab([^`\"]+)[`\"]\s+SET [`\"](owner|modified_by)[`\"] = \S+\s+WHERE [`\"]\2[`\"] = \S+\s*$"
)


def install() -> None:
	"""Wrap Frappe's Database, once in each process. Sites without the app have no such tables, and notice nothing."""
	if not hasattr(Database.sql, "govcrm_guard"):
		Database.sql = _guarded(Database.sql)
		Database.delete = versions.sparing(Database.delete)
		Database.set_value = versions.keeping(Database.set_value)
		Database.set_single_value = horizon.keeping(Database.set_single_value)


def _guarded(execute):
	@wraps(execute)
	def sql(self, query, *args, **kwargs):
		# Nearly every statement is neither, and pays for these two searches alone.
		if "tabAudit " in (text := query if isinstance(query, str) else str(query)) or "tabVersion" in text:
			owners = _OWNERS.match(text)
			if owners and owners[1] in APPEND_ONLY:
				return ()  # who wrote these rows is the application, and what stands there stays
			if not owners:
				refuse_writing(text)
		return execute(self, query, *args, **kwargs)

	sql.govcrm_guard = True
	return sql


def refuse_writing(query: str) -> None:
	"""Raises AppendOnlyError if the statement writes where it must not."""
	if is_open():
		return
	if doctype := written(query):
		refuse_unless_open(doctype)
	versions.refuse_statement(query)


def written(query: str) -> str | None:
	"""The append-only DocType that a statement would write to.

	A table that is only read by an INSERT is not written; in an UPDATE or DELETE, which may be over several tables, any
	that is named counts.
	"""
	head = _HEAD.match(query)
	word, found = head[1].lower(), None
	if word in ("insert", "replace"):
		found = _ADDING.match(query, head.start(1))
	elif word in _CHANGING or (word not in _OF_SCHEMA and _WITHIN.search(query)):
		found = _NAMED.search(query)
	return found and found[1]
