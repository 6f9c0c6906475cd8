"""What the form of a case shows beside its fields. No personal data."""

import frappe
from frappe.model.document import Document


def form_facts(case: Document) -> dict:
	return {}
