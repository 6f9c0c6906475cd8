"""Benches side by side: each in a `bin/test` of its own, its output shown whole when it has ended."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from .bench import Bench
from .report import Outcome, Report
from .shell import CHECKOUT, say

CLEANING_UP = 60  # seconds; a run that was told to stop drops its sites


def can(benches: list[Bench], db_type: str | None) -> bool:
	"""Whether no two of the benches need the same database server, which who started it stops at its end."""
	return len(benches) > 1 and not db_type and len({one.default_db_type for one in benches}) == len(benches)


def run(benches: list[Bench], tiers: list[str], words: list[str], report: Report) -> None:
	"""Run the tiers on all benches at once and add their outcomes; `words` go to each run."""
	with TemporaryDirectory() as name, contextlib.ExitStack() as stack:
		folder = Path(name)
		say(f"side by side: {', '.join(bench.name for bench in benches)}")
		running = {
			bench.name: stack.enter_context(_started(bench, [*tiers, *words], folder)) for bench in benches
		}
		for name in _as_they_end(running):
			print((folder / f"{name}.log").read_text(errors="replace"), flush=True)
			_add(report, name, tiers, folder / f"{name}.json", running[name].returncode)


@contextlib.contextmanager
def _started(bench: Bench, words: list[str], folder: Path) -> Iterator[subprocess.Popen]:
	"""Whoever leaves early has it clean up too."""
	outcomes = str(folder / f"{bench.name}.json")
	own = ["--bench", str(bench.path), "--outcomes", outcomes]
	command = [sys.executable, str(CHECKOUT / "bin/test"), *own, *words]
	with (folder / f"{bench.name}.log").open("w") as log:
		process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
	try:
		yield process
	finally:
		if process.poll() is None:
			process.terminate()
			process.wait(CLEANING_UP)


def _as_they_end(running: dict[str, subprocess.Popen]) -> Iterator[str]:
	waiting = set(running)
	while waiting:
		for name in [name for name in sorted(waiting) if running[name].poll() is not None]:
			waiting.remove(name)
			yield name
		time.sleep(0.5)


def _add(report: Report, name: str, tiers: list[str], path: Path, exit_code: int) -> None:
	"""What the run wrote; one that ended without is a failure of each of its tiers."""
	if not path.exists():
		for tier in tiers:
			report.add(tier, name, Outcome(failed=1, reason=f"bin/test ended with {exit_code}"))
		return
	for tier, benches in json.loads(path.read_text()).items():
		for bench, values in benches.items():
			report.add(tier, bench, Outcome(**values))


def write(report: Report, path: str) -> None:
	"""For the run that began this one."""
	tiers = {
		tier: {name: asdict(one) for name, one in benches.items()}
		for tier, benches in report.outcomes.items()
	}
	Path(path).write_text(json.dumps(tiers))
