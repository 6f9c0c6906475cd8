"""What a spreadsheet would take for a formula when it opens an export, and how that is kept from it.

OWASP, "CSV Injection": a cell that begins with one of `= + - @`, a tab or a line break is a formula to Excel, LibreOffice and
Google Sheets, which can send what stands beside it to a stranger or start a program. Such a text gets an apostrophe before it.

Stricter than OWASP: blanks, quotes and invisible characters before the sign count for nothing, for programs drop them; and
so do forms of the signs that Unicode calls the same (`＝`). Laxer in one thing: a sign followed by digits and what separates
digits (`-5`, `+1 617 555 0100`, `-1,234.50 %`) stays as it is, and so do dashes alone. Without a letter there is neither a function nor the name of a
cell or of a program in it, and without a second sign nothing to compute, so that it means what it says.
"""

import re
import unicodedata
from typing import Any

MARK = "'"
_SIGNS = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n")
_QUOTES = frozenset("\"'`´‘’‚‛“”„‟«»‹›＂＇")
_UNSEEN = frozenset(("Cc", "Cf", "Zl", "Zp", "Zs"))
# What nearly every cell begins with: looked up before anything is asked.
_HARMLESS = frozenset(map(chr, range(33, 127))) - _SIGNS - _QUOTES | {"", MARK}
_NUMBER = re.compile(r"-+|[+-]?[0-9 .,()\u00a0\u202f]*%?")


def neutral(value: Any) -> Any:
	"""The value for a cell: a text that would be a formula with an apostrophe before it, all else as it is."""
	if not isinstance(value, str) or value[:1] in _HARMLESS:
		return value
	return MARK + value if is_formula(value) else value


def is_formula(text: str) -> bool:
	"""Whether a spreadsheet may take the text for a formula. What begins with an apostrophe is taken for text."""
	first = text[:1]
	if first in _HARMLESS or first.isalpha():
		return False
	if first in _BREAKS:
		return True
	bare = _sign_of(text)
	return bare in _SIGNS and not (bare in "+-" and _NUMBER.fullmatch(text.strip(" ")))


def restored(value: Any) -> Any:
	"""The text as it was before `neutral`, for what is read back in."""
	if isinstance(value, str) and value.startswith(MARK) and is_formula(value[1:]):
		return value[1:]
	return value


def _sign_of(text: str) -> str:
	"""The first character that a program does not drop, in its plain form."""
	for character in text:
		if character not in _QUOTES and unicodedata.category(character) not in _UNSEEN:
			return unicodedata.normalize("NFKC", character)[:1]
	return ""
