"""Background jobs tell nobody but Administrator what they are about."""

import frappe
from frappe.utils.background_jobs import get_queue
from rq.job import Job

from govcrm.access.telling.running import withheld
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.factories import make_user

MANAGER = "manager.jobs@example.org"
WORDS = "The cellar of the mayor"


class TestJobs(AskingTestCase):
	"""A job that waits for another one, so that no worker takes it."""

	def setUp(self) -> None:
		super().setUp()
		queue = get_queue("short")
		given = {
			"site": frappe.local.site,
			"user": "Administrator",
			"job_name": "told",
			"kwargs": {"content": WORDS},
		}
		self.job = Job.create(
			"frappe.ping",
			kwargs=given,
			id=f"{frappe.local.site}||{frappe.generate_hash(length=10)}",
			connection=queue.connection,
			origin=queue.name,
		)
		self.job.set_status("deferred")
		self.job.save()
		queue.deferred_job_registry.add(self.job)
		# The list asks the queues that Redis knows; a new one knows none.
		queue.connection.sadd(queue.redis_queues_keys, queue.key)
		self.addCleanup(self.job.delete)
		make_user(MANAGER, "System Manager")

	def test_what_a_job_was_given_is_told_to_the_administrator_alone(self) -> None:
		for user, told in ((MANAGER, False), ("Administrator", True)):
			frappe.set_user(user)
			for answer in self.ways():
				self.assertEqual((answer.status, WORDS in answer.text), (200, told), (user, answer))
				self.assertIn(self.job.id, answer.text)

	def test_how_a_job_failed_is_told_to_the_administrator_alone(self) -> None:
		failed = {"arguments": "{}", "exc_info": WORDS, "status": "failed"}
		frappe.set_user(MANAGER)
		self.assertNotIn(WORDS, {**failed, **withheld(failed)}.values())
		self.assertEqual(withheld({"arguments": None, "exc_info": None}), {})
		frappe.set_user("Administrator")
		self.assertEqual(withheld(failed), {})

	def ways(self):
		named = {"doctype": "RQ Job", "name": self.job.id}
		filters = frappe.as_json([["RQ Job", "status", "=", "deferred"]])
		fields = frappe.as_json(["`tabRQ Job`.`name`", "`tabRQ Job`.`arguments`"])
		listed = {"doctype": "RQ Job", "filters": filters, "page_length": 50, "start": 0}
		order = {"order_by": "modified desc"}
		yield self.call("frappe.desk.reportview.get", **listed, **order, fields=fields)
		yield self.ask("/api/resource/RQ Job", filters=filters, fields='["name", "arguments"]', **order)
		yield self.call("frappe.desk.form.load.getdoc", **named)
		yield self.call("frappe.client.get", **named)
		yield self.ask(f"/api/resource/RQ Job/{self.job.id}")
