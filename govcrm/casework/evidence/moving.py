"""Files of a case become evidence when it is sealed, and Files again when it is opened: same name, place, address and owner."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import frappe
from frappe import _

from govcrm.casework.evidence import records
from govcrm.casework.sealed import hanging, keyed
from govcrm.files import addresses
from govcrm.files.controller import GovernedFile, fingerprint_of

PIECE = 1 << 20
STANDARD = ("owner", "creation", "modified", "modified_by")
NOT_KEPT = ("thumbnail_url", "_user_tags", "_comments", "_assign", "_liked_by", "docstatus", "idx")


def take_in(case: str) -> int:
	"""Every File of a sealed case and of what hangs on it; gives how many. Their content leaves the disk when this is kept."""
	names = hanging.hung_on("File", hanging.records_of(case))
	if not names or records.hold(case) != "Sealed":
		return 0
	for name in names:
		_take_in(case, frappe.get_doc("File", name))
	return len(names)


def give_back(case: str) -> int:
	"""As private Files. What the key was destroyed of is gone. Raises keyed.Unreadable for what was changed meanwhile."""
	rows = records.rows_of(case)
	for row in rows:
		if keyed.is_kept(row):
			_give_back(row, records.said_of(row))
		records.drop(row)
	return len(rows)


# There -----------------------------------------------------------------------------------------------------------


def _take_in(case: str, file: GovernedFile) -> None:
	records.make(case, _said_of(file), _pieces(case, file))
	file.flags.goes_with_commit = True
	file.flags.ignore_permissions = True  # who may seal the case was checked
	file.delete(force=True, delete_permanently=True)


def _said_of(file: GovernedFile) -> records.Words:
	values = {key: value for key, value in file.as_dict(no_nulls=True).items() if key not in NOT_KEPT}
	place = (file.attached_to_doctype, file.attached_to_name)
	said = {"file_name": file.file_name or _("Link"), "by": file.owner, "at": file.creation, "place": place}
	return {**said, "file": values}


def _pieces(case: str, file: GovernedFile) -> Iterator[bytes] | None:
	"""None for a link to another site, which is all there is of it here."""
	if not addresses.is_local(file.file_url):
		return None
	path = addresses.path_of(file.file_url)
	if not path.is_file():
		message = _(
			"{0} hangs on {1}, but its content is not on this site's disk and cannot be sealed with it. Put it back, or take the"
			" file off, and seal the case then."
		)
		frappe.throw(message.format(frappe.utils.escape_html(file.file_name or file.name), case))
	return _read(path)


def _read(path) -> Iterator[bytes]:
	with path.open("rb") as file:
		while piece := file.read(PIECE):
			yield piece


# And back --------------------------------------------------------------------------------------------------------


def _give_back(row: frappe._dict, said: records.Words) -> None:
	values = said.get("file") or _values_of(row, said)
	file = frappe.get_doc({**values, "doctype": "File", "is_private": 1})
	if not said.get("file") or addresses.is_local(file.file_url):
		_write(row, file)
	file.flags.given_back = True
	file.flags.ignore_permissions = True  # who may open the case was checked
	file.insert(ignore_links=True, set_name=values.get("name"))
	frappe.db.set_value("File", file.name, _standard(said, values), update_modified=False)


def _values_of(row: frappe._dict, said: records.Words) -> dict[str, Any]:
	"""Of one that was put up while the case was sealed."""
	place = {"attached_to_doctype": "Case", "attached_to_name": row.case}
	return {"file_name": said["file_name"], "file_size": said["size"], "folder": "Home/Attachments", **place}


def _write(row: frappe._dict, file: GovernedFile) -> None:
	"""At its old address, or at a new one where that is taken."""
	address = file.file_url
	if not address or not address.startswith(addresses.PRIVATE) or addresses.path_of(address).exists():
		address = addresses.unguessable(file.file_name, True)
	path = addresses.path_of(address)
	frappe.db.after_rollback.add(partial(path.unlink, missing_ok=True))
	with path.open("xb") as content:
		content.writelines(records.content_of(row))
	file.file_url, file.content_hash = address, fingerprint_of(address, path)


def _standard(said: records.Words, values: dict[str, Any]) -> dict[str, Any]:
	kept = {field: values[field] for field in STANDARD if values.get(field)}
	return kept or {"owner": said["by"], "creation": said["at"]}
