"""HTTP to a place an administrator has named, without lending them the server's position in the network.

Only public addresses are reached, checked on the very address that is then connected to (so that a name cannot be
re-pointed in between), unless the host stands in the site's configuration as `govcrm_anchor_hosts`: who can write that
file is on the server already. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from urllib.parse import SplitResult, urlsplit

import frappe
from frappe import _

from govcrm.accountability.anchors.kinds import AnchorError

SECONDS = 20  # for connecting, and for each read
LONGEST_ANSWER = 256 * 1024  # bytes; a time stamp with its certificates has about 6,000
ALLOWED_HOSTS = "govcrm_anchor_hosts"


def post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
	"""Returns the body of a 2xx answer; raises AnchorError for any other, for no answer and for a forbidden address."""
	parts = split(url)
	connection = _connection(parts)
	try:
		connection.request("POST", _target(parts), body, {"User-Agent": "GovCRM", **headers})
		return _read(connection.getresponse(), parts)
	except (OSError, http.client.HTTPException) as error:
		why = f"{type(error).__name__}: {error}"
		frappe.throw(_("No answer from {0}. {1}").format(parts.hostname, why), AnchorError)
		raise AssertionError from error
	finally:
		connection.close()


def split(url: str) -> SplitResult:
	"""Raises AnchorError for what is no address of HTTP or names a user."""
	try:
		parts = urlsplit(url)
		usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
	except ValueError:
		usable = False
	if not usable or parts.username or parts.password or any(letter <= " " for letter in url):
		frappe.throw(_("Enter an address that begins with https:// and names no user."), AnchorError)
	return parts


def allowed(host: str, address: str) -> bool:
	listed = frappe.conf.get(ALLOWED_HOSTS) or ()
	return host in listed or is_public(address)


def is_public(address: str) -> bool:
	"""IPv4 addresses within IPv6 are judged as themselves."""
	ip = ipaddress.ip_address(address.partition("%")[0])
	ip = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
	return ip.is_global and not ip.is_multicast


def _connection(parts: SplitResult) -> http.client.HTTPConnection:
	connection = _Secure if parts.scheme == "https" else _Plain
	return connection(parts.hostname, parts.port, timeout=SECONDS)


class _Plain(http.client.HTTPConnection):
	def connect(self) -> None:
		self.sock = _open(self.host, self.port)


class _Secure(http.client.HTTPSConnection):
	def connect(self) -> None:
		context = ssl.create_default_context()
		self.sock = context.wrap_socket(_open(self.host, self.port), server_hostname=self.host)


def _open(host: str, port: int) -> socket.socket:
	found = [where[4] for where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
	reachable = [where for where in found if allowed(host, where[0])]
	if not reachable:
		words = _(
			"{0} is not a public address. If it is meant, an administrator of the server lists it in {1}."
		)
		frappe.throw(words.format(host, f"site_config.json: {ALLOWED_HOSTS}"), AnchorError)
	return _first_open(reachable)


def _first_open(places: list[tuple]) -> socket.socket:
	for place in places[:-1]:
		try:
			return socket.create_connection(place[:2], SECONDS)
		except OSError:
			continue
	return socket.create_connection(places[-1][:2], SECONDS)


def _target(parts: SplitResult) -> str:
	return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _read(answer: http.client.HTTPResponse, parts: SplitResult) -> bytes:
	if 300 <= answer.status < 400:
		words = _("{0} points to another address. Redirects are not followed: enter the last one.")
		frappe.throw(words.format(parts.hostname), AnchorError)
	if not 200 <= answer.status < 300:
		frappe.throw(_("{0} answered {1}.").format(parts.hostname, answer.status), AnchorError)
	body = answer.read(LONGEST_ANSWER + 1)
	if len(body) > LONGEST_ANSWER:
		frappe.throw(_("The answer of {0} is too long.").format(parts.hostname), AnchorError)
	return body
