"""A line to a syslog server (RFC 5424), which keeps it where the site's administrators cannot reach."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timezone

import frappe
from frappe import _

from govcrm.accountability.anchors.checkpoints import Checkpoint
from govcrm.accountability.anchors.kinds import AnchorError, Kind, Receipt
from govcrm.faults import Fault

PRIORITY = 13 * 8 + 5  # facility "log audit", severity "notice" (RFC 5424, 6.2.1)
PORT = 514
SECONDS = 10
ANSWERED_WITHIN = 1  # second: servers close a connection that we have closed; not all of them


class Syslog(Kind):
	def faults(self) -> Iterator[Fault]:
		if not self.anchor.host or not _address(self.anchor.host):
			yield Fault("host", _("Enter host:port, or the path of a local socket such as /dev/log."))

	def deliver(self, checkpoint: Checkpoint) -> Receipt:
		said = message(checkpoint, frappe.local.site)
		where = _address(self.anchor.host)
		if isinstance(where, str):
			_to_local(where, said)
		elif self.anchor.protocol == "TCP":
			_over_tcp(where, said)
		else:
			_over_udp(where, said)
		return Receipt(said.decode(), _("Sent to {0}.").format(self.anchor.host))

	def worry(self) -> str:
		host = self.anchor.host or ""
		if self.anchor.protocol == "UDP" and not host.startswith("/"):
			return _(
				"Syslog over UDP is not confirmed: nobody learns when a line is lost. Use TCP if you can."
			)
		return ""


def message(checkpoint: Checkpoint, host: str) -> bytes:
	"""RFC 5424, section 6; all of it is ASCII, so no byte order mark."""
	at = f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S.%f}Z"
	header = f"<{PRIORITY}>1 {at} {host[:255]} govcrm {os.getpid()} checkpoint -"
	return f"{header} {checkpoint.line()}".encode("ascii")


def _address(host: str) -> str | tuple[str, int] | None:
	"""A path, or (host, port); None if it is neither. An IPv6 address stands in brackets."""
	host = host.strip()
	if host.startswith("/"):
		return host
	name, colon, port = host.rpartition(":")
	if not colon or host.endswith("]"):
		name, port = host, str(PORT)
	name = name.strip("[]")
	return (name, int(port)) if name and port.isdigit() and 0 < int(port) < 65536 else None


def _over_udp(where: tuple[str, int], said: bytes) -> None:
	family, kind, protocol, _name, address = socket.getaddrinfo(*where, type=socket.SOCK_DGRAM)[0]
	with closing(socket.socket(family, kind, protocol)) as connection:
		connection.sendto(said, address)


def _over_tcp(where: tuple[str, int], said: bytes) -> None:
	"""Counted octets, since a line break is no safe end (RFC 6587, 3.4.1)."""
	with closing(socket.create_connection(where, SECONDS)) as connection:
		_send_counted(connection, said)


def _send_counted(connection: socket.socket, said: bytes) -> None:
	connection.sendall(b"%d %s" % (len(said), said))
	connection.shutdown(socket.SHUT_WR)
	connection.settimeout(ANSWERED_WITHIN)
	with suppress(TimeoutError):
		connection.recv(1)  # a connection the server has reset says so here


def _to_local(path: str, said: bytes) -> None:
	"""Local sockets take datagrams, some only streams."""
	for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
		with closing(socket.socket(socket.AF_UNIX, kind)) as connection:
			connection.settimeout(SECONDS)
			try:
				connection.connect(path)
			except OSError as error:
				why = error
				continue
			connection.sendall(said if kind == socket.SOCK_DGRAM else said + b"\n")
			return
	frappe.throw(_("No syslog server listens at {0}. {1}").format(path, why), AnchorError)
