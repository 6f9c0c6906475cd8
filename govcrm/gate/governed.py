"""Which DocTypes the gate stands before, however a request writes their names."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import frappe

# Of what hangs on records, that which pages of the website and reports of other apps are made of. Their rows name records, and
# hold no words of scoped ones: those are not discussed.
ON_PAGES = frozenset({"Discussion Reply", "Discussion Topic", "Dynamic Link"})
# No record hangs there, and yet it tells: keys and payloads of the audit log, what lies apart for its rights, the database itself.
APART = frozenset({"Audit Event", "Audit Key"})
TABLES = (
	"__auth",
	"tabsessions",
	"information_schema",
	"sqlite_master",
	"sqlite_schema",
	"pg_catalog",
	"__global_search",
)
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
		if "tab" in text.lower() and (found := tables.search(text)):
			return names[plain(found[1] or found[2])]
	return None


def names_table(text: str) -> bool:
	return bool(_words(scoped())[1].search(text))


def telling() -> frozenset[str]:
	"""What tells of records, but for what the pages of a website are made of."""
	return (frozenset(frappe.get_hooks("govcrm_satellites")) | APART) - ON_PAGES


def tells(doctype: object) -> bool:
	"""The same of one name, as a database takes it that does not tell letters apart."""
	return isinstance(doctype, str) and plain(doctype) in _plain(telling())


def leads_to_records(doctype: object) -> bool:
	"""A scoped DocType, or one that tells of records, however it is written."""
	return bool(meant(doctype)) or tells(doctype) or tells_of_records(doctype)


def read_by(query: str) -> bool:
	"""Whether a text of SQL may read governed records, or what hangs on them or was kept of them."""
	text = query.casefold()
	hidden = ESCAPED in text or any(table in text for table in TABLES)
	return hidden or names_table(query) or any(f"tab{name}" in text for name in _plain(telling()))


@lru_cache(maxsize=4)
def _plain(doctypes: frozenset[str]) -> frozenset[str]:
	return frozenset(map(plain, doctypes))


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
