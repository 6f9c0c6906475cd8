"""Brings requests of other systems in, with their history: `bench govcrm-import` and the form Request Import.

file → `reader` (rows of text) → `mappings` and `govcrm.domain.importing` (values or faults) → `catalogue` (programs,
departments, versions) → `builder` (the rows of all records of a request) → `writer` (many rows, one statement).
`documents` makes the same records one by one, as intake does; a test holds the two ways equal. `runner` drives
them in batches and can go on where it was stopped.
"""

import frappe


class ImportRefused(frappe.ValidationError):
	"""The file cannot be imported at all: nothing has been written."""
