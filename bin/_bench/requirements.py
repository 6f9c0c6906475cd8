"""The Python packages that pyproject.toml names, and whether some Python has them."""

import re

from .shell import CHECKOUT, succeeds

IN_PLAIN_TESTS = ("pytest", "hypothesis")
CHECK = "import importlib.metadata as m, sys; [m.version(name) for name in sys.argv[1:]]"


def of_app() -> list[str]:
	return _listed("dependencies")


def of_tests() -> list[str]:
	return _listed("test")


def of_plain_tests() -> list[str]:
	"""The app's own libraries, which its domain uses, what runs the tests, and what answers are compared with."""
	return [*of_app(), *(item for item in of_tests() if name(item) in IN_PLAIN_TESTS), *_listed("oracle")]


def present(python: object, wanted: list[str]) -> bool:
	return succeeds(python, "-c", CHECK, *map(name, wanted))


def name(requirement: str) -> str:
	"""`phonenumbers~=8.13` is a requirement of phonenumbers."""
	return re.split(r"[^\w.-]", requirement)[0]


def _listed(key: str) -> list[str]:
	text = (CHECKOUT / "pyproject.toml").read_text()
	return re.findall(r'"([^"]+)"', re.search(rf"^{key} = \[(.*?)\]", text, re.M | re.S).group(1))
