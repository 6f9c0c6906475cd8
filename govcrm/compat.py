"""Every difference between Frappe 15 and 16 that the app has to know, by feature or major version."""

import frappe

MAJOR = int(frappe.__version__.split(".")[0])

if MAJOR >= 16:
	from frappe.tests import IntegrationTestCase as FrappeTestCase
else:
	from frappe.tests.utils import FrappeTestCase  # noqa: F401
