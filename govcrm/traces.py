"""What is written down of an error in a request or a job: where it happened and what it said, not what variables held.

Frappe writes the local variables of every function on the way into *Error Log*: whole documents as they were posted, words of
sealed cases before they are closed, names of citizens. They would lie there in plain text, outside the access rule and
retention. A site in developer mode keeps them.
"""

from collections.abc import Callable

import frappe
import frappe.utils

from govcrm.wrapping import wrap


def install() -> None:
	"""Hook `before_request` and `before_job`."""
	wrap(frappe.utils, "get_traceback", _without_values)


def _without_values(stock: Callable[..., str]) -> Callable[..., str]:
	def get_traceback(with_context: bool = False) -> str:
		return stock(with_context=bool(with_context and frappe.conf.developer_mode))

	return get_traceback
