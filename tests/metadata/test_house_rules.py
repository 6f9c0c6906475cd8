"""Rules of the house that a reader could break without noticing: who may import whom, and what no code does."""

import ast
import re
from pathlib import Path

import app
import pytest

# Lower layers never import from higher ones.
TOP = ("govcrm.api", "govcrm.commands", "govcrm.tasks", "govcrm.www")
EVERYWHERE = {
	r"\bfrappe\.db\.(sql|multisql|sql_ddl)\(": "raw SQL: use frappe.qb",
	r"""\b_\(\s*f["']""": "a text put together before it is translated",
	r"""["'`]/(app|desk)/""": "a Desk route written by hand: use get_url_to_form or frappe.set_route",
	r"\bfrappe\.throw\(\s*f?[\"'][A-Z]": "a message that is not translated",
}
WITH_REASON = {
	r"\bignore_permissions\s*=\s*True": "ignore_permissions without its reason on the line",
	r"\bfrappe\.db\.commit\(": "a commit without its reason on the line or just before",
}

each_file = pytest.mark.parametrize("path", sorted(app.sources()), ids=app.short)


@each_file
def test_nobody_imports_from_a_higher_layer(path: Path):
	assert forbidden_imports(path.relative_to(app.PACKAGE).as_posix(), app.tree(path)) == []


@each_file
def test_no_forbidden_habits(path: Path):
	assert bad_habits(path.relative_to(app.PACKAGE).as_posix(), app.sources()[path]) == []


@each_file
def test_whitelisted_functions_are_annotated_and_say_their_http_methods(path: Path):
	assert loose_endpoints(app.tree(path)) == []


def forbidden_imports(path: str, tree: ast.Module) -> list[str]:
	"""Imports that go against the direction domain <- controllers, workflows, reports, permissions <- api, tasks, www."""
	imported = sorted(_imports(tree))
	if path.startswith("domain/"):
		return [
			name
			for name in imported
			if _is_frappe(name) or (_is_ours(name) and not _within(name, "govcrm.domain"))
		]
	if _within(f"govcrm.{path.removesuffix('.py').replace('/', '.')}", *TOP):
		return []
	return [name for name in imported if _within(name, *TOP)]


def bad_habits(path: str, text: str) -> list[str]:
	found = []
	lines = text.splitlines()
	for number, line in enumerate(lines, 1):
		habits = [said for pattern, said in EVERYWHERE.items() if re.search(pattern, line)]
		if "#" not in line:
			habits += _without_reason(path, line, lines[max(number - 4, 0) : number - 1])
		found += [f"line {number}: {said}" for said in habits if not _is_excepted(path, line)]
	return found


def _without_reason(path: str, line: str, before: list[str]) -> list[str]:
	said = [said for pattern, said in WITH_REASON.items() if re.search(pattern, line)]
	may_commit = "/doctype/" not in path and any("#" in text or '"""' in text for text in before)
	return [text for text in said if not (text.startswith("a commit") and may_commit)]


def _is_excepted(path: str, line: str) -> bool:
	"""The apps screen takes a path, and hooks are read before any helper could be called. No builder knows triggers."""
	is_route = path == "hooks.py" and '"route"' in line
	return is_route or (path == "accountability/guard/triggers.py" and "sql_ddl(" in line)


def loose_endpoints(tree: ast.Module) -> list[str]:
	"""Whitelisted functions with an argument or result of no type, or that accept any HTTP method."""
	functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
	return [problem for node in functions for problem in _loose(node)]


def _loose(function: ast.FunctionDef) -> list[str]:
	doors = [node for node in function.decorator_list if ast.unparse(node).startswith("frappe.whitelist")]
	if not doors:
		return []
	keywords = {keyword.arg for keyword in getattr(doors[0], "keywords", [])}
	rules = {
		"does not say its HTTP methods": "methods" in keywords,
		"has no type of result": function.returns is not None,
		"has an argument without type": all(arg.annotation for arg in _arguments(function)),
	}
	return [f"{function.name} {problem}" for problem, holds in rules.items() if not holds]


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
	given = function.args
	every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, [given.vararg, given.kwarg])]
	return [arg for arg in every if arg.arg not in ("self", "cls")]


def _imports(tree: ast.Module) -> set[str]:
	names = set()
	for node in ast.walk(tree):
		if isinstance(node, ast.Import):
			names |= {alias.name for alias in node.names}
		elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
			names |= {f"{node.module}.{alias.name}" for alias in node.names}
	return names


def _is_frappe(name: str) -> bool:
	return _within(name, "frappe", "erpnext")


def _is_ours(name: str) -> bool:
	return _within(name, "govcrm")


def _within(name: str, *packages: str) -> bool:
	return any(name == package or name.startswith(f"{package}.") for package in packages)
