"""The folder of keys, outside the database: who has only the database can neither read values nor sign checkpoints.

`master-<id>.key` wraps the keys of matters (the newest is in use, older ones still unwrap), `sealing-<id>.pem` signs
checkpoints, `log.id` is the name of the log. The folder lies in the site, or in `<govcrm_key_folder>/<site>` where the
configuration names a place. It belongs into a backup of its own: without it a restored database cannot go on.
"""

import os
import secrets
import time
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import frappe
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from frappe import _

from govcrm.domain.ledger import checkpoint
from govcrm.domain.ledger.secret import Secret

LOG_ID = "log.id"
BEGINNING = "govcrm-begin-log.json"  # in the site's folder, while another log is being begun
SURELY_COMMITTED = 24 * 3600  # seconds
SETTLED = 2 * 10**9  # nanoseconds


class KeysMissing(frappe.ValidationError):
	"""A key of the audit log is not where it should be. Nothing may be written that cannot be recorded."""


def folder() -> Path:
	"""Where the keys of this site lie, whether made already or not."""
	configured = frappe.conf.get("govcrm_key_folder")
	if configured:
		return Path(configured).expanduser() / frappe.local.site
	return Path(os.path.abspath(frappe.get_site_path("govcrm-keys")))


def made() -> bool:
	"""Whether this site has its log id, and so may write events."""
	return (folder() / LOG_ID).is_file()


def make() -> None:
	"""Make folder, log id and first master key on a site that never had a log; elsewhere only see that they are there."""
	if in_use():
		check()
		return
	folder().mkdir(mode=0o700, parents=True, exist_ok=True)
	if not made():
		_write(LOG_ID, secrets.token_hex(16).encode())
	if not _masters():
		new_master()


def put_aside() -> None:
	"""Keep the keys of an earlier installation under another name.

	A new log under the old id would look like a fork of the old one to whoever kept a checkpoint of that.
	"""
	if not in_use():
		beginning().unlink(missing_ok=True)
	if made() and not in_use():
		old = folder()
		old.rename(old.with_name(f"{old.name}.{log_id()[:8]}"))


def beginning() -> Path:
	"""The mark that a log is being begun here: nothing may be written unrecorded until that has ended."""
	return Path(os.path.abspath(frappe.get_site_path(BEGINNING)))


def unmounted() -> Path | None:
	"""Where the keys should lie, if that looks like a disk which is not there."""
	configured = frappe.conf.get("govcrm_key_folder")
	place = Path(configured).expanduser() if configured else folder()
	expected = configured or place.is_symlink() or place.exists()
	return place if expected and not (place.is_dir() and any(place.iterdir())) else None


def in_use() -> bool:
	"""Whether the site has a log already, whose keys must never be made anew."""
	return bool(frappe.db.table_exists("Audit Signing Key") and frappe.db.count("Audit Signing Key"))


def check() -> None:
	"""Raise KeysMissing unless log id, a master key and the key that signs are here."""
	log_id()
	master()
	for key in frappe.get_all("Audit Signing Key", {"active": 1}, pluck="name", order_by="creation"):
		sealing_key(key)


def exposed() -> list[Path]:
	"""Folder and files that others on this machine may read."""
	found = [folder(), *folder().iterdir()] if folder().is_dir() else []
	return [path for path in found if path.stat().st_mode & 0o077]


def log_id() -> str:
	"""The name of this site's log, 32 hexadecimal digits. Raises KeysMissing."""
	return _read(LOG_ID).decode().strip()


def master() -> tuple[str, bytes]:
	"""Id and bytes of the master key in use. Raises KeysMissing."""
	found = _masters()
	if not found:
		_throw_missing("master-….key")
	return _id_of(found[-1]), _read(found[-1].name, found[-1].parent)


def master_key(key: str) -> bytes:
	"""The 32 bytes of a master key, also of one no longer in use. Raises KeysMissing."""
	return _read(f"master-{key}.key")


def master_keys() -> dict[str, bytes]:
	"""All master keys by their id, the one in use last."""
	return {_id_of(path): _read(path.name) for path in _masters()}


def new_master() -> str:
	"""Make a master key, in use from now on. Gives its id."""
	number = int(_id_of(_masters()[-1]).split("-")[0]) + 1 if _masters() else 1
	key = f"{number:04d}-{secrets.token_hex(4)}"
	_write(f"master-{key}.key", Secret(secrets.token_bytes(32)))
	return key


def retired_masters() -> list[str]:
	"""Ids of master keys that another one took over from more than a day ago.

	Until then a transaction that began under the old one may still commit what it wrapped with it.
	"""
	found = _masters()
	return [
		_id_of(old)
		for old, successor in pairwise(found)
		if time.time() - successor.stat().st_mtime > SURELY_COMMITTED
	]


def remove_master(key: str) -> None:
	"""Destroy a master key: what is still wrapped with it, also in a backup, can never be read again."""
	(folder() / f"master-{key}.key").unlink(missing_ok=True)


def sealing_key(key: str) -> Ed25519PrivateKey:
	"""The private key of this id. Raises KeysMissing."""
	pem = _read(f"sealing-{key}.pem")
	try:
		return serialization.load_pem_private_key(pem, password=None)
	except ValueError:
		_throw_missing(f"sealing-{key}.pem")


def new_sealing_key() -> str:
	"""Make a key pair for checkpoints. Gives the public key in hexadecimal; it signs nothing before a record says so."""
	private = Ed25519PrivateKey.generate()
	pem = Secret(
		private.private_bytes(
			serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
		)
	)
	public = checkpoint.public_of(private)
	_write(f"sealing-{checkpoint.key_id(public)}.pem", pem)
	return public


def _masters() -> list[Path]:
	own = folder()
	try:
		changed = os.stat(own).st_mtime_ns
	except OSError:
		return []
	# A folder that is being changed may change again within a tick of its clock.
	listed = _listed if time.time_ns() - changed > SETTLED else _listed.__wrapped__
	return [own / name for name in listed(str(own), changed)]


@lru_cache(maxsize=64)
def _listed(own: str, changed: int) -> list[str]:
	"""Names of the master keys, the one in use last; `changed` lets a folder be listed anew that has another file."""
	names = [name for name in os.listdir(own) if name.startswith("master-") and name.endswith(".key")]
	return sorted(names, key=lambda name: int(_id_of(Path(name)).split("-")[0]))


def _id_of(path: Path) -> str:
	return path.stem.removeprefix("master-")


def _write(name: str, content: bytes) -> None:
	"""Never over a file that is there: a key that is overwritten is lost for ever."""
	handle = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
	with os.fdopen(handle, "wb") as file:
		file.write(content)
		file.flush()
		os.fsync(file.fileno())


def _read(name: str, own: Path | None = None) -> bytes:
	path = os.path.join(own or folder(), name)
	try:
		return _content(path, os.stat(path).st_mtime_ns)
	except OSError:
		_throw_missing(name)


@lru_cache(maxsize=256)
def _content(path: str, written: int) -> bytes:
	"""Every event needs these; `written` lets a file that was put back be read anew."""
	return Secret(Path(path).read_bytes())


def _throw_missing(name: str) -> None:
	message = _(
		"The audit log cannot go on: {0} is missing or cannot be read in {1}. Put this site's key folder back from its "
		"backup, readable for the user that runs the site. Nothing is recorded, and so nothing changed, without it."
	)
	frappe.throw(message.format(name, folder()), KeysMissing, _("Keys of the audit log are missing"))
