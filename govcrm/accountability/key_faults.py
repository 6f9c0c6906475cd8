"""What is wrong with the folder of keys, in words that say what to do: keys that are missing, or that others can get at."""

from collections.abc import Iterator
from pathlib import Path

import frappe
from frappe import _

from govcrm.accountability import folder


def first() -> str | None:
	"""The gravest of its faults; None when all is well."""
	return _missing() or of_place(folder.folder())


def _missing() -> str | None:
	try:
		folder.check()
	except folder.KeysMissing as error:
		frappe.clear_last_message()
		return frappe.utils.strip_html(str(error))
	if absent := sorted(set(masters_in_use()) - set(folder.master_keys())):
		return _("Put back the master keys {0} from the backup of this folder.").format(", ".join(absent))
	return None


def of_place(place: Path) -> str | None:
	"""What lets others get at keys that lie in this folder."""
	if folder.exposed():
		words = _(
			"Others on this server can read {0}. Take their rights: chmod 700 for the folder, 600 for its files."
		)
		return words.format(", ".join(path.name for path in folder.exposed()))
	if _within(place, "public", "private/files"):
		return _(
			"It lies where files of the site are served from. Move it, and name it in govcrm_key_folder."
		)
	if _within(place, "private/backups"):
		return _("It lies among the backups it protects. Move it, and name it in govcrm_key_folder.")
	return None


def _within(place: Path, *folders: str) -> bool:
	place = place.resolve()
	return any(
		Path(frappe.get_site_path(*one.split("/"))).resolve() in (place, *place.parents) for one in folders
	)


def masters_in_use() -> Iterator[str]:
	"""Each master key that wraps something: from one to the next along the index, however many keys it wraps."""
	key, last = frappe.qb.DocType("Audit Key"), ""
	while True:
		query = frappe.qb.from_(key).select(key.master).where(key.master > last).orderby(key.master).limit(1)
		found = query.run()
		if not found:
			return
		last = found[0][0]
		yield last
