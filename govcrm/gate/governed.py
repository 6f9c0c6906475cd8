"""Which DocTypes the gate stands before, however a request writes their names."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import frappe

# Of what hangs on records, that of which the pages of a website are not made, and which the audit trail does not cover.
HANGING = frozenset(
	{
		"Access Log",
		"Activity Log",
		"Deleted Document",
		"Email Queue",
		"Energy Point Log",
		"Error Log",
		"Notification Log",
		"Prepared Report",
		"Version",
		"View Log",
		"Workflow Action",
	}
)
INDEX = "__global_search"
ESCAPED = 'u&"'  # a name whose letters PostgreSQL takes as numbers


def scoped() -> frozenset[str]:
	return frozenset(frappe.get_hooks("govcrm_scoped_doctypes"))


def is_scoped(doctype: object) -> bool:
	return isinstance(doctype, str) and doctype in scoped()


def tells_of_records(doctype: object) -> bool:
	"""A scoped DocType, or one whose rows hang on scoped records."""
	return isinstance(doctype, str) and (
		is_scoped(doctype) or doctype in frappe.get_hooks("govcrm_satellites")
	)


def named_in(texts: Iterable[str]) -> str | None:
	"""A scoped DocType that one of the texts names, by itself or as a table."""
	names, tables = _words(scoped())
	for text in texts:
		if len(text) <= LONGEST and (found := names.get(plain(text))):
			return found
		if found := tables.search(text):
			return names[plain(found[1] or found[2])]
	return None


def names_table(text: str) -> bool:
	return bool(_words(scoped())[1].search(text))


def telling() -> frozenset[str]:
	"""What tells of records, but for what the pages of a website are made of."""
	return HANGING | frozenset(frappe.get_hooks("govcrm_governed_satellites"))


def read_by(query: str) -> bool:
	"""Whether a text of SQL may read governed records, or what hangs on them or was kept of them."""
	text = query.casefold()
	hidden = INDEX in text or ESCAPED in text
	return hidden or names_table(query) or any(f"tab{doctype}".casefold() in text for doctype in telling())


def meant(doctype: object) -> str | None:
	"""The scoped DocType that this is taken for by a database that does not tell letters apart."""
	return _words(scoped())[0].get(plain(doctype)) if isinstance(doctype, str) else None


LONGEST = 140  # characters of a name


def plain(text: str) -> str:
	"""Names of tables are compared by databases without regard to case, accents or blanks at the end."""
	if text.isascii():
		return text.strip().lower()
	letters = unicodedata.normalize("NFKD", text)
	return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip().casefold()


@lru_cache(maxsize=4)
def _words(doctypes: frozenset[str]) -> tuple[dict[str, str], re.Pattern]:
	names = {plain(doctype): doctype for doctype in doctypes}
	any_of = "|".join(map(re.escape, names)) or "(?!)"
	# In quotes a name ends with the quote, so that a table called "Case of Beer" is not Case; without, it has no blanks.
	table = rf"[`\"'\[]tab({any_of})\s*[`\"'\]]|(?<![`\"'\[])\btab({any_of})\b"
	return names, re.compile(table, re.IGNORECASE)
