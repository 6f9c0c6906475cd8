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
_CHANGING = ("update", "delete", "truncate")
_ADDING = re.compile(rf"\s*(?:insert|replace)\b[^`\"(]*[`\"]tab({_NAMES})[`\"]", re.IGNORECASE)


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
	changing = query.lstrip()[:8].lower().startswith(_CHANGING)
	found = _NAMED.search(query) if changing else _ADDING.match(query)
	return found and found[1]
