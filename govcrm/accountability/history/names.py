"""What people and records are called, for one reader. What is told together is looked up together."""

import re
from collections import defaultdict
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.core.doctype.docfield.docfield import DocField
from frappe.model.base_document import get_controller
from frappe.query_builder import DocType
from frappe.utils import strip_html

from govcrm.access.telling.naming import full_names
from govcrm.accountability.history import words
from govcrm.accountability.history.sight import Reader
from govcrm.accountability.trail import governed

LONGEST_TITLE = 100  # characters; the title of an assignment is a whole text
USER = "User"
# The names of these are words already.
WORDS = frozenset({"DocType", "Role", "Workflow State", "Workflow Action Master"})
# What Frappe or a digest makes for records that nobody calls by name.
_LIKE_A_HASH = re.compile(r"[0-9a-z]{10}|[0-9a-f]{20,40}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

Record = tuple[str, str]


class Names:
	"""Titles are those of records that the reader may read; any other stays the name that the log has."""

	def __init__(self, reader: Reader) -> None:
		self._reader = reader
		self._people: dict[str, dict] = {}
		self._users: dict[str, str | None] = {}  # None for whom there is no account
		self._titles: dict[Record, str] = {}

	def learn(
		self, actors: Iterable[str] = (), users: Iterable[str] = (), records: Iterable[Record] = ()
	) -> None:
		"""Look up, in one query each: who acted, users that are named, and per DocType records that are named."""
		self._learn_people(set(actors) - self._people.keys())
		self._learn_users(set(users) - self._users.keys())
		by_doctype = defaultdict(set)
		for doctype, name in set(records) - self._titles.keys():
			by_doctype[doctype].add(name)
		for doctype, names in by_doctype.items():
			self._learn_titles(doctype, names)

	# People ----------------------------------------------------------------------------------------------

	def person(self, actor: str | None) -> dict[str, str] | None:
		"""{actor, user, name}: who stands behind a pseudonym; the pseudonym alone when nobody is known by it."""
		if not actor:
			return None
		self.learn(actors=[actor])
		return self._people[actor]

	def people(self) -> list[dict[str, str]]:
		"""{name, user} of all who were named so far, in the order of their names."""
		named = {user: name for user, name in self._users.items() if name}
		known = {**named, **{one["user"]: one["name"] for one in self._people.values() if one["user"]}}
		return [
			{"name": name, "user": user} for user, name in sorted(known.items(), key=lambda one: one[::-1])
		]

	def user(self, user: str) -> str:
		self.learn(users=[user])
		return self._users[user] or user

	def in_text(self, text: str) -> str:
		"""A text of ours that names users by their accounts, with their names."""
		return _ADDRESS.sub(lambda found: self.user(found[0]), text)

	def _learn_people(self, actors: set[str]) -> None:
		if not actors:
			return
		known, user = DocType("Audit Actor"), DocType(USER)
		query = frappe.qb.from_(known).left_join(user).on(user.name == known.user)
		query = query.select(known.name, known.user, known.full_name, user.full_name.as_("today"))
		found = {row.name: row for row in query.where(known.name.isin(sorted(actors))).run(as_dict=True)}
		for actor in actors:
			row = found.get(actor) or frappe._dict()
			name = row.today or row.full_name or row.user or actor
			self._people[actor] = {"actor": actor, "user": row.user, "name": name}

	def _learn_users(self, users: set[str]) -> None:
		self._users.update(dict.fromkeys(users) | full_names(users))

	# Records ---------------------------------------------------------------------------------------------

	def link(self, doctype: str, name: str) -> str:
		"""What people call a linked record, with the name that it has beside its title."""
		if doctype == USER:
			return self.user(name)
		if doctype in WORDS:
			return _(name)
		title = self.title(doctype, name)
		if not title or title == name:
			return name
		return title if is_drawn_by_lot(doctype, name) else f"{title} ({name})"

	def title(self, doctype: str, name: str) -> str:
		"""The title of a record that the reader may read, or nothing."""
		self.learn(records=[(doctype, name)])
		return self._titles[doctype, name]

	def called(self, doctype: str, name: str | None, opens: bool) -> str:
		"""The name of what an event is about. A name drawn by lot gives way to the title, or to no words at all."""
		if not name:
			return ""
		if not is_drawn_by_lot(doctype, name):
			return name
		return self.title(doctype, name) if opens else ""

	def _learn_titles(self, doctype: str, names: set[str]) -> None:
		self._titles.update(dict.fromkeys(((doctype, name) for name in names), ""))
		field = self._title_field(doctype)
		if not field:
			return
		rows = frappe.get_list(
			doctype,
			filters={"name": ("in", sorted(names))},
			fields=["name", field.fieldname],
			user=self._reader.user,
			limit_page_length=0,
			order_by=None,
		)
		if field.options == USER:
			self.learn(users=filter(None, (row.get(field.fieldname) for row in rows)))
		for row in rows:
			self._titles[doctype, row.name] = self._titled(doctype, field, row.get(field.fieldname))

	def _titled(self, doctype: str, field: DocField, value: object) -> str:
		if value and field.options == USER:
			return self.user(value)
		title = strip_html(str(value or ""))[:LONGEST_TITLE]
		return words.act(title) if (doctype, field.fieldname) in words.ACTS else title

	def _title_field(self, doctype: str) -> DocField | None:
		"""The field of titles, where everybody who may read such records may read it, and this reader may read some."""
		if not governed.exists(doctype) or doctype == USER or doctype in WORDS:
			return None
		meta = frappe.get_meta(doctype)
		field = meta.get_field(meta.title_field or "")
		if not field or field.permlevel or meta.issingle or meta.istable or meta.is_virtual:
			return None
		return field if self._reader.may_read_any(doctype) else None


def is_drawn_by_lot(doctype: str, name: str) -> bool:
	"""Whether a name says nothing to people. Numbers of cases, requests and citizens do."""
	if not governed.exists(doctype):
		return False
	autoname = frappe.get_meta(doctype).autoname
	if autoname or not _LIKE_A_HASH.fullmatch(name):
		return autoname == "hash"
	# One in twenty-five has no digit. Frappe draws where nothing names; a class that names may have chosen a word.
	return bool(re.search("[0-9]", name)) or not hasattr(get_controller(doctype), "autoname")


def accounts_in(text: str) -> list[str]:
	"""What in a text looks like the account of a user."""
	return _ADDRESS.findall(text)
