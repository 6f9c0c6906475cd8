"""A job that is tried again is run for whom it was run first.

After a deadlock or a lock that it waited for too long, `execute_job` calls itself without its `user`: what a clerk had asked for
would then be done as Administrator, past every rule. When that call has returned, its caller looks for the job that the call
took away, fails, and RQ notes as failed what was done.

The worker meets `execute_job` by its name again when it calls itself, and by then ours stands there. It knows a job by its
arguments, which both calls have in common.
"""

import threading
from collections.abc import Callable

import frappe
from frappe.utils import CallbackManager, background_jobs

from govcrm.wrapping import wrap

_running = threading.local()


def begin(method: str | None = None, kwargs: dict | None = None, transaction_type: str | None = None) -> None:
	"""Hook `before_job`."""
	install()
	job = getattr(frappe.local, "job", None)
	if job and kwargs is not None and _user_of(kwargs) is None:
		_kept().append((kwargs, job.user or frappe.session.user))


def end(method: str | None = None, kwargs: dict | None = None, result: object = None) -> None:
	"""Hook `after_job`: of each call, the outermost last."""
	_running.kept = [known for known in _kept() if known[0] is not kwargs]
	if not getattr(frappe.local, "job", None):
		frappe.local.job = frappe._dict(after_job=CallbackManager())


def install() -> None:
	"""Once in each process."""
	wrap(background_jobs, "execute_job", _for_the_same)


def _for_the_same(execute: Callable) -> Callable:
	def execute_job(site, method, event, job_name, kwargs, user=None, is_async=True, retry=0):
		if retry and not user:
			user = _user_of(kwargs)
		return execute(site, method, event, job_name, kwargs, user=user, is_async=is_async, retry=retry)

	return execute_job


def _user_of(kwargs: dict) -> str | None:
	return next((user for known, user in reversed(_kept()) if known is kwargs), None)


def _kept() -> list[tuple[dict, str]]:
	if not hasattr(_running, "kept"):
		_running.kept = []
	return _running.kept
