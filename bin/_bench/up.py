"""`bin/up` and `bin/down`: from a machine, with or without a bench, to a served site, and back."""

import argparse
import hashlib
import json
import urllib.error
import urllib.request
from pathlib import Path

from . import assets, make_bench
from .bench import APP, Bench, find_benches, is_bench
from .services import Services, answers, start_scheduler, start_socketio, start_web, start_worker
from .shell import CHECKOUT, RUN, CommandFailed, Missing, give_up, say, seconds, wait_until
from .site import ADMIN_PASSWORD, Site, start_stores

SERVICES = RUN / "services"


def up(words: list[str]) -> int:
	options = _parser().parse_args(words)
	try:
		_up(options)
	except (Missing, CommandFailed) as error:
		return give_up(error)
	return 0


def down() -> int:
	"""Stop what `bin/up` started here, and nothing else."""
	services = Services(SERVICES)
	if not services.names():
		say("nothing to stop: bin/up started nothing here")
	services.stop_all()
	return 0


def _up(options: argparse.Namespace) -> None:
	bench = _bench(options.bench)
	db_type = options.db_type or bench.default_db_type
	say(f"using {bench.path} (Frappe {bench.frappe_version}, {db_type})")
	services = Services(SERVICES)
	_check_port(services, bench, options.port)
	bench.link(take_over=True)
	start_stores(services, bench, db_type)
	site = Site(bench, options.site, db_type)
	_prepare(site, demo=options.demo)
	assets.prepare(bench)
	_serve(services, site, options.port)
	_greet(site, options.port)


def _bench(path: str | None) -> Bench:
	if path:
		if not is_bench(Path(path)):
			raise Missing(f"{path} is no bench (no apps/frappe or no env).")
		return Bench(Path(path).absolute())
	found = find_benches()
	return found[0] if found else make_bench.make()


def _check_port(services: Services, bench: Bench, port: int) -> None:
	if answers(port) and not services.runs(f"{bench.name}-web"):
		raise Missing(f"Port {port} is taken by another program. Give a free one: bin/up --port {port + 1}")


def _prepare(site: Site, demo: bool) -> None:
	"""Create, install, migrate and seed: each only where it was not done for these sources."""
	state = _State(site)
	sources = _sources()
	if not site.exists:
		say(f"creating the site {site.name}")
		site.create(APP)
		state.note(made=True, sources=sources)
	elif state.get("sources") != sources:
		_refresh(site)
		state.note(sources=sources)
	if state.get("made"):
		_furnish(site, state, demo)
	elif demo:
		say(f"{site.name} was not made by bin/up: it gets no demo city")


def _furnish(site: Site, state: "_State", demo: bool) -> None:
	if not state.get("wizard"):
		say("answering the set-up wizard")
		site.execute("govcrm.setup.first_run.finish_wizard")
		site.frappe("scheduler", "enable")
		state.note(wizard=True)
	if demo and not state.get("demo"):
		say("making the demo city")
		site.frappe("execute", "govcrm.setup.first_run.make_demo_city", on_line=_say_progress)
		rows = site.execute("govcrm.setup.demo.demo_logins").strip().splitlines()[-1]
		state.note(demo=True, logins=json.loads(rows))


def _say_progress(line: str) -> None:
	if line.startswith("progress: "):
		say(line.removeprefix("progress: "))


def _refresh(site: Site) -> None:
	if APP in site.installed_apps():
		say(f"migrating {site.name}: the sources changed")
		site.frappe("migrate")
	else:
		say(f"installing the app on {site.name}")
		site.frappe("install-app", APP)


class _State:
	"""What was done for a site, kept beside the site's own config so that it goes when the site goes."""

	def __init__(self, site: Site) -> None:
		self.path = site.folder / "govcrm_up.json"

	def get(self, key: str) -> object:
		return self._read().get(key)

	def note(self, **values: object) -> None:
		self.path.write_text(json.dumps({**self._read(), **values}, indent=1))

	def _read(self) -> dict:
		return json.loads(self.path.read_text()) if self.path.exists() else {}


def _sources() -> str:
	"""A digest of everything a migration reads."""
	digest = hashlib.sha256(str(CHECKOUT).encode())
	for path in sorted((CHECKOUT / APP).rglob("*")):
		if path.suffix in (".json", ".py", ".txt") and "tests" not in path.parts:
			digest.update(path.read_bytes())
	return digest.hexdigest()


def _serve(services: Services, site: Site, port: int) -> None:
	bench = site.bench
	if _served_site(services) != (site.name, port, _sources()):
		for name in ("web", "worker", "scheduler", "socketio"):
			services.stop(f"{bench.name}-{name}")
	realtime = start_socketio(services, bench, site.name)
	start_web(services, bench, site.name, port, realtime=realtime)
	start_worker(services, bench)
	start_scheduler(services, bench)
	(SERVICES / "serving.json").write_text(json.dumps([site.name, port, _sources()]))
	wait_until(lambda: _responds(site, port), 60, f"http://127.0.0.1:{port}")


def _served_site(services: Services) -> tuple | None:
	path = SERVICES / "serving.json"
	return tuple(json.loads(path.read_text())) if path.exists() else None


def _responds(site: Site, port: int) -> bool:
	try:
		with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/method/ping", timeout=20) as answer:
			return answer.status == 200
	except (urllib.error.URLError, OSError):
		return False


def _greet(site: Site, port: int) -> None:
	print(f"\nGovCRM runs at http://127.0.0.1:{port}  (site {site.name}, ready in {seconds():.0f} s)\n")
	print("Log in as:")
	for user, password, what in [("Administrator", ADMIN_PASSWORD, "everything"), *_demo_logins(site)]:
		print(f"  {user:36} {password:14} {what}")
	print("\nStop it with bin/down. Logs are in .run/services.", flush=True)


def _demo_logins(site: Site) -> list[tuple[str, str, str]]:
	rows = _State(site).get("logins") or []
	return [(row["user"], row["password"], _in_words(row)) for row in rows]


def _in_words(row: dict) -> str:
	where = f" ({', '.join(row['departments'])})" if row["departments"] else ""
	return f"{', '.join(row['roles'])}{where}"


def _parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(
		prog="bin/up", description="Serve GovCRM with a demo city on this machine."
	)
	parser.add_argument("--site", default="govcrm.localhost", help="name of the site (default: %(default)s)")
	parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (default: %(default)s)")
	parser.add_argument("--no-demo", dest="demo", action="store_false", help="leave the site empty")
	parser.add_argument("--db-type", choices=["mariadb", "postgres", "sqlite"])
	parser.add_argument(
		"--bench", metavar="PATH", help="use this bench (default: $FRAPPE_BENCH, ~/frappe-bench*)"
	)
	return parser
