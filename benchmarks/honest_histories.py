"""False alarms of the verifier over many random honest histories of the pure ledger. There must be none.

Anywhere, without Frappe: `python benchmarks/honest_histories.py --histories 10000`. Each history is a random course of acts,
seals, anchors, key rotations and destructions, exported as a whole and in parts, with earlier checkpoints remembered.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/domain")]

from histories import Agency, random_agency, write  # noqa: E402

from govcrm.accountability import verify  # noqa: E402


def alarms(agency: Agency, folder: Path, dice: random.Random) -> list[str]:
	"""What the verifier says of an honest history: as one file, and as several."""
	found = []
	cuts = sorted({0, len(agency.seals), *(dice.randint(0, len(agency.seals)) for _ in range(2))})
	parts = [write(folder / f"{begin}.gz", agency.lines(begin, end)) for begin, end in pairwise(cuts)]
	remembered = [seal.line() for seal in agency.seals if dice.random() < 0.3]
	for paths in ([write(folder / "whole.gz", agency.lines())], parts):
		claims = [claim for line in remembered for claim in verify._claims("earlier", line)]
		report = verify.Verifier([agency.first_public], claims).verify(paths) if paths else None
		if report and report.code != verify.VALID:
			found.append("\n".join(verify.words(report)))
	return found


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--histories", type=int, default=10_000)
	parser.add_argument("--seed", type=int, default=0)
	arguments = parser.parse_args()
	began, false, counts = time.perf_counter(), 0, Counter()
	with tempfile.TemporaryDirectory() as folder:
		for seed in range(arguments.seed, arguments.seed + arguments.histories):
			agency = random_agency(seed)
			counts.update(events=len(agency.events), checkpoints=len(agency.seals), keys=len(agency.keys))
			for text in alarms(agency, Path(folder), random.Random(seed)):
				false += 1
				print(f"Seed {seed}: {text}")
	told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
	seconds = time.perf_counter() - began
	print(f"{arguments.histories:,} honest histories ({told}), {seconds:.0f} s: {false} false alarms")
	raise SystemExit(bool(false))


if __name__ == "__main__":
	main()
