"""The checklist of the OWASP ASVS names each requirement once, and tests that are there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHECKLIST = ROOT / "docs/asvs.md"
STATES = {"in force", "partly", "not"}
# Requirements of levels 1 and 2 in four chapters of version 5.0.0.
WANTED = """
	8.1.1 8.1.2 8.2.1 8.2.2 8.2.3 8.3.1 8.4.1
	5.1.1 5.2.1 5.2.2 5.2.3 5.3.1 5.3.2 5.4.1 5.4.2 5.4.3
	4.1.1 4.1.2 4.1.3 4.2.1 4.3.1 4.3.2 4.4.1 4.4.2 4.4.3 4.4.4
	16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3
""".split()


def lines() -> list[list[str]]:
	"""The cells of each requirement: number, what, state, how, tests."""
	text = CHECKLIST.read_text(encoding="utf-8")
	rows = (line.strip("|").split("|") for line in text.splitlines() if re.match(r"\| \d", line))
	return [[cell.strip() for cell in row] for row in rows]


def named(cell: str) -> list[str]:
	return re.findall(r"`([^`]+)`", cell)


def fault(test: str) -> str | None:
	"""What is wrong with the name of a test, `file` or `file::function`."""
	file, _colons, function = test.partition("::")
	path = ROOT / file
	if not path.is_file() or not path.name.startswith("test_"):
		return f"{file} is no file of tests"
	tree = ast.parse(path.read_text(encoding="utf-8"))
	functions = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
	return None if not function or function in functions else f"{file} has no {function}"


def test_each_requirement_stands_once_with_its_state():
	rows = lines()
	assert [row[0] for row in rows] == WANTED
	assert [row for row in rows if len(row) != 5 or row[2] not in STATES or not row[3]] == []


@pytest.mark.parametrize("row", lines(), ids=lambda row: row[0])
def test_the_tests_that_show_it_are_there(row):
	assert [found for test in named(row[4]) if (found := fault(test))] == []


def test_what_is_not_there_is_found():
	assert fault("tests/metadata/test_asvs.py::test_nothing_of_the_kind")
	assert fault("tests/metadata/test_none.py::test_it") and fault("docs/asvs.md")
	assert not fault("tests/metadata/test_asvs.py::test_what_is_not_there_is_found")
