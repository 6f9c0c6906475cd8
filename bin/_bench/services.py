"""The processes a bench needs. What runs already is used; only what was started here is ever stopped."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from .bench import Bench
from .shell import CHECKOUT, CommandFailed, Missing, say, wait_until


class Services:
	"""Starts processes and remembers them by name in a folder of pid files."""

	def __init__(self, folder: Path) -> None:
		self.folder = folder
		folder.mkdir(parents=True, exist_ok=True)

	def start(self, name: str, command: list, cwd: Path, env: dict | None = None) -> None:
		"""Start `command` in its own process group, unless a process of that name of ours still runs."""
		if self.runs(name):
			return
		say(f"starting {name}")
		with (self.folder / f"{name}.log").open("ab") as log:
			process = subprocess.Popen(
				[str(word) for word in command],
				cwd=cwd,
				env={**os.environ, **(env or {})},
				stdin=subprocess.DEVNULL,
				stdout=log,
				stderr=log,
				start_new_session=True,
			)
		note = {"pid": process.pid, "born": _born(process.pid)}
		(self.folder / f"{name}.pid").write_text(json.dumps(note))

	def runs(self, name: str) -> bool:
		return self._pid(name) is not None

	def names(self) -> list[str]:
		"""What was started here and not stopped, the oldest first."""
		notes = sorted(self.folder.glob("*.pid"), key=lambda path: path.stat().st_mtime_ns)
		return [note.stem for note in notes]

	def stop_all(self) -> None:
		"""Stop everything, the youngest first, so that nothing loses what it stands on."""
		for name in reversed(self.names()):
			self.stop(name)

	def stop(self, name: str) -> None:
		pid = self._pid(name)
		if pid:
			say(f"stopping {name}")
			_end_group(pid)
		(self.folder / f"{name}.pid").unlink(missing_ok=True)

	def tail(self, name: str, lines: int = 15) -> str:
		path = self.folder / f"{name}.log"
		return "\n".join(path.read_text(errors="replace").splitlines()[-lines:]) if path.exists() else ""

	def _pid(self, name: str) -> int | None:
		"""The process id, if that process still runs and is the one started here (ids are used again)."""
		try:
			note = json.loads((self.folder / f"{name}.pid").read_text())
		except (OSError, ValueError):
			return None
		born = _born(note["pid"])
		return note["pid"] if born and born == note["born"] else None


def start_redis(services: Services, bench: Bench) -> None:
	for key, port in bench.redis_ports.items():
		if answers(port):
			continue
		if not shutil.which("redis-server"):
			raise Missing(
				"Redis is not installed. Install it (`apt-get install redis-server`) and try again."
			)
		command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
		services.start(f"{bench.name}-{key}", command, cwd=services.folder)
		wait_until(lambda port=port: answers(port), 20, f"Redis on port {port}")


def start_web(
	services: Services, bench: Bench, site: str, port: int, workers: int = 2, realtime: int | None = None
) -> None:
	"""Serve one site on the loopback address, static files too, with several workers.

	`realtime` is the port of socket.io, when it runs.
	"""
	name = f"{bench.name}-web"
	command = [
		bench.python, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", workers, "--threads", 8,
		"--worker-class", "gthread", "--timeout", 120, "--preload", "--chdir", bench.sites,
		# A busy worker that ends an idle connection as the next request arrives on it resets that request.
		"--keep-alive", 75,
		"--pythonpath", CHECKOUT / "bin" / "_bench", "wsgi:application",
	]  # fmt: skip
	env = {**bench.env, "GOVCRM_SITE": site, "GOVCRM_SOCKETIO_PORT": str(realtime or "")}
	services.start(name, command, cwd=bench.sites, env=env)
	try:
		wait_until(lambda: answers(port) or not services.runs(name), 60, "the web server")
	except CommandFailed as error:
		raise CommandFailed(f"{error}\n{services.tail(name)}") from None
	if not services.runs(name):
		raise CommandFailed(f"The web server stopped at once:\n{services.tail(name)}")


def start_worker(services: Services, bench: Bench) -> None:
	command = bench.frappe_command(None, "worker", "--queue", "short,default,long")
	services.start(f"{bench.name}-worker", command, cwd=bench.sites, env=bench.env)


def start_scheduler(services: Services, bench: Bench) -> None:
	command = bench.frappe_command(None, "schedule")
	services.start(f"{bench.name}-scheduler", command, cwd=bench.sites, env=bench.env)


def start_socketio(services: Services, bench: Bench, site: str) -> int | None:
	"""Start Frappe's socket.io on the loopback address; its port, or None where Node cannot run it."""
	script = bench.path / "apps/frappe/socketio.js"
	port = bench.config.get("socketio_port")
	if not (port and shutil.which("node") and (script.parent / "node_modules/socket.io").exists()):
		say("no live updates in the browser: Node or Frappe's node_modules are missing")
		return None
	if not answers(port):
		command = ["node", "--require", Path(__file__).parent / "realtime.cjs", script]
		services.start(f"{bench.name}-socketio", command, cwd=bench.path, env={"GOVCRM_SITE": site})
	return port


def answers(port: int) -> bool:
	with contextlib.closing(socket.socket()) as probe:
		probe.settimeout(1)
		return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
	with contextlib.closing(socket.socket()) as probe:
		probe.bind(("127.0.0.1", 0))
		return probe.getsockname()[1]


def _born(pid: int) -> str | None:
	"""When the process was started, in the kernel's ticks; None when it is gone or a zombie."""
	try:
		fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
	except OSError:
		return None
	return None if fields[0] == "Z" else fields[19]


def _end_group(pid: int) -> None:
	for number, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
		with contextlib.suppress(ProcessLookupError):
			os.killpg(pid, number)
		end = time.monotonic() + patience
		while _born(pid) and time.monotonic() < end:
			time.sleep(0.1)
		if not _born(pid):
			return
