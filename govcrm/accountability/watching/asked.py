"""What a request asks for: records to be read, copies to be taken, reports to be run."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

READ, LIST, PRINT, EXPORT, DOWNLOAD = "read", "list", "print", "export", "download"
RUN_REPORT, SEARCH, EMAIL, REQUEST = "run report", "search", "email", "request"
COUNT = "count"  # how many are found by something, or have each value of a column


class Asked(NamedTuple):
	"""`names` of records of a DocType; without them all of its records that were found. `detail` goes into the event."""

	verb: str
	doctype: str | None = None
	names: tuple[str, ...] = ()
	detail: Mapping[str, Any] = {}


Door = Callable[[Mapping[str, Any]], Iterable[Asked]]


def one(verb: str, doctype: str = "doctype", name: str = "name") -> Door:
	"""A door that is asked for one record by these arguments."""
	return lambda form: [Asked(verb, form.get(doctype), names_in(form.get(name)))]


def of_type(verb: str, doctype: str, name: str) -> Door:
	"""A door to records of one DocType, whose names, one or many, stand in an argument."""
	return lambda form: [Asked(verb, doctype, names_in(form.get(name)))]


def export(doctype: str = "doctype") -> Door:
	"""A door through which many records leave the site."""
	return lambda form: [Asked(EXPORT, text(form.get(doctype)), (), _terms(form))]


def report(verb: str) -> Door:
	"""A door to a report."""
	return lambda form: [Asked(verb, "Report", names_in(form.get("report_name")), _terms(form))]


def printed_many(form: Mapping[str, Any]) -> list[Asked]:
	"""`download_multi_pdf`: names of a DocType, or {DocType: names}."""
	given = parsed(form.get("doctype"))
	pairs = given if isinstance(given, dict) else {given: form.get("name")}
	return [Asked(PRINT, doctype, names_in(names)) for doctype, names in pairs.items()]


def printed(form: Mapping[str, Any]) -> list[Asked]:
	"""`get_html_and_style`: a DocType with a name, or the document itself."""
	doc = parsed(form.get("doc"))
	if isinstance(doc, dict):
		return [Asked(PRINT, doc.get("doctype"), names_in(doc.get("name")))]
	return [Asked(PRINT, doc, names_in(form.get("name")))]


def mailed(form: Mapping[str, Any]) -> list[Asked]:
	"""A Communication is an event of its own; here it counts that something of the record left the site."""
	sent = str(form.get("send_email")) not in ("0", "None", "", "false")
	return [Asked(EMAIL, form.get("doctype"), names_in(form.get("name")))] if sent else []


def template(form: Mapping[str, Any]) -> list[Asked]:
	"""A Data Import template is an export when it comes with records."""
	return [] if form.get("export_records") == "blank_template" else export()(form)


def names_in(value: Any) -> tuple[str, ...]:
	"""The names that an argument holds: one, or a JSON list of them."""
	value = parsed(value)
	given = value if isinstance(value, list | tuple) else [value]
	return tuple(str(name) for name in given if isinstance(name, str | int) and name != "")


def columns_in(value: Any) -> list[str]:
	"""The columns that an argument asks for: a list of them, or a text with commas."""
	value = parsed(value)
	return (
		[one.strip() for one in value.split(",")] if isinstance(value, str) else list(map(str, value or ()))
	)


def parsed(value: Any) -> Any:
	"""An argument as its JSON says it, or as it is."""
	if isinstance(value, str) and value[:1] in "[{":
		try:
			return json.loads(value)
		except ValueError:
			return value
	return value


def text(value: Any) -> str | None:
	return value if isinstance(value, str) and value else None


_TOLD = (
	"fields",
	"filters",
	"file_format_type",
	"file_type",
	"export_records",
	"select_columns",
	"report_name",
)
LONGEST = 2000  # characters of an argument that an event keeps


def _terms(form: Mapping[str, Any]) -> dict[str, str]:
	"""With what the export or report was asked for."""
	return {key: str(form[key])[:LONGEST] for key in _TOLD if form.get(key)}
