"""A bench for a machine that has none: with the official installer, from the framework's own repository."""

import os
import shutil
import sys
import venv
from pathlib import Path

from .bench import Bench
from .shell import RUN, Missing, run, say, succeeds

REPOSITORY = "https://github.com/frappe/frappe"
PACKAGES = {
	"git": "git",
	"redis-server": "redis-server",
	"node": "nodejs",
	"npm": "npm",
	"gcc": "build-essential",
	"pkg-config": "pkg-config",
}
MARIADB_PACKAGES = {"mariadbd": "mariadb-server", "mariadb": "mariadb-client"}


def make() -> Bench:
	"""Make ~/frappe-bench. Missing when the framework's source or a system package cannot be had."""
	branch = _branch()
	repository = os.environ.get("FRAPPE_REPO", REPOSITORY)
	say(f"no bench found; making ~/frappe-bench with Frappe {branch}")
	_install_packages(branch)
	_check_source(repository, branch)
	place = Path.home() / "frappe-bench"
	bench = _installer()
	say("getting Frappe and its packages; this takes some minutes (log in .run/bench-init.log)")
	run(
		bench, "init", "--frappe-path", repository, "--frappe-branch", branch, "--python", sys.executable, place,
		cwd=Path.home(), env=_with_installer_on_path(bench), log=RUN / "bench-init.log",
	)  # fmt: skip
	return Bench(place)


def _branch() -> str:
	"""Frappe 16 needs Python 3.14; Frappe 15 runs on 3.10 to 3.13."""
	return "version-16" if sys.version_info >= (3, 14) else "version-15"


def _install_packages(branch: str) -> None:
	"""Install what is missing with apt, where that is allowed."""
	wanted = PACKAGES if branch == "version-16" else {**PACKAGES, **MARIADB_PACKAGES}
	missing = [package for command, package in wanted.items() if not _has(command)]
	if missing:
		_apt(missing)
	if not _has("yarn"):
		say("installing yarn")
		run(*_as_root(), "npm", "install", "--global", "yarn")


def _has(command: str) -> bool:
	return bool(shutil.which(command) or shutil.which(command, path="/usr/sbin:/sbin"))


def _apt(packages: list[str]) -> None:
	words = " ".join(packages)
	if not shutil.which("apt-get") or _as_root() is None:
		raise Missing(
			f"These system packages are missing and cannot be installed without root: {words}. Ask somebody who may: "
			f"apt-get install {words}. Or name an existing bench in $FRAPPE_BENCH."
		)
	say(f"installing {words}")
	run(*_as_root(), "apt-get", "update", "-qq")
	run(*_as_root(), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", *packages)


def _as_root() -> list[str] | None:
	"""Words before a command that needs root; None when we may not."""
	if os.geteuid() == 0:
		return []
	return ["sudo", "-n"] if succeeds("sudo", "-n", "true") else None


def _check_source(repository: str, branch: str) -> None:
	quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_HTTP_LOW_SPEED_LIMIT": "1", "GIT_HTTP_LOW_SPEED_TIME": "20"}
	if not succeeds("git", "ls-remote", "--exit-code", repository, f"refs/heads/{branch}", env=quiet):
		raise Missing(
			f"There is no bench on this machine, and Frappe's source cannot be reached to make one: "
			f"{repository} has no branch {branch} or does not answer. Give the address of a mirror in $FRAPPE_REPO, "
			f"for instance FRAPPE_REPO=https://git.example.org/frappe.git bin/up, or the folder of an existing bench "
			f"in $FRAPPE_BENCH, for instance FRAPPE_BENCH=/srv/frappe-bench bin/up."
		)


def _installer() -> Path:
	"""The `bench` command, from PyPI, in an environment of its own unless the machine has it."""
	found = shutil.which("bench")
	if found:
		return Path(found)
	folder = RUN / "bench-cli"
	if not (folder / "bin/bench").exists():
		say("installing frappe-bench from PyPI")
		venv.create(folder, with_pip=True, clear=True)
		run(folder / "bin/python", "-m", "pip", "install", "-q", "frappe-bench", "uv")
	return folder / "bin/bench"


def _with_installer_on_path(bench: Path) -> dict[str, str]:
	return {"PATH": f"{bench.parent}{os.pathsep}{os.environ['PATH']}"}
