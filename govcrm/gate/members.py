"""What templates and conditions may call of a record that they hold.

A record is alive: it can be told to be another, load itself anew, write, and run whatever its class can. A report handed out
unsaved asks the database anything. So a text that somebody wrote reads fields, rows, and what is named here; the rest of a
record's methods is for programs. Other apps add names by the hook `govcrm_template_members`.
"""

from collections.abc import Callable
from typing import Any

import frappe
from frappe.model.base_document import BaseDocument
from frappe.model.meta import Meta
from jinja2.sandbox import SandboxedEnvironment

READING = frozenset(
	{
		"as_dict",
		"get",
		"get_doc_before_save",
		"get_formatted",
		"get_label_from_fieldname",
		"get_title",
		"get_url",
		"getone",
		"has_value_changed",
		"in_format_data",
		"is_new",
		"is_print_hide",
		"precision",
	}
)
# Of the classes of Frappe and ERPNext, what their own prints and pages call.
SHIPPED = frozenset({"get_display", "get_message", "is_rounded_total_disabled", "set"})


def is_readable(holder: Any, name: str, value: Any) -> bool:
	"""Whether a text may have the attribute, which it could call."""
	if not callable(value) or not _is_record(holder):
		return True
	return (
		name in READING | SHIPPED
		or name in frappe.get_hooks("govcrm_template_members")
		or _describes(holder, name)
	)


def guard(environment: SandboxedEnvironment, is_free: Callable[[], bool]) -> None:
	"""Jinja asks this of each attribute, whether by a dot, in brackets or by a filter."""
	is_safe = environment.is_safe_attribute

	def is_safe_attribute(obj: Any, attr: str, value: Any) -> bool:
		return is_safe(obj, attr, value) and (is_free() or is_readable(obj, attr, value))

	environment.is_safe_attribute = is_safe_attribute


def refused_in_conditions(validate: Callable) -> Callable:
	"""The same of expressions: conditions of alerts and webhooks, fields that are computed. Scripts are programs."""

	def _validate_attribute_read(object: Any, name: str) -> None:
		validate(object, name)
		if frappe.flags.in_safe_exec or not _is_record(object):
			return
		if not is_readable(object, name, getattr(object, name, None)):
			raise AttributeError(f'"{name}" is not asked of a record here')

	return _validate_attribute_read


def _is_record(holder: Any) -> bool:
	return isinstance(holder, BaseDocument) or (isinstance(holder, type) and issubclass(holder, BaseDocument))


def _describes(holder: Any, name: str) -> bool:
	"""What tells of a DocType's fields tells of no record."""
	return isinstance(holder, Meta) and name in vars(Meta) and name.startswith(("get_", "has_", "is_"))
