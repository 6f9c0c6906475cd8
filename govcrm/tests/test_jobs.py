"""A job that is tried again after a deadlock keeps its user, and is not noted as failed."""

import threading
from unittest.mock import patch

import frappe
from frappe.utils import background_jobs

from govcrm.tests import GovCRMTestCase
from govcrm.tests.casework import ALICE, BOB

seen: list[tuple[str, str]] = []


def fail_first(mark: str, times: int = 1) -> str:
	"""The job: it notes who runs it, and meets a deadlock as often as it is told."""
	seen.append((mark, frappe.session.user))
	if len([one for one in seen if one[0] == mark]) <= times:
		raise deadlock()
	return "done"


def run_another(mark: str) -> str:
	"""A job that does another one's work before it fails."""
	if (mark, frappe.session.user) not in seen:
		work(background_jobs.execute_job, {"mark": "inner", "times": 0}, BOB, is_async=False)
	return fail_first(mark)


def deadlock() -> Exception:
	if frappe.db.db_type == "mariadb":
		return frappe.db.InternalError(1213, "Deadlock found when trying to get lock")
	return frappe.RetryBackgroundJobError()


def work(execute, kwargs: dict, user: str | None = ALICE, method=fail_first, **options):
	name = f"{__name__}.{method.__name__}"
	return execute(frappe.local.site, name, None, "test", kwargs, user=user, **options)


class TestJobsKeepTheirUser(GovCRMTestCase):
	"""Jobs run in threads of their own, for `execute_job` takes away all that the thread has of Frappe."""

	def setUp(self) -> None:
		super().setUp()
		seen.clear()
		sleep = patch.object(background_jobs.time, "sleep")
		sleep.start()
		self.addCleanup(sleep.stop)

	def work(self, execute, *args, **options) -> object:
		site, found = frappe.local.site, []

		def run() -> None:
			try:
				frappe.local.site = site
				found.append(work(execute, *args, **options))
			except Exception as error:
				found.append(error)

		thread = threading.Thread(target=run)
		thread.start()
		thread.join()
		return found[0]

	def frappes(self):
		"""As a worker has it before its first job."""
		original = getattr(background_jobs.execute_job, "__wrapped__", background_jobs.execute_job)
		fresh = patch.object(background_jobs, "execute_job", original)
		fresh.start()
		self.addCleanup(fresh.stop)
		return original

	def test_a_job_that_is_tried_again_runs_as_who_asked_for_it(self):
		for mark, execute in (("first", self.frappes()), ("later", background_jobs.execute_job)):
			self.assertEqual(self.work(execute, {"mark": mark, "times": 3}), "done")
		self.assertEqual(seen, [("first", ALICE)] * 4 + [("later", ALICE)] * 4)

	def test_a_job_of_nobody_stays_one_of_the_system(self):
		self.assertEqual(self.work(self.frappes(), {"mark": "x"}, None), "done")
		self.assertEqual(seen, [("x", "Administrator")] * 2)

	def test_work_within_a_job_does_not_change_whose_it_is(self):
		self.assertEqual(self.work(self.frappes(), {"mark": "x"}, method=run_another), "done")
		self.assertEqual([user for mark, user in seen if mark == "x"], [ALICE, ALICE])

	def test_what_is_put_in_the_queue_is_still_known_by_frappes_name(self):
		self.work(self.frappes(), {"mark": "x"})
		ours = background_jobs.execute_job
		self.assertEqual(f"{ours.__module__}.{ours.__qualname__}", "frappe.utils.background_jobs.execute_job")
