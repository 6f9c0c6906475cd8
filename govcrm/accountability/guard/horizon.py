"""Up to which event rows may be deleted is moved by the retention of the log alone: the triggers believe what stands there."""

from functools import wraps

import frappe
from frappe import _
from frappe.utils import cint

from govcrm.accountability.guard.door import AppendOnlyError, is_open

SETTINGS, HORIZON = "Audit Settings", "removed_to_seq"


def refuse_move(value: object) -> None:
	"""Raises AppendOnlyError if somebody else would move it to `value`."""
	stored = frappe.db.get_single_value(SETTINGS, HORIZON, cache=False)
	if cint(value) != cint(stored) and not is_open():
		frappe.throw(
			_("Up to where events were removed is set by the retention of the log alone."), AppendOnlyError
		)


def keeping(set_single_value):
	"""`Database.set_single_value`, and so `set_value` and `db_set` of the settings."""

	@wraps(set_single_value)
	def keep(self, doctype, fieldname, value=None, *args, **kwargs):
		if doctype == SETTINGS:
			given = fieldname if isinstance(fieldname, dict) else {fieldname: value}
			if HORIZON in given:
				refuse_move(given[HORIZON])
		return set_single_value(self, doctype, fieldname, value, *args, **kwargs)

	return keep
