"""Requests in a test, through Frappe's own hooks and dispatch, in the transaction of the test."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import frappe
from frappe.app import handle_exception, run_after_request_hooks
from frappe.auth import validate_auth
from frappe.utils import CallbackManager
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from govcrm.tests import GovCRMTestCase

REFUSED, GATE = 403, "Not Let Through"


class Answer:
	"""What came back: a status, and the text of everything that the caller would see."""

	def __init__(self, status: int, text: str, message: Any = None) -> None:
		self.status, self.text, self.message = status, text, message

	def __repr__(self) -> str:
		return f"{self.status} {self.text[:300]}"


class AskingTestCase(GovCRMTestCase):
	"""`ask` is a call by its address, `call` one of a method; both as the user who is set, or with a key in `headers`."""

	headers: Mapping[str, str] = MappingProxyType({})

	def setUp(self) -> None:
		super().setUp()
		self.addCleanup(self._end_request)

	def call(self, called: str, /, **args: Any) -> Answer:
		return self.ask(f"/api/method/{called}", "POST", **args)

	def ask(self, path: str, http: str = "GET", /, **args: Any) -> Answer:
		self._begin_request(path, http, args)
		try:
			validate_auth()
			response = self._dispatch()
		except HTTPException as error:
			return Answer(error.code, str(error))
		except Exception as error:
			response = handle_exception(error)
		run_after_request_hooks(frappe.local.request, response)
		text = response.get_data(as_text=True)
		return Answer(response.status_code, text, _message(text))

	def refused(self, answer: Answer, said: str = "") -> None:
		"""Turned back with a sentence, and nothing of what was asked for."""
		self.assertEqual(answer.status, REFUSED, answer)
		self.assertIn(said, answer.text)
		if GATE in answer.text:
			self.assertNotIn("Traceback", answer.text)

	def _begin_request(self, path: str, http: str, args: dict[str, Any]) -> None:
		sent = args if http != "GET" else None
		request = Request(EnvironBuilder(path, method=http, json=sent, headers=self.headers).get_environ())
		request.after_response = CallbackManager()
		frappe.local.request, frappe.local.form_dict = request, frappe._dict(args)
		frappe.local.response = frappe._dict(docs=[])
		frappe.local.message_log, frappe.local.error_log, frappe.local.is_ajax = [], [], False
		frappe.local.flags.disable_traceback = False

	def _dispatch(self):
		if frappe.form_dict.cmd:
			frappe.handler.handle()
			return frappe.utils.response.build_response("json")
		return frappe.api.handle(frappe.local.request)

	def _end_request(self) -> None:
		frappe.local.request = None
		frappe.local.form_dict = frappe._dict()
		frappe.local.response = frappe._dict(docs=[])


def _message(text: str) -> Any:
	try:
		answer = json.loads(text)
	except ValueError:
		return None
	return answer.get("message", answer.get("data", answer))
