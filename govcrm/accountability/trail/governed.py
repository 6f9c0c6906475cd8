"""Which DocTypes the trail covers, and what of their fields counts.

The list stands in the hooks of installed apps: `govcrm_governed_doctypes`, and `govcrm_governed_satellites` for
records that are covered when they hang on a covered one. Nothing in the database or the browser can shorten it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import frappe
from frappe.model import no_value_fields, table_fields
from frappe.model.meta import Meta

from govcrm.domain.ledger.rows import STANDARD

# What no payload may hold, whatever an app calls it. Row hashes cover it: they are keyed and tell nothing.
_SECRET = re.compile(r"password|secret|token|api_key|private_key|reset_.*key|otp", re.IGNORECASE)
# Those whose names do not say it: who has the key of a link needs no log-in, and headers are where services are told who calls.
_SECRET_FIELDS = {
	"Document Share Key": {"key"},
	"Sealed Evidence": {"content"},
	"Sealed Matter": {"content"},
	"Webhook Header": {"value"},
}


# Whose records give others their fields, and tables.
HOLD_FIELDS = frozenset({"DocType", "Custom Field"})

# Beside our own, those whose documents are kept as they are in memory: what a verb leaves behind it each time.
_FAITHFUL = {"Comment", "ToDo"}


class Governed:
	"""What the hooks say, read once for a request or job."""

	def __init__(self) -> None:
		self.doctypes = frozenset(frappe.get_hooks("govcrm_governed_doctypes"))
		satellites = frappe.get_hooks("govcrm_governed_satellites") or {}
		self.satellites = {doctype: tuple(where[-1].split(":")) for doctype, where in satellites.items()}
		derived = frappe.get_hooks("govcrm_audit_derived_fields") or {}
		self.derived = {doctype: frozenset(fields) for doctype, fields in derived.items()}
		self.covered = self.doctypes | self.satellites.keys()
		# Of these it is told what was changed on the site; their rows are vouched for by nothing, for apps bring others.
		self.told = frozenset(frappe.get_hooks("govcrm_told_doctypes"))
		self.watched = self.covered | self.told

	@cached_property
	def parts(self) -> frozenset[str]:
		"""The tables of what is watched, those of custom fields too."""
		found: set[str] = set()
		for doctype, parent in (("DocField", "parent"), ("Custom Field", "dt")):
			field = frappe.qb.DocType(doctype)
			query = frappe.qb.from_(field).select(field.options).distinct()
			query = query.where(field[parent].isin(sorted(self.watched)) & field.fieldtype.isin(table_fields))
			found |= {options for (options,) in query.run()}
		return frozenset(found)


@dataclass(frozen=True)
class Shape:
	"""The fields of a DocType that its canonical row holds."""

	kinds: Mapping[str, str]
	tables: Mapping[str, str]
	columns: tuple[str, ...]
	secret: frozenset[str]
	passwords: tuple[str, ...]
	case_field: str | None
	citizen_field: str | None
	department_field: str | None
	user_field: str | None
	single: bool
	faithful: bool


def governed() -> Governed:
	"""The hooks of this request."""
	found = getattr(frappe.local, "govcrm_governed", None)
	if found is None:
		found = frappe.local.govcrm_governed = Governed()
	return found


def is_shipping() -> bool:
	"""Whether what is written now comes from the files of an app: of that one event is told (`trail.releases`)."""
	flags = frappe.flags
	return bool(flags.in_migrate or flags.in_install or flags.in_patch or flags.in_uninstall)


def forget() -> None:
	"""Read the hooks anew: apps were installed, or a test gave others."""
	frappe.local.govcrm_governed = None


def forget_parts() -> None:
	"""Read anew which tables are watched: a field was added, or taken back."""
	if found := getattr(frappe.local, "govcrm_governed", None):
		vars(found).pop("parts", None)


def exists(doctype: str) -> bool:
	"""Whether this site has the DocType: not each of the list is there on both versions of Frappe."""
	try:
		frappe.get_meta(doctype)
	except (frappe.DoesNotExistError, ImportError):
		frappe.clear_last_message()
		return False
	return True


# Whether a DocType is a table: asked for every value that is set anywhere, and never another answer.
_tables: dict[tuple[str, str], bool] = {}


def is_table(doctype: str) -> bool:
	"""Whether records of this DocType are rows in others."""
	key = (frappe.local.site, doctype)
	found = _tables.get(key)
	if found is None:
		found = _tables[key] = exists(doctype) and bool(frappe.get_meta(doctype).istable)
	return found


def host_of(doctype: str, values: object) -> tuple[str, str] | None:
	"""DocType and name of the covered record that a satellite hangs on."""
	type_field, name_field = governed().satellites[doctype]
	host, name = values.get(type_field), values.get(name_field)
	return (host, str(name)) if name and host in governed().doctypes else None


def is_part(doctype: str) -> bool:
	"""Whether rows of this DocType may be rows in what is watched."""
	return is_table(doctype) and doctype in governed().parts


# Shapes live as long as the Meta they were made from: Frappe makes a new one when a field changes.
_shapes: WeakKeyDictionary[Meta, Shape] = WeakKeyDictionary()


def shape_of(doctype: str) -> Shape:
	meta = frappe.get_meta(doctype)
	found = _shapes.get(meta)
	if found is None:
		found = _shapes[meta] = _shape(meta)
	return found


def _shape(meta: Meta) -> Shape:
	kinds = _kinds(meta)
	links = {field.fieldname: field.options for field in meta.fields if field.fieldtype == "Link"}
	return Shape(
		kinds=kinds,
		tables={field.fieldname: field.options for field in meta.fields if field.fieldtype in table_fields},
		columns=("name", *(STANDARD if not meta.issingle else ()), *kinds),
		secret=frozenset(filter(_SECRET.search, kinds)) | _SECRET_FIELDS.get(meta.name, set()),
		passwords=tuple(field.fieldname for field in meta.fields if field.fieldtype == "Password"),
		case_field=_linked(links, "case", "Case"),
		citizen_field=_linked(links, "citizen", "Citizen"),
		department_field=_linked(links, "department", "Agency Department"),
		user_field=_linked(links, "user", "User"),
		single=bool(meta.issingle),
		faithful=meta.name in _FAITHFUL or frappe.local.module_app.get(frappe.scrub(meta.module)) == "govcrm",
	)


def _kinds(meta: Meta) -> dict[str, str]:
	"""Fieldtypes of the fields that count: what has a column of its own, holds no password, and is derived of nothing."""
	skipped = {*no_value_fields, *table_fields, "Password"}
	derived = governed().derived.get(meta.name, ())
	return {
		field.fieldname: field.fieldtype
		for field in meta.fields
		if field.fieldtype not in skipped and field.fieldname not in derived and not field.get("is_virtual")
	}


def _linked(links: Mapping[str, str], field: str, doctype: str) -> str | None:
	return field if links.get(field) == doctype else None


def only_derived(doctype: str, fields: Iterable[str]) -> bool:
	"""Whether a change of these fields leaves the canonical row as it is."""
	shape = shape_of(doctype)
	return not any(field in shape.kinds or field in STANDARD for field in fields)
