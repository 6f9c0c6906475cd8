"""The command. Ends with 1 when a test does not notice that its door stands open, or fails while it is shut."""

import argparse
import importlib
import multiprocessing
import os
import sys
import time
import unittest
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import frappe

from govcrm import compat
from govcrm.tests.mutations import listing, switch
from govcrm.tests.mutations.doors import DOORS
from govcrm.tests.mutations.switch import VARIABLE
from govcrm.tests.mutations.table.door import Door

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "docs" / "doors.md"
WARMING = "govcrm/gate/test_terms.py::TestTerms::test_a_record_is_asked_for_by_its_name"  # wraps nothing of Frappe's
PASSED, FAILED = 0, 1  # all else is no answer
KILLED, SURVIVED, BROKEN = "noticed", "NOT NOTICED", "NO ANSWER"


def main(words: list[str]) -> int:
	options = _parser().parse_args(words)
	if options.write:
		FILE.write_text(listing.written(FILE.read_text() if FILE.exists() else ""))
		return 0
	os.environ.update(GOVCRM_TEST_SITE=options.site)
	chosen = [door for door in DOORS if door.closing and options.only in f"{door.number} {door.name}"]
	_import_tests(chosen)
	_warm_up()
	shut = {door.test for door in chosen} if not options.trust else set()
	if shut and asked(sorted(shut), "") != PASSED:
		print("A test fails while every door is shut: nothing can be said of the others.")
		return 1
	results = Counter(judged(chosen))
	print(", ".join(f"{word} {results[word]}" for word in (KILLED, SURVIVED, BROKEN)))
	return int(results[KILLED] != len(chosen))


def judged(doors: list[Door]) -> Iterator[str]:
	for door in doors:
		began = time.monotonic()
		result = {PASSED: SURVIVED, FAILED: KILLED}.get(asked([door.test], door.name), BROKEN)
		print(f"{result:11} {time.monotonic() - began:5.1f} s  {door.number}  {door.name}", flush=True)
		yield result


def asked(tests: list[str], opened: str) -> int:
	"""What the tests say with that door open, in a process of its own that this one is copied into."""
	process = multiprocessing.get_context("fork").Process(target=_ask, args=(tests, opened))
	process.start()
	process.join()
	return process.exitcode


def _ask(tests: list[str], opened: str) -> None:
	os.environ[VARIABLE] = opened
	_connect()
	switch.open_door()
	result = unittest.TestResult()
	unittest.TestSuite(map(_test, tests)).run(result)
	for test, told in (*result.failures, *result.errors):
		print(f"    {test}: {told.strip().splitlines()[-1][:150]}", file=sys.stderr)
	sys.stderr.flush()
	os._exit(PASSED if result.wasSuccessful() else FAILED)


def _connect() -> None:
	compat.read_json_as_text()
	frappe.init(site=os.environ["GOVCRM_TEST_SITE"], sites_path=".")
	frappe.connect()
	frappe.flags.in_test = True
	frappe.db.rollback()  # SQLite opens its transaction here


def _test(node: str) -> unittest.TestCase:
	file, group, name = node.split("::")
	return getattr(importlib.import_module(_module(file)), group)(name)


def _module(file: str) -> str:
	return file.removesuffix(".py").replace("/", ".")


def _import_tests(doors: list[Door]) -> None:
	"""Once, before any process is copied: that takes longer than most tests."""
	for file in sorted({door.test.partition("::")[0] for door in doors}):
		importlib.import_module(_module(file))


def _warm_up() -> None:
	"""Have this process import what tests need, and leave the site before it is copied."""
	_connect()
	unittest.TestSuite([_test(WARMING)]).run(unittest.TestResult())
	frappe.db.rollback()
	frappe.destroy()


def _parser() -> argparse.ArgumentParser:
	parser = argparse.ArgumentParser(prog="python -m govcrm.tests.mutations", description=__doc__)
	parser.add_argument("--site", help="a site that nobody else uses; the working folder is sites/")
	parser.add_argument("--only", default="", help="doors whose number and name contain this")
	parser.add_argument("--trust", action="store_true", help="do not run the tests with all doors shut first")
	parser.add_argument(
		"--write", action="store_true", help="write the table of docs/doors.md, and run nothing"
	)
	return parser


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
