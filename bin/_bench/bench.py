"""A bench: where it lies, what it holds, and how this checkout becomes one of its apps."""

import json
import os
import re
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlparse

from . import requirements
from .shell import CHECKOUT, Missing, run, say, succeeds

APP = "govcrm"


@dataclass(frozen=True)
class Bench:
	path: Path

	@property
	def name(self) -> str:
		return self.path.name

	@property
	def python(self) -> Path:
		return self.path / "env" / "bin" / "python"

	@property
	def sites(self) -> Path:
		return self.path / "sites"

	@cached_property
	def config(self) -> dict:
		"""The common site config of the bench; empty when there is none."""
		path = self.sites / "common_site_config.json"
		return json.loads(path.read_text()) if path.exists() else {}

	@cached_property
	def frappe_version(self) -> str:
		text = (self.path / "apps/frappe/frappe/__init__.py").read_text()
		return re.search(r'^__version__ = "([^"]+)"', text, re.M).group(1)

	@property
	def major(self) -> int:
		return int(self.frappe_version.split(".")[0])

	@property
	def default_db_type(self) -> str:
		"""The embedded database where Frappe has one."""
		return "sqlite" if self.major >= 16 else "mariadb"

	@property
	def redis_ports(self) -> dict[str, int]:
		"""Port of each Redis on this machine that the bench uses, by the key of its config."""
		urls = {key: self.config.get(key) for key in ("redis_cache", "redis_queue")}
		parsed = {key: urlparse(url) for key, url in urls.items() if url}
		return {key: url.port for key, url in parsed.items() if url.hostname in ("127.0.0.1", "localhost")}

	@property
	def env(self) -> dict[str, str]:
		"""Environment of every process on the bench: this checkout wins over any other one installed there."""
		paths = [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]
		return {"PYTHONPATH": os.pathsep.join(path for path in paths if path)}

	def has_app(self, app: str) -> bool:
		return app in self._apps() and (self.path / "apps" / app).exists()

	def _apps(self) -> list[str]:
		path = self.sites / "apps.txt"
		return path.read_text().split() if path.exists() else []

	def frappe_command(self, site: str | None, *words: object) -> list[str]:
		chosen = ["--site", site] if site else []
		return [str(self.python), "-m", "frappe.utils.bench_helper", "frappe", *chosen, *map(str, words)]

	def frappe(self, site: str | None, *words: object, **how: object) -> str:
		"""Run one of Frappe's commands from the sites folder, as bench does; `how` is for `shell.run`."""
		return run(*self.frappe_command(site, *words), cwd=self.sites, env=self.env, **how)

	def link(self, take_over: bool = False) -> None:
		"""Make this checkout an app of the bench.

		A link to another checkout is left as it is unless `take_over`: our processes find this one first anyway.
		"""
		place = self.path / "apps" / APP
		if place.exists() and not place.is_symlink() and place.resolve() != CHECKOUT:
			raise Missing(
				f"{place} is a folder of its own and not a link, so this checkout ({CHECKOUT}) cannot be used "
				f"in that bench. Move the folder away or name another bench in $FRAPPE_BENCH."
			)
		if not place.exists() or (take_over and place.resolve() != CHECKOUT):
			say(f"{self.name}: linking apps/{APP} to this checkout")
			place.unlink(missing_ok=True)
			place.symlink_to(CHECKOUT, target_is_directory=True)
		self._list_app()
		if take_over and not self._installed_here():
			self.pip_install("-e", CHECKOUT)
		self._require(requirements.of_app())

	def require_test_packages(self) -> None:
		self._require(requirements.of_tests())

	def pip_install(self, *words: object) -> None:
		"""Install into the bench's environment, with pip, or uv where the environment has none."""
		say(f"{self.name}: installing {' '.join(str(word) for word in words)}")
		if succeeds(self.python, "-m", "pip", "--version"):
			run(self.python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *words)
		elif shutil.which("uv"):
			run("uv", "pip", "install", "-q", "--python", self.python, *words)
		else:
			raise Missing(f"{self.python} has no pip and there is no uv; install one of them.")

	def _list_app(self) -> None:
		if APP not in self._apps():
			(self.sites / "apps.txt").write_text("\n".join([*self._apps(), APP]) + "\n")

	def _installed_here(self) -> bool:
		code = f"import pathlib, {APP}; print(pathlib.Path({APP}.__file__).resolve().parents[1])"
		try:
			return run(self.python, "-c", code, cwd=self.sites).strip() == str(CHECKOUT)
		except Exception:
			return False

	def _require(self, wanted: list[str]) -> None:
		if not requirements.present(self.python, wanted):
			self.pip_install(*wanted)


def is_bench(path: Path) -> bool:
	return (path / "apps/frappe/frappe/__init__.py").exists() and (path / "env/bin/python").exists()


def find_benches() -> list[Bench]:
	"""The benches named in $FRAPPE_BENCH (several with colons between), else those at ~/frappe-bench*."""
	named = [Path(part).expanduser() for part in os.environ.get("FRAPPE_BENCH", "").split(":") if part]
	for path in named:
		if not is_bench(path):
			raise Missing(f"$FRAPPE_BENCH names {path}, which is no bench (no apps/frappe or no env).")
	found = named or sorted(path for path in Path.home().glob("frappe-bench*") if is_bench(path))
	return [Bench(path.absolute()) for path in found]
