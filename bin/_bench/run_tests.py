"""`bin/test`: which tiers run on which benches, and what they leave behind (nothing)."""

import argparse
import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from . import assets, tiers, together
from .bench import Bench, find_benches, is_bench
from .report import Outcome, Report
from .services import Services
from .shell import CommandFailed, Missing, exit_on_terminate, give_up, say
from .site import Site, start_stores, throw_away

TIERS = ("plain", "site", "rest", "browser")
BROKEN = (CommandFailed, Missing, OSError)


def main(words: list[str]) -> int:
	words, extra = _split(words)
	parser = _parser()
	options = parser.parse_args(words)
	if unknown := set(options.tiers) - set(TIERS):
		parser.error(f"no such tier: {', '.join(unknown)} (choose from {', '.join(TIERS)})")
	exit_on_terminate()
	report = Report()
	try:
		run_all(options, extra, report)
	except Missing as error:
		return give_up(error)
	report.show()
	if options.outcomes:
		together.write(report, options.outcomes)
	elif not extra:
		report.write()
	return report.exit_code


def run_all(options: argparse.Namespace, extra: list[str], report: Report) -> None:
	wanted = options.tiers or list(TIERS)
	on_bench = [tier for tier in TIERS[1:] if tier in wanted]
	benches = _benches(options.bench) if on_bench else []
	if "plain" in wanted:
		say("plain tests")
		report.add("plain", "-", _guarded(lambda: tiers.plain(extra)))
	if options.together and together.can(benches, options.db_type):
		together.run(benches, on_bench, _passed_on(options, extra), report)
	else:
		for bench in benches:
			_run_on_bench(bench, on_bench, options, extra, report)
	for tier in on_bench if not benches else []:
		reason = "no bench: none in $FRAPPE_BENCH, none at ~/frappe-bench*"
		report.add(tier, "-", Outcome(reason=reason))


def _passed_on(options: argparse.Namespace, extra: list[str]) -> list[str]:
	own = [] if options.lifecycle else ["--no-lifecycle"]
	return [*own, "--", *extra] if extra else own


def _run_on_bench(
	bench: Bench, wanted: list[str], options: argparse.Namespace, extra: list[str], report: Report
) -> None:
	db_type = options.db_type or bench.default_db_type
	say(f"{bench.name}: Frappe {bench.frappe_version} on {db_type}")
	try:
		with _services() as services:
			bench.link()
			bench.require_test_packages()
			start_stores(services, bench, db_type)
			with throw_away(bench, db_type, "govcrm") as place:
				_run_on_site(services, place, wanted, extra, report)
			if "site" in wanted and options.lifecycle:
				_run_lifecycle(bench, db_type, extra, report)
	except BROKEN as error:
		say(f"{bench.name}: {error}")
		for tier in wanted:
			if bench.name not in report.outcomes.get(tier, {}):
				report.add(tier, bench.name, Outcome(failed=1, reason=_first_line(error)))


def _run_on_site(
	services: Services, place: Site, wanted: list[str], extra: list[str], report: Report
) -> None:
	name = place.bench.name
	if "site" in wanted:
		say(f"{name}: site tests")
		report.add("site", name, _guarded(lambda: tiers.site(place, extra)))
	served = [tier for tier in wanted if tier != "site"]
	if served:
		place.execute("govcrm.setup.first_run.finish_wizard")
		assets.prepare(place.bench)
		env = tiers.serve(services, place)
	for tier in served:
		say(f"{name}: {tier} tests on {env['GOVCRM_SITE_URL']}")
		report.add(tier, name, _guarded(lambda tier=tier: tiers.served(tier, place, env, extra)))
	# A worker takes the jobs of every site of its bench: it would write into the next one while that is tested.
	tiers.stop_serving(services, place.bench)


def _run_lifecycle(bench: Bench, db_type: str, extra: list[str], report: Report) -> None:
	"""The app comes to a site that has other apps, and leaves it."""
	others = ["erpnext"] if bench.has_app("erpnext") else []
	label = f"{bench.name} (beside {', '.join(['Frappe', *others])})"

	def live() -> Outcome:
		with throw_away(bench, db_type, *others) as place:
			return tiers.lifecycle(place, extra)

	report.add("site", label, _guarded(live))


def _guarded(tier: Callable[[], Outcome]) -> Outcome:
	"""A tier that breaks is a failure of that tier; the others still run."""
	try:
		return tier()
	except BROKEN as error:
		say(str(error))
		return Outcome(failed=1, reason=_first_line(error))


@contextlib.contextmanager
def _services() -> Iterator[Services]:
	with tempfile.TemporaryDirectory() as folder:
		services = Services(Path(folder))
		try:
			yield services
		finally:
			services.stop_all()


def _benches(paths: list[str] | None) -> list[Bench]:
	if not paths:
		return find_benches()
	for path in paths:
		if not is_bench(Path(path)):
			raise Missing(f"{path} is no bench (no apps/frappe or no env).")
	return [Bench(Path(path).absolute()) for path in paths]


def _split(words: list[str]) -> tuple[list[str], list[str]]:
	"""Our words, and those after `--` for pytest."""
	if "--" not in words:
		return words, []
	middle = words.index("--")
	return words[:middle], words[middle + 1 :]


def _first_line(error: Exception) -> str:
	return str(error).splitlines()[0]


def _parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(
		prog="bin/test",
		description="Run the tests. Without a bench only the plain tier runs. Words after -- go to pytest.",
	)
	parser.add_argument(
		"tiers",
		nargs="*",
		metavar="tier",
		help=f"one or more of {', '.join(TIERS)} (default: all)",
	)
	parser.add_argument(
		"--bench", action="append", metavar="PATH", help="use this bench (may be given again)"
	)
	parser.add_argument(
		"--together", action="store_true",
		help="benches side by side, where no two need the same database server",
	)  # fmt: skip
	parser.add_argument("--outcomes", metavar="FILE", help=argparse.SUPPRESS)
	parser.add_argument("--db-type", choices=["mariadb", "postgres", "sqlite"])
	parser.add_argument(
		"--no-lifecycle", dest="lifecycle", action="store_false",
		help="leave out the second site, where the app is installed beside others and removed",
	)  # fmt: skip
	return parser
