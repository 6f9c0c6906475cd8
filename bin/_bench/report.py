"""What ran, what it gave, and what could not run: on the screen and in `.test-report.json`."""

import json
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from .shell import CHECKOUT

PATH = CHECKOUT / ".test-report.json"


@dataclass
class Outcome:
	"""One tier on one bench. `rerun` counts tests tried a second time. `reason` says why it did not run, or what broke before a test could."""

	passed: int = 0
	failed: int = 0
	skipped: int = 0
	rerun: int = 0
	seconds: float = 0
	reason: str = ""

	@property
	def ran(self) -> bool:
		return bool(self.passed or self.failed or self.skipped)


def read_counts(path: Path, exit_code: int) -> Outcome:
	"""The figures that `counting` wrote. A run that broke without any, or with no test failing, is one failure."""
	no_tests_collected = 5
	if exit_code == no_tests_collected:
		return Outcome(reason="no test was collected")
	if not path.exists():
		return Outcome(failed=1, reason=f"pytest ended with {exit_code} before any test")
	outcome = Outcome(**json.loads(path.read_text()))
	outcome.failed = max(outcome.failed, 1 if exit_code else 0)
	return outcome


class Report:
	def __init__(self) -> None:
		self.outcomes: dict[str, dict[str, Outcome]] = {}

	def add(self, tier: str, bench: str, outcome: Outcome) -> None:
		self.outcomes.setdefault(tier, {})[bench] = outcome

	@property
	def all(self) -> list[Outcome]:
		return [outcome for benches in self.outcomes.values() for outcome in benches.values()]

	@property
	def exit_code(self) -> int:
		return 1 if any(outcome.failed for outcome in self.all) else 0

	def show(self) -> None:
		"""One line for each tier and bench, then the sum alone on its line."""
		print("\nTier     Bench")
		for tier, benches in self.outcomes.items():
			for bench, outcome in benches.items():
				print(f"{tier:8} {bench:42} {_in_words(outcome)}")
		total = [
			sum(getattr(outcome, key) for outcome in self.all) for key in ("passed", "failed", "skipped")
		]
		print("\n{} passed, {} failed, {} skipped".format(*total), flush=True)

	def write(self) -> None:
		"""Keep the figures, with those of other tiers at the same commit."""
		commit = _commit()
		before = _read_previous()
		tiers = before.get("tiers", {}) if before.get("commit") == commit else {}
		for tier, benches in self.outcomes.items():
			tiers.setdefault(tier, {}).update({name: _as_data(outcome) for name, outcome in benches.items()})
		PATH.write_text(json.dumps({"commit": commit, "tiers": tiers}, indent=1) + "\n")


def _in_words(outcome: Outcome) -> str:
	figures = f"{outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped in {outcome.seconds:.0f} s"
	if not outcome.ran:
		return f"did not run: {outcome.reason}"
	if outcome.rerun:
		figures += f", {outcome.rerun} of them run again after a failure"
	return f"{figures} ({outcome.reason})" if outcome.reason else figures


def _as_data(outcome: Outcome) -> dict:
	return {key: value for key, value in asdict(outcome).items() if value != ""}


def _commit() -> str:
	done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=CHECKOUT, capture_output=True, text=True)
	return done.stdout.strip()


def _read_previous() -> dict:
	try:
		return json.loads(PATH.read_text())
	except (OSError, ValueError):
		return {}
