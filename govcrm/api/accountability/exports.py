"""Files of exported audit logs, for those who oversee the log."""

import frappe
from werkzeug.wrappers import Response

from govcrm.accountability.exporting import downloading


@frappe.whitelist(methods=["POST"])
def download(name: str) -> Response:
	"""The file of an *Audit Export*, as it was written. That it was taken is recorded."""
	return downloading.download(name)
