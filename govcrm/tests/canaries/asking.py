"""One request, through Frappe's hooks and dispatch, and all that leaves the site because of it. Then it is taken back."""

import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from email import message_from_string
from types import FrameType
from typing import Any
from unittest.mock import patch

import frappe
from frappe.app import handle_exception, run_after_request_hooks
from frappe.auth import CookieManager, validate_auth_via_hooks
from frappe.model.base_document import BaseDocument
from frappe.utils import CallbackManager
from frappe.utils.response import download_private_file
from frappe.website import serve
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from govcrm.tests.canaries import stage
from govcrm.tests.canaries.fences import confined, fenced, lifted

SAVE_POINT = "canaries"
LONGEST = 20  # seconds that one call may take
PDF = "frappe.utils.pdf"
OURS = "govcrm/"
DRIVER = "/pymysql/"  # closes its connection when it is interrupted


@dataclass(frozen=True)
class Ask:
	"""A request: its address, its HTTP method, what is sent along. `of` is what it tries, where its address does not say it."""

	path: str
	args: Mapping[str, Any] = field(default_factory=dict)
	http: str = "GET"
	of: str = ""

	@property
	def what(self) -> str:
		return self.of or self.path

	@property
	def function(self) -> str:
		return self.what.removeprefix("/api/method/")

	def said(self) -> str:
		"""All that the caller knew before: what is given back of it tells nothing."""
		return f"{self.path} {self.args}"

	def __str__(self) -> str:
		return f"{self.http} {self.path} {dict(self.args)}"


@dataclass
class Heard:
	"""What came of it: the answer with its headers; events with the rooms they went to; mails with their recipients.

	`error` says what went wrong in the code that answered, and where.
	"""

	status: int
	head: str = ""
	body: bytes = b""
	events: list[tuple[str, str]] = field(default_factory=list)
	mails: list[tuple[str, str]] = field(default_factory=list)
	error: str = ""


class TooLong(BaseException):
	"""Past every `except Exception` of what was called."""


class Asker:
	"""Asks in the open transaction. Used as a context, for it stands in for what would leave the machine."""

	def __init__(self) -> None:
		self._patches = ExitStack()
		self.events: list[tuple[str, str]] = []
		self.mails: list[tuple[str, str]] = []
		self.error = ""

	def __enter__(self) -> "Asker":
		for method in frappe.get_hooks("before_request"):
			if method.endswith(".install"):  # as a worker has it before the first request
				frappe.get_attr(method)()
		self._patches.enter_context(patch("frappe.realtime.emit_via_redis", self._emit))
		self._patches.enter_context(
			patch.object(BaseDocument, "db_insert", self._inserting(BaseDocument.db_insert))
		)
		for module in [one for one in list(sys.modules.values()) if getattr(one, "get_pdf", None)]:
			if getattr(module.get_pdf, "__module__", "") == PDF:
				self._patches.enter_context(patch.object(module, "get_pdf", _as_it_would_be_drawn))
		self._patches.enter_context(patch.object(serve, "ErrorPage", self._error_page(serve.ErrorPage)))
		self._patches.enter_context(_interruptible())
		self._patches.enter_context(confined())
		self._flags, self._conf, self._lang = frappe.local.flags.copy(), frappe.local.conf, frappe.local.lang
		frappe.realtime.clear_realtime_log()
		frappe.db.after_rollback.reset()  # what is on the disk already is not taken back with the first call
		return self

	def __exit__(self, *error: object) -> None:
		self._patches.close()
		frappe.local.conf, frappe.local.flags = self._conf, self._flags
		_end()

	def ask(self, ask: Ask, user: str) -> Heard:
		self.events, self.mails, self.error = [], [], ""
		frappe.db.savepoint(SAVE_POINT)
		try:
			with fenced(SAVE_POINT):
				response = self._answered(ask, user)
			self._publish()
		finally:
			self._take_back()
		head, body = str(response.headers), response.get_data()
		return Heard(response.status_code, head, body, self.events, self.mails, self.error)

	def _answered(self, ask: Ask, user: str) -> Response:
		_begin(ask, user, self._flags.copy())
		signal.setitimer(signal.ITIMER_REAL, LONGEST)
		try:
			response = self._dispatched(frappe.local.request)
			run_after_request_hooks(frappe.local.request, response)
			response.direct_passthrough = False
			response.get_data()
		except TooLong:
			response, self.error = Response("", status=504), f"longer than {LONGEST} seconds"
		finally:
			signal.setitimer(signal.ITIMER_REAL, 0)
		return response

	def _dispatched(self, request: Request) -> Response:
		try:
			validate_auth_via_hooks()
			return _served(request)
		except HTTPException as error:
			return error.get_response(request.environ)
		except Exception as error:
			self.error = where(error)
			return handle_exception(error)

	def _take_back(self) -> None:
		database = frappe.local.db
		for callbacks in (database.before_commit, database.after_commit, database.before_rollback):
			callbacks.reset()
		database.rollback(save_point=SAVE_POINT)
		with lifted():
			database.after_rollback.run()
		database.transaction_writes = 1
		frappe.local.conf, frappe.local.lang = self._conf.copy(), self._lang

	def _publish(self) -> None:
		"""What waits for the commit would be published then."""
		for args in getattr(frappe.local, "_realtime_log", []):
			self._emit(*args)

	def _emit(self, event: str, message: object, room: str) -> None:
		self.events.append((room, frappe.as_json({"event": event, "message": message, "room": room})))

	def _error_page(self, page: type) -> Callable:
		def made(*args: object, exception: Exception | None = None, **kwargs: object) -> object:
			self.error = where(exception) if exception else ""
			return page(*args, exception=exception, **kwargs)

		return made

	def _inserting(self, insert):
		def inserted(doc: BaseDocument, *args: object, **kwargs: object):
			if doc.doctype == "Email Queue":
				self.mails += [(row.recipient, _mail_text(doc.message)) for row in doc.recipients]
			elif doc.doctype == "Notification Log":
				self.mails.append((doc.for_user, f"{doc.as_dict()}"))
			elif doc.doctype in stage.KEPT_ALWAYS:
				return None  # the next call would read what this one said
			return insert(doc, *args, **kwargs)

		return inserted


def _begin(ask: Ask, user: str, flags: dict) -> None:
	frappe.set_user(user)
	args = {name: _sent(value) for name, value in ask.args.items()}
	sent = {"query_string": args} if ask.http == "GET" else {"data": args}
	request = Request(EnvironBuilder(ask.path, method=ask.http, **sent).get_environ())
	request.after_response = CallbackManager()
	local = frappe.local
	local.request, local.form_dict, local.request_ip = request, frappe._dict(args), "127.0.0.1"
	local.response, local.cookie_manager = frappe._dict(docs=[]), CookieManager()
	local.message_log, local.error_log, local.debug_log, local.is_ajax = [], [], [], False
	local.flags, local.govcrm_access, local.path = flags, {}, ""
	local.preload_assets = {"style": [], "script": [], "icons": []}


def _end() -> None:
	frappe.local.request = None
	frappe.local.form_dict, frappe.local.response = frappe._dict(), frappe._dict(docs=[])
	frappe.local.message_log = []
	frappe.set_user("Administrator")


def _sent(value: Any) -> str:
	return value if isinstance(value, str) else frappe.as_json(value, indent=None)


def _served(request: Request) -> Response:
	"""As `frappe.app.application` chooses."""
	if frappe.form_dict.cmd:
		frappe.handler.handle()
		return frappe.utils.response.build_response("json")
	if request.path.startswith("/api/"):
		return frappe.api.handle(request)
	if request.path.startswith("/private/files/"):
		return download_private_file(request.path)
	return serve.get_response()


def where(error: BaseException) -> str:
	"""The error, the line that raised it, and the last line of ours on the way there."""
	frames = traceback.extract_tb(error.__traceback__)
	lines = [f"{frame.filename.rpartition('/apps/')[2]}:{frame.lineno}" for frame in frames]
	ours = [line for line in lines if OURS in line and "/tests/" not in line]
	return (
		f"{type(error).__name__}: {str(error)[:80]} at {lines[-1]}, by {ours[-1] if ours else 'none of ours'}"
	)


def _as_it_would_be_drawn(html: str, options: object = None, output: Any = None) -> Any:
	"""A PDF is packed, and drawn by another program: its page stands for it."""
	return output or html.encode()


def _mail_text(source: str) -> str:
	"""A mail as its reader sees it: each part decoded."""
	parts = [part for part in message_from_string(source or "").walk() if not part.is_multipart()]
	decoded = [(part.get_payload(decode=True) or b"").decode("utf-8", "replace") for part in parts]
	return "\n".join([source or "", *decoded])


def _asks_database(frame: FrameType | None) -> bool:
	while frame and DRIVER not in frame.f_code.co_filename:
		frame = frame.f_back
	return bool(frame)


@contextmanager
def _interruptible() -> Iterator[None]:
	def stop(number: int, frame: FrameType | None) -> None:
		if _asks_database(frame):
			signal.setitimer(signal.ITIMER_REAL, 0.1)  # the connection would be lost, and the stage with it
		else:
			raise TooLong

	before = signal.signal(signal.SIGALRM, stop)
	yield
	signal.signal(signal.SIGALRM, before)
