"""The app's files as data: JSON records, Python trees. Read once, without Frappe."""

import ast
import json
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "govcrm"

# What Frappe stores on every row; such names cannot be fields.
STANDARD_FIELDS = frozenset(
	"name owner creation modified modified_by docstatus idx parent parentfield parenttype"
	" _user_tags _comments _assign _liked_by _seen".split()
)


def scrub(name: str) -> str:
	"""A name as Frappe makes a file's name of it."""
	return name.replace(" ", "_").replace("-", "_").lower()


@cache
def modules() -> dict[str, str]:
	"""Names of the app's modules by the name of their folder."""
	lines = (PACKAGE / "modules.txt").read_text().splitlines()
	return {scrub(line.strip()): line.strip() for line in lines if line.strip()}


@cache
def records() -> dict[Path, dict]:
	"""Every record that Frappe loads from a module's folder, by path."""
	paths = [path for folder in modules() for path in sorted((PACKAGE / folder).glob("*/*/*.json"))]
	return {path: json.loads(path.read_text(encoding="utf-8")) for path in paths if _is_record(path)}


@cache
def of_kind(doctype: str) -> dict[str, dict]:
	"""The records of one DocType by name."""
	return {record["name"]: record for record in records().values() if record.get("doctype") == doctype}


def doctypes() -> dict[str, dict]:
	return of_kind("DocType")


@cache
def fieldnames(doctype: str) -> frozenset[str]:
	"""Fields of one of our DocTypes that hold a value, standard ones included."""
	fields = doctypes()[doctype]["fields"]
	return STANDARD_FIELDS | {field["fieldname"] for field in fields}


@cache
def sources(tests: bool = False) -> dict[Path, str]:
	"""The app's Python files by path, without its tests unless asked for."""
	paths = [path for path in sorted(PACKAGE.rglob("*.py")) if tests or not _is_test(path)]
	return {path: path.read_text(encoding="utf-8") for path in paths}


@cache
def tree(path: Path) -> ast.Module:
	return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def short(path: Path) -> str:
	"""A path as a reader wants it in a message."""
	return str(path.relative_to(CHECKOUT)) if path.is_relative_to(CHECKOUT) else str(path)


def _is_record(path: Path) -> bool:
	"""`<module>/<kind>/<name>/<name>.json`; data of the app's own lies elsewhere or under another name."""
	return path.stem == path.parent.name or (path.parent / "__init__.py").exists()


def _is_test(path: Path) -> bool:
	return "tests" in path.parts or path.name.startswith("test_") or path.name == "conftest.py"
