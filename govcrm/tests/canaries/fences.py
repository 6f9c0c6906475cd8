"""What no call may do while everything is called: keep what it did, leave the machine, start or delete anything.

The functions themselves run as they are. Those that could not be let run even so stand in `NOT_CALLED`, with the reason.
"""

import builtins
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from unittest.mock import patch

import frappe
import rq

NOT_CALLED = {
	"frappe.handler.logout": "it ends the session in which everything is asked, and tells of nothing",
	"frappe.handler.web_logout": "the same",
	"frappe.sessions.clear": "it forgets the caches of the site at each call, and tells of nothing",
	"frappe.core.doctype.session_default_settings.session_default_settings.clear_session_defaults": "the same",
	"frappe.utils.change_log.update_last_known_versions": "it waits for the network",
	"frappe.utils.change_log.show_update_popup": "the same",
	"frappe.desk.page.setup_wizard.setup_wizard.setup_complete": "it sets the site up again, for minutes",
	"frappe.core.doctype.rq_worker.rq_worker.RQWorker.stop": "it would stop workers of other sites",
}
LOGS = "/logs/"  # which turn their files over by themselves
LOCAL = ("127.0.0.1", "localhost", "::1")


_lifted = False


@contextmanager
def lifted() -> Iterator[None]:
	"""Within, files are removed all the same: what a call wrote goes when the call is taken back."""
	global _lifted
	_lifted = True
	try:
		yield
	finally:
		_lifted = False


class Fenced(frappe.ValidationError):
	"""A call tried what it may not do here."""


@contextmanager
def fenced(save_point: str) -> Iterator[None]:
	"""Within, commits keep nothing and a roll-back goes to the save point."""
	database, kept = frappe.local.db, frappe.local.db.rollback

	def roll_back(*, save_point: str | None = save_point, **kwargs: object) -> None:
		kept(save_point=save_point)

	with ExitStack() as stack:
		for name in ("commit", "begin", "close"):
			stack.enter_context(patch.object(database, name, _nothing))
		stack.enter_context(patch.object(database, "rollback", roll_back))
		stack.enter_context(patch.object(database, "truncate", _refuse("tables are not emptied")))
		stack.enter_context(patch.object(database, "sql_ddl", _refuse("tables are not changed")))
		yield


@contextmanager
def confined() -> Iterator[None]:
	"""Within, no process is started, no job queued, no other machine called, no file of the bench removed or written."""
	home = str(Path(frappe.get_site_path()).resolve())
	bench = str(Path(home).parent.parent)
	with ExitStack() as stack:
		for owner, name, put in (
			(subprocess, "Popen", _refuse("no process is started")),
			(os, "system", _refuse("no process is started")),
			(rq.Queue, "enqueue_call", _nothing),
			(socket, "getaddrinfo", _only_here(socket.getaddrinfo)),
			(builtins, "open", _reading(builtins.open, bench, home)),
			*(
				(os, name, _outside(getattr(os, name), bench))
				for name in ("remove", "unlink", "rename", "replace")
			),
			(shutil, "rmtree", _outside(shutil.rmtree, bench)),
			(shutil, "move", _outside(shutil.move, bench)),
		):
			stack.enter_context(patch.object(owner, name, put))
		yield


def _nothing(*args: object, **kwargs: object) -> None:
	return None


def _refuse(why: str) -> Callable:
	def refused(*args: object, **kwargs: object) -> None:
		raise Fenced(why)

	return refused


def _only_here(resolve: Callable) -> Callable:
	def resolved(host: object, *args: object, **kwargs: object):
		if host not in LOCAL:
			raise OSError("no other machine is called")
		return resolve(host, *args, **kwargs)

	return resolved


def _reading(opened: Callable, bench: str, home: str) -> Callable:
	"""Files of the bench are read; written are only those that a site keeps for its users."""
	kept = tuple(f"{home}/{folder}/" for folder in ("private", "public"))

	def open_(file: object, mode: str = "r", *args: object, **kwargs: object):
		path = os.path.realpath(os.fsdecode(file)) if isinstance(file, str | bytes | os.PathLike) else ""
		if set(mode) & set("wax+") and path.startswith(bench) and not (path.startswith(kept) or LOGS in path):
			raise Fenced("files of the bench are not written")
		return opened(file, mode, *args, **kwargs)

	return open_


def _outside(act: Callable, bench: str) -> Callable:
	def acted(path: object, *args: object, **kwargs: object):
		where = os.path.realpath(os.fsdecode(path))
		if not _lifted and where.startswith(bench) and LOGS not in where:
			raise Fenced("files of the bench stay")
		return act(path, *args, **kwargs)

	return acted
