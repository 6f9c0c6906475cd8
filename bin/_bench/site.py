"""Sites of a bench: create, prepare, drop."""

import contextlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import mariadb
from .bench import Bench
from .services import Services, start_redis
from .shell import RUN, CommandFailed, say

ADMIN_PASSWORD = "admin"
TEST_CONFIG = {
	"allow_tests": True,
	"admin_password": ADMIN_PASSWORD,
	# Frappe refuses to queue mail without an outgoing account; nothing is ever sent, the scheduler is off.
	"auto_email_id": "test@example.com",
	"mail_server": "smtp.example.com",
	"mail_login": "test@example.com",
	"mail_password": "test",
}


@dataclass(frozen=True)
class Site:
	bench: Bench
	name: str
	db_type: str

	@property
	def folder(self) -> Path:
		return self.bench.sites / self.name

	@property
	def exists(self) -> bool:
		return (self.folder / "site_config.json").exists()

	@property
	def log(self) -> Path:
		return RUN / f"{self.name}.log"

	def frappe(self, *words: object, **how: object) -> str:
		return self.bench.frappe(self.name, *words, log=self.log, **how)

	def execute(self, method: str, **arguments: object) -> str:
		return self.frappe("execute", method, "--kwargs", repr(arguments))

	def create(self, *apps: str, password: str = ADMIN_PASSWORD) -> None:
		installs = [word for app in apps for word in ("--install-app", app)]
		self.bench.frappe(
			None, "new-site", self.name, "--db-type", self.db_type, *self._root_options(),
			"--admin-password", password, *installs, log=self.log,
		)  # fmt: skip

	def drop(self) -> None:
		"""Drop the site with its database, and leave no archive."""
		with tempfile.TemporaryDirectory() as archive:
			self.bench.frappe(
				None, "drop-site", self.name, "--no-backup", "--force", *self._root_options(),
				"--archived-sites-path", archive, log=self.log,
			)  # fmt: skip
		shutil.rmtree(self.folder, ignore_errors=True)

	def configure(self, **values: object) -> None:
		path = self.folder / "site_config.json"
		path.write_text(json.dumps({**json.loads(path.read_text()), **values}, indent=1, sort_keys=True))

	def installed_apps(self) -> list[str]:
		return [line.split()[0] for line in self.frappe("list-apps").splitlines() if line.strip()]

	def _root_options(self) -> list[str]:
		"""Who may create databases; SQLite asks nobody."""
		if self.db_type == "mariadb":
			return mariadb.root_options(self.bench)
		if self.db_type == "postgres":
			user = os.environ.get("FRAPPE_DB_ROOT_USER", "postgres")
			return [
				"--db-root-username",
				user,
				"--db-root-password",
				os.environ.get("FRAPPE_DB_ROOT_PASSWORD", ""),
			]
		return []


def start_stores(services: Services, bench: Bench, db_type: str) -> None:
	"""What any command on a site needs: its database server and Redis."""
	if db_type == "mariadb":
		mariadb.start(services, bench)
	start_redis(services, bench)


@contextlib.contextmanager
def throw_away(bench: Bench, db_type: str, *apps: str) -> Iterator[Site]:
	"""A new site with a random name; it is dropped at the end, whatever happens."""
	site = Site(bench, f"test-{secrets.token_hex(4)}.localhost", db_type)
	say(f"{bench.name}: creating {site.name} with {', '.join(apps) or 'Frappe alone'}")
	try:
		site.create(*apps)
		site.configure(**TEST_CONFIG)
		yield site
	finally:
		if site.folder.exists():
			say(f"{bench.name}: dropping {site.name}")
			with contextlib.suppress(CommandFailed):
				site.drop()
		site.log.unlink(missing_ok=True)
