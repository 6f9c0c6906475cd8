"""What the intake endpoints refuse, beyond `govcrm.faults.InvalidInput`; each with its HTTP status."""

import frappe


class SubmissionConflict(frappe.ValidationError):
	"""The same key, or the same source and number, was used for another submission. RFC 9110, section 15.5.10."""

	http_status_code = 409


class UnknownReference(frappe.DoesNotExistError):
	"""No request answers to this reference, or none that may be told of."""

	http_status_code = 404


class TryAgain(frappe.ValidationError):
	"""So many write at once that this submission found no turn. Nothing was kept; sending it again is safe."""

	http_status_code = 503
