"""The list of background jobs, in place of Frappe's class: hook `override_doctype_class`.

Frappe shows System Managers what each job was given and how it failed. A job may be given the words of a comment, or the name of
a sealed case, and nothing says on which record it hangs.
"""

from functools import wraps
from typing import Any

import frappe
from frappe import _
from frappe.core.doctype.rq_job.rq_job import RQJob

ADMINISTRATOR = "Administrator"
TELLING = ("arguments", "exc_info")


class GovernedJob(RQJob):
	"""Which jobs run, and how they ended, as Frappe tells it; what they are about is for Administrator alone."""

	def load_from_db(self) -> None:
		super().load_from_db()
		self.update(withheld(self))

	@staticmethod
	@wraps(RQJob.get_list)  # Frappe gives it what its arguments are called
	def get_list(*args, **kwargs) -> list[frappe._dict]:
		return [frappe._dict(job, **withheld(job)) for job in RQJob.get_list(*args, **kwargs)]


def withheld(job: Any) -> dict[str, str]:
	"""What to show in place of the fields that tell of records."""
	if frappe.session.user == ADMINISTRATOR:
		return {}
	return {field: _("For Administrator alone.") for field in TELLING if job.get(field)}
