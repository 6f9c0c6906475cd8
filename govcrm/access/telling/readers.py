"""Whether a person may be told of a record."""

from collections.abc import Iterable
from email.utils import parseaddr

import frappe
from frappe.model.document import Document

from govcrm.access.satellites.reading import may_see
from govcrm.access.satellites.references import guarded_name, scoped

ADMINISTRATOR = "Administrator"
STAFF = "System User"


def may_be_told(user: str | None, doctype: str | None, name: object) -> bool:
	"""By the rule as it is now. What is not about a record that the rule knows is left to Frappe; an error means no."""
	guarded = guarded_name(doctype)
	if not guarded or not name or user == ADMINISTRATOR:
		return True
	try:
		return bool(user) and _may_read(user, guarded, str(name))
	except Exception:
		frappe.logger("govcrm.access").error("%s is not told of %s", user, guarded, exc_info=True)
		return False


def _may_read(user: str, doctype: str, name: str) -> bool:
	if not frappe.db.exists(doctype, name):
		return False
	if doctype in scoped():
		return bool(frappe.has_permission(doctype, "read", doc=name, user=user))
	return may_see(frappe.get_doc(doctype, name), user)


def told_at(addresses: Iterable[str], record: Document, field: str = "email") -> list[str]:
	"""The addresses, or numbers of telephones, without those of people who may not read the record.

	One that belongs to nobody with an account was put there by the agency, or is the citizen's. That of a website user is
	left where the record itself names it: their mail about what they asked comes by it, whether they can log in or not.
	"""
	addresses = list(dict.fromkeys(addresses))
	if not guarded_name(record.doctype):
		return addresses
	people = people_at(addresses, field)
	return [
		address
		for address in addresses
		if all(_may_get(person, address, record) for person in people.get(plain(address), ()))
	]


def _may_get(person: frappe._dict, address: str, record: Document) -> bool:
	named = person.user_type != STAFF and names(record, address)
	return named or may_be_told(person.name, record.doctype, record.name)


def people_at(addresses: Iterable[str], field: str = "email") -> dict[str, list[frappe._dict]]:
	"""Who has an account with this address, or number of a telephone; by its plain form."""
	wanted = [form for address in addresses for form in {plain(address), _bare(address)} if form]
	found: dict[str, list[frappe._dict]] = {}
	for person in frappe.get_all("User", {field: ("in", wanted)}, ["name", "user_type", field]):
		found.setdefault(plain(person[field]), []).append(person)
	return found


def names(record: Document, address: str) -> bool:
	"""Whether the address stands in a field of the record, or of its tables."""
	rows = [record, *record.get_all_children()]
	form = plain(address)
	return any(plain(row.get(field)) == form for row in rows for field in row.meta.get_valid_columns())


def plain(address: object) -> str:
	"""Without the name that may stand before it, and in one case."""
	return _bare(address).casefold()


def _bare(address: object) -> str:
	return parseaddr(address)[1] or address if isinstance(address, str) else ""
