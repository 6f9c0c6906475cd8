"""Every difference between Frappe 15 and 16 that the app has to know, by feature or major version."""

import frappe

MAJOR = int(frappe.__version__.split(".")[0])
