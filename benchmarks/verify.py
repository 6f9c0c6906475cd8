"""Events a second and memory of the verifier, over logs of any size that are written to a file one line after the other.

Anywhere, without Frappe:

	python benchmarks/verify.py --events 1000000 --workers 1 2

Each event has what a save of a case leaves: six commitments, one row, an encrypted payload; a checkpoint stands behind each 500,
and each case has two events and a row in the snapshot. Events come a second apart. Only the time of `govcrm-verify` in a process of its
own is measured; memory is the peak of all its processes together.
"""

import argparse
import gzip
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from govcrm.domain.ledger import checkpoint, leaf, merkle

VERIFIER = Path(__file__).parents[1] / "govcrm/accountability/verify.py"
LOG, EVERY, PAYLOAD = "5" * 32, 500, 300
PATHS = ("reason", "status/after", "status/before", "subject/after", "subject/before", "workflow_state/after")


class Log:
	"""Lines of an export, made as they are asked for."""

	def __init__(self, events: int, payloads: bool):
		self.events, self.payloads = events // 2 * 2, payloads
		# Nothing to keep secret, and the same file each time.
		self.private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"benchmark").digest())
		self.public = checkpoint.public_of(self.private)
		self.tree, self.previous = merkle.Range(), checkpoint.NONE_BEFORE
		self.dice = random.Random(1)
		self.checkpoints = 0

	def lines(self) -> Iterator[str]:
		head = {"t": "log", "v": 1, "origin": LOG, "from_seq": 1, "to_seq": self.events, "newest": True}
		head.update(frontier=[], start=None, doctypes=["Case"], made_at=self.at(self.events + 1))
		yield json.dumps(head)
		yield json.dumps(self.key())
		for seq in range(1, self.events + 1):
			yield self.event(seq)
			if seq % EVERY == 0 or seq == self.events:
				yield self.checkpoint(seq)
		rows = range(1, self.events // 2 + 1)
		for number in rows:
			yield f'{{"t":"r","doctype":"Case","name":"CASE-{number:012d}","hash":"{row_hash(2 * number)}"}}'
		yield json.dumps(
			{
				"t": "end",
				"events": self.events,
				"checkpoints": self.checkpoints,
				"rows": len(rows),
				"unsealed": 0,
			}
		)

	def key(self) -> dict:
		told = {"t": "key", "key": checkpoint.key_id(self.public), "public": self.public, "from_size": 0}
		return {**told, "endorsed_by": None, "endorsement": None}

	def event(self, seq: int) -> str:
		closed = self.dice.randbytes(PAYLOAD)
		digest = hashlib.sha256(closed).hexdigest()
		secret = self.dice.randbytes(32 * len(PATHS)).hex()
		commitments = ",".join(f'"{path}":"{secret[n * 64 : n * 64 + 64]}"' for n, path in enumerate(PATHS))
		record = (seq + 1) // 2  # two events for each case
		header = (
			f'{{"action":null,"actor":"{secret[:16]}","at":"{self.at(seq)}","auth":"session","class":"Internal","commitments":'
			f'{{{commitments}}},"department":"Public Works","doctype":"Case","id":"01M82NQAZ5{seq:016d}","impersonator":null,'
			f'"log":"{LOG}","method":"frappe.desk.form.save.savedocs","name":"CASE-{record:012d}","offset":"-05:00",'
			f'"outcome":"Success","payload":"{digest}","policy":"govcrm 0.1.0; access 0f1e2d3c","request":"01M82NQAZ593BAF2B26K9TZ40A",'
			f'"rows":[["Case","CASE-{record:012d}","{row_hash(seq)}"]],"session":"0123456789abcdef","subject":"Case/CASE-{record:012d}",'
			'"v":1,"verb":"update","via":"request"}'
		)
		self.tree.append(leaf.leaf_hash(header.encode()))
		payload = f',"payload":"{b64encode(closed).decode()}"' if self.payloads else ""
		escaped = header.replace('"', '\\"')
		return f'{{"t":"e","seq":{seq},"header":"{escaped}"{payload}}}'

	def checkpoint(self, seq: int) -> str:
		root, key = self.tree.root().hex(), checkpoint.key_id(self.public)
		body = checkpoint.body(
			origin=LOG, size=seq, root=root, time=self.at(seq), previous=self.previous, key=key
		)
		self.previous = checkpoint.hash_of(body)
		self.checkpoints += 1
		line = {"t": "c", "checkpoint": body.decode(), "signature": checkpoint.sign(self.private, body)}
		return json.dumps(line)

	@staticmethod
	def at(seq: int) -> str:
		return f"{datetime(2026, 1, 1) + timedelta(seconds=seq):%Y-%m-%dT%H:%M:%S.%f}Z"


def row_hash(seq: int) -> str:
	return hashlib.sha256(b"%d" % seq).hexdigest()


def write(path: Path, log: Log) -> None:
	with gzip.open(path, "wt", compresslevel=1, encoding="utf-8", newline="\n") as file:
		for line in log.lines():
			file.write(line + "\n")


def measure(path: Path, key: str, workers: int) -> tuple[float, int]:
	"""Seconds, and the peak of memory of the process and its workers in bytes."""
	command = [sys.executable, str(VERIFIER), str(path), "--key", key, "--workers", str(workers)]
	began = time.perf_counter()
	process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
	peak = 0
	while process.poll() is None:
		peak = max(peak, memory_of(process.pid))
		time.sleep(0.05)
	seconds, told = time.perf_counter() - began, process.stdout.read()
	if process.returncode or not told.startswith("VALID"):
		raise SystemExit(told + process.stderr.read())
	return seconds, peak


def processor_seconds() -> float:
	"""Of all verifiers until now: beside other work on the machine it tells more than the clock."""
	used = resource.getrusage(resource.RUSAGE_CHILDREN)
	return used.ru_utime + used.ru_stime


def memory_of(pid: int) -> int:
	"""Memory that the process and its children have for themselves, plus what they share once (Linux)."""
	children = Path(f"/proc/{pid}/task/{pid}/children")
	try:
		pids = [pid, *map(int, children.read_text().split())]
		return sum(proportional(one) for one in pids)
	except OSError:
		return 0


def proportional(pid: int) -> int:
	lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
	return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def main() -> None:
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	parser.add_argument("--events", type=int, nargs="+", default=[100_000, 1_000_000])
	parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
	parser.add_argument("--payloads", action="store_true", help="with the encrypted values")
	parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
	arguments = parser.parse_args()
	for events in arguments.events:
		path = arguments.folder / f"verify-{os.getpid()}-{events}.ndjson.gz"
		try:
			log = Log(events, arguments.payloads)
			write(path, log)
			size = path.stat().st_size
			for workers in arguments.workers:
				before = processor_seconds()
				seconds, peak = measure(path, log.public, workers)
				used = processor_seconds() - before
				print(
					f"{events:,} events, {size / 1e6:,.0f} MB packed, {workers} workers: {seconds:.1f} s, "
					f"{events / seconds:,.0f} events/s, {peak / 1e6:,.0f} MB; {used / events * 1e6:.1f} µs of a processor each",
					flush=True,
				)
		finally:
			path.unlink(missing_ok=True)


if __name__ == "__main__":
	main()
