"""Every dotted path that Frappe will import by its name leads to something."""

import ast
import json
import re
from pathlib import Path

import app
import pytest
from resolving import dotted_strings, function_of, module_file, resolves

HOOKS = app.PACKAGE / "hooks.py"
IN_TEXT = re.compile(r"""["'`](govcrm(?:\.\w+){2,})["'`]""")
CLIENT_SIDE = sorted(
	path
	for suffix in ("js", "html", "json")
	for path in app.PACKAGE.rglob(f"*.{suffix}")
	if not {"node_modules", "dist", "locale"} & set(path.parts)
)


def test_every_hook_leads_to_something():
	assert [path for path in dotted_strings(app.tree(HOOKS)) if not resolves(path)] == []


def test_every_file_that_a_hook_names_exists():
	assert missing_files(app.tree(HOOKS)) == []


def test_every_patch_can_be_imported():
	assert broken_patches((app.PACKAGE / "patches.txt").read_text().splitlines()) == []


def test_every_patch_file_is_in_the_list():
	listed = (app.PACKAGE / "patches.txt").read_text()
	files = [path for path in (app.PACKAGE / "patches").rglob("*.py") if path.name != "__init__.py"]
	assert [
		app.short(path) for path in files if _dotted(path) not in listed and "test" not in path.name
	] == []


@pytest.mark.parametrize(
	"path", [path for path in CLIENT_SIDE if "govcrm." in path.read_text()], ids=app.short
)
def test_what_the_browser_calls_exists_and_is_whitelisted(path: Path):
	assert uncallable(path.read_text(encoding="utf-8")) == []


def test_every_json_file_parses():
	for path in app.PACKAGE.rglob("*.json"):
		json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", sorted((app.PACKAGE / "fixtures").glob("*.json")), ids=app.short)
def test_a_fixture_holds_rows_of_one_doctype_in_their_file(path: Path):
	rows = json.loads(path.read_text())
	assert {app.scrub(row["doctype"]) for row in rows} == {path.stem}
	assert all(row.get("name") for row in rows)


def test_every_folder_with_python_is_a_package():
	folders = {path.parent for path in app.PACKAGE.rglob("*.py") if "node_modules" not in path.parts}
	assert [app.short(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def missing_files(hooks: ast.AST) -> list[str]:
	"""Paths like public/js/x.js or /assets/govcrm/x.js in a tree of hooks that lead to no file."""
	strings = [
		node.value
		for node in ast.walk(hooks)
		if isinstance(node, ast.Constant) and isinstance(node.value, str)
	]
	paths = [text for text in strings if re.match(r"^(public/|/assets/govcrm/)\S+\.\w+$", text)]
	return [text for text in paths if not (app.PACKAGE / text.replace("/assets/govcrm/", "public/")).exists()]


def broken_patches(lines: list[str]) -> list[str]:
	"""Lines of patches.txt that are neither a heading nor a module with `execute`."""
	wanted = [line.split("#")[0].strip() for line in lines]
	names = [line.split()[0] for line in wanted if line and not line.startswith(("[", "execute:"))]
	return [name for name in names if not module_file(name.split(".")) or not resolves(f"{name}.execute")]


def uncallable(text: str) -> list[str]:
	"""Dotted paths in the text of a client script or record that the server would refuse."""
	return [path for path in IN_TEXT.findall(text) if not (resolves(path) and _is_whitelisted(path))]


def _is_whitelisted(dotted: str) -> bool:
	function = function_of(dotted)
	return function is None or any("whitelist" in ast.unparse(node) for node in function.decorator_list)


def _dotted(path: Path) -> str:
	return ".".join(path.relative_to(app.CHECKOUT).with_suffix("").parts)
