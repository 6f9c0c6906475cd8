"""Lines to a syslog server over UDP, TCP and a local socket."""

import json
import re
import socket
import threading
from collections.abc import Callable
from contextlib import closing

import frappe

from govcrm.accountability.anchors import kinds, syslog
from govcrm.tests.anchoring import AnchorTestCase, make_anchor, seal

# RFC 5424, section 6: PRI VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG
LINE = re.compile(
	r"<109>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z (?P<host>[!-~]+) govcrm \d+ checkpoint - (?P<said>.+)"
)


class TestSyslog(AnchorTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.checkpoint = seal()

	def listen(self, family: int, kind: int, address: object) -> socket.socket:
		server = self.enter(closing(socket.socket(family, kind)))
		server.bind(address)
		server.settimeout(10)
		return server

	def assert_line(self, line: bytes) -> None:
		found = LINE.fullmatch(line.decode("ascii"))
		self.assertTrue(found, line)
		self.assertEqual(found["host"], frappe.local.site)
		self.assertEqual(json.loads(found["said"])["checkpoint"], self.checkpoint.checkpoint)

	def test_over_udp(self):
		server = self.listen(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
		anchor = make_anchor("Syslog", host=f"127.0.0.1:{server.getsockname()[1]}", protocol="UDP")
		receipt = self.assert_taken(self.run_job(anchor), self.checkpoint)
		line = server.recv(4096)
		self.assert_line(line)
		self.assertEqual(receipt.receipt, line.decode())
		self.assertLess(len(line), 2048)  # what a receiver should take in whole: RFC 5426, section 3.2

	def test_over_tcp_with_its_length_before_it(self):
		server = self.listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
		server.listen()
		heard = self.in_the_background(lambda: read_all(server.accept()[0]))
		anchor = make_anchor("Syslog", host=f"127.0.0.1:{server.getsockname()[1]}", protocol="TCP")
		self.assert_taken(self.run_job(anchor), self.checkpoint)
		length, _space, line = heard().partition(b" ")
		self.assertEqual(int(length), len(line))
		self.assert_line(line)

	def test_to_a_local_socket_of_either_sort(self):
		for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
			path = str(self.folder / f"log{int(kind)}")
			server = self.listen(socket.AF_UNIX, kind, path)
			if kind == socket.SOCK_STREAM:
				server.listen()
				heard = self.in_the_background(lambda server=server: read_all(server.accept()[0]))
			else:
				heard = self.in_the_background(lambda server=server: server.recv(4096))
			anchor = make_anchor("Syslog", anchor_name=path, host=path)
			self.assert_taken(self.run_job(anchor), self.checkpoint)
			self.assert_line(heard().strip())

	def test_where_nobody_listens_it_fails(self):
		path = str(self.folder / "nobody")
		self.assert_fails(make_anchor("Syslog", host=path), f"No syslog server listens at {path}")
		free = self.listen(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
		host = f"127.0.0.1:{free.getsockname()[1]}"
		self.assert_fails(make_anchor("Syslog", anchor_name="TCP", host=host, protocol="TCP"), "refused")

	def test_places_are_understood_or_refused(self):
		self.assertEqual(syslog._address("log.example"), ("log.example", 514))
		self.assertEqual(syslog._address("log.example:6514"), ("log.example", 6514))
		self.assertEqual(syslog._address("[2001:db8::1]:601"), ("2001:db8::1", 601))
		self.assertEqual(syslog._address("[2001:db8::1]"), ("2001:db8::1", 514))
		for host in (":514", "log:port", "log:0", "log:70000"):
			with self.assertRaisesRegex(frappe.ValidationError, "host:port"):
				make_anchor("Syslog", host=host)

	def test_that_udp_confirms_nothing_is_a_worry(self):
		worry = lambda **values: kinds.of(frappe._dict(kind="Syslog", **values)).worry()  # noqa: E731
		self.assertIn("not confirmed", worry(host="log.example", protocol="UDP"))
		self.assertEqual(worry(host="log.example", protocol="TCP"), "")
		self.assertEqual(worry(host="/dev/log", protocol="UDP"), "")

	def in_the_background(self, act: Callable[[], bytes]) -> Callable[[], bytes]:
		heard = []
		thread = threading.Thread(target=lambda: heard.append(act()), daemon=True)
		thread.start()

		def result() -> bytes:
			thread.join(10)
			return heard[0]

		return result


def read_all(connection: socket.socket) -> bytes:
	with closing(connection):
		return b"".join(iter(lambda: connection.recv(4096), b""))
