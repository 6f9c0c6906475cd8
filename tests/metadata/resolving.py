"""Does a dotted path lead to something? Answered from the source, without importing it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app import CHECKOUT, tree

DOTTED = re.compile(r"^govcrm(\.\w+)+$")


def module_file(parts: list[str], root: Path = CHECKOUT) -> Path | None:
	base = root.joinpath(*parts)
	candidates = (base.with_suffix(".py"), base / "__init__.py")
	return next((path for path in candidates if path.exists()), None)


def resolves(dotted: str, root: Path = CHECKOUT) -> bool:
	"""True for a module, a name at the top of a module, or a method of a class there."""
	parts = dotted.split(".")
	for cut in range(len(parts), 0, -1):
		path = module_file(parts[:cut], root)
		if path:
			return _has(tree(path), parts[cut:])
	return False


def dotted_strings(node: ast.AST) -> Iterator[str]:
	"""Every string constant that is a dotted path into the app."""
	for child in ast.walk(node):
		if isinstance(child, ast.Constant) and isinstance(child.value, str) and DOTTED.match(child.value):
			yield child.value


def function_of(dotted: str) -> ast.FunctionDef | None:
	"""The function a dotted path names in its own module; None when it is imported there, or a class."""
	*parts, name = dotted.split(".")
	path = module_file(parts)
	body = tree(path).body if path else []
	return next((node for node in body if isinstance(node, ast.FunctionDef) and node.name == name), None)


def _has(module: ast.AST, names: list[str]) -> bool:
	if not names:
		return True
	found = next((node for node in module.body if names[0] in _names(node)), None)
	if found is None or len(names) == 1:
		return found is not None
	return isinstance(found, ast.ClassDef) and _has(found, names[1:])


def _names(node: ast.stmt) -> set[str]:
	if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
		return {node.name}
	if isinstance(node, ast.Assign):
		return {target.id for target in node.targets if isinstance(target, ast.Name)}
	if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
		return {node.target.id}
	if isinstance(node, ast.Import | ast.ImportFrom):
		return {alias.asname or alias.name for alias in node.names}
	return set()
