"""The database server of benches that use MariaDB: start it when it is down, find who may create databases."""

import json
import os
import secrets
import shutil
from pathlib import Path

from .bench import Bench
from .services import Services, answers
from .shell import RUN, Missing, say, succeeds, wait_until

ADMIN_NOTE = RUN / "mariadb.json"


def start(services: Services, bench: Bench) -> None:
	"""Start MariaDB unless it answers or lies on another machine."""
	host, port = _address(bench)
	if host not in ("127.0.0.1", "localhost") or answers(port):
		return
	server = shutil.which("mariadbd-safe") or shutil.which("mysqld_safe")
	if not server:
		raise Missing(
			"MariaDB is not installed. Install it (`apt-get install mariadb-server mariadb-client`) or use a "
			"bench of Frappe 16, which needs no database server."
		)
	_make_socket_folder()
	services.start("mariadb", [server, "--user=mysql"], cwd=Path("/"))
	wait_until(lambda: answers(port), 60, "MariaDB")


def root_options(bench: Bench) -> list[str]:
	"""Options of `new-site` and `drop-site` that name a database user who may create databases."""
	for user, password in _candidates(bench):
		if password is not None and _may_log_in(bench, user, password):
			return ["--db-root-username", user, "--db-root-password", password]
	return _make_admin(bench)


def _candidates(bench: Bench) -> list[tuple[str, str | None]]:
	note = json.loads(ADMIN_NOTE.read_text()) if ADMIN_NOTE.exists() else {}
	root = bench.config.get("root_login") or "root"
	return [
		(os.environ.get("FRAPPE_DB_ROOT_USER", root), os.environ.get("FRAPPE_DB_ROOT_PASSWORD")),
		(root, bench.config.get("root_password")),
		(note.get("user", ""), note.get("password")),
		("root", "root"),
		("root", ""),
	]


def _may_log_in(bench: Bench, user: str, password: str) -> bool:
	host, port = _address(bench)
	code = (
		"import os, pymysql; "
		"pymysql.connect(host=os.environ['H'], port=int(os.environ['P']), user=os.environ['U'], password=os.environ['W'])"
	)
	env = {"H": host, "P": str(port), "U": user, "W": password}
	client = (
		"import os, MySQLdb; "
		"MySQLdb.connect(host=os.environ['H'], port=int(os.environ['P']), user=os.environ['U'], passwd=os.environ['W'])"
	)
	return succeeds(bench.python, "-c", code, env=env) or succeeds(bench.python, "-c", client, env=env)


def _make_admin(bench: Bench) -> list[str]:
	"""A database user of our own, made over the server's socket; its password is kept in `.run`."""
	user, password = "govcrm_admin", secrets.token_hex(16)
	statement = "".join(
		f"CREATE OR REPLACE USER '{user}'@'{host}' IDENTIFIED BY '{password}';"
		f"GRANT ALL PRIVILEGES ON *.* TO '{user}'@'{host}' WITH GRANT OPTION;"
		for host in ("localhost", "127.0.0.1")
	)
	sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
	if not succeeds(*sudo, "mariadb", "-e", statement):
		raise Missing(
			"MariaDB runs but no user is known who may create databases. Give one in $FRAPPE_DB_ROOT_USER and "
			"$FRAPPE_DB_ROOT_PASSWORD, or as root_login and root_password in the bench's common_site_config.json."
		)
	say("made the database user govcrm_admin (password in .run/mariadb.json)")
	RUN.mkdir(exist_ok=True)
	ADMIN_NOTE.touch(mode=0o600)
	ADMIN_NOTE.write_text(json.dumps({"user": user, "password": password}))
	return ["--db-root-username", user, "--db-root-password", password]


def _make_socket_folder() -> None:
	"""The server's own unit file makes this folder; started by hand it is missing after a reboot."""
	folder = Path("/run/mysqld")
	if not folder.exists() and os.geteuid() == 0:
		folder.mkdir()
		shutil.chown(folder, "mysql")


def _address(bench: Bench) -> tuple[str, int]:
	return bench.config.get("db_host") or "127.0.0.1", int(bench.config.get("db_port") or 3306)
