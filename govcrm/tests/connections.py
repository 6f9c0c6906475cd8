"""A second connection to the site, as another request has one."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def another_connection() -> Iterator[None]:
	ours = frappe.local.db
	frappe.connect(set_admin_as_user=False)
	try:
		yield
	finally:
		frappe.local.db.close()
		frappe.local.db = ours
