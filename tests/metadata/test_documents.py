"""What the documents point to is there."""

import re
from pathlib import Path

import app
import pytest

DOCUMENTS = sorted(
	[
		*app.CHECKOUT.glob("*.md"),
		*(app.CHECKOUT / "docs").rglob("*.md"),
		*(app.CHECKOUT / "benchmarks").glob("*.md"),
	]
)
# Where a newcomer looks in vain, as the documents say.
ABSENT = frozenset({"govcrm/doctype", "govcrm/reports"})
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
NAMED_PATH = re.compile(r"`((?:govcrm|bin|tests|benchmarks|docs|\.ci|\.github)/[\w./-]+)`")


@pytest.mark.parametrize("path", DOCUMENTS, ids=app.short)
def test_links_and_named_paths_lead_to_files(path: Path):
	assert dead_references(path.read_text(encoding="utf-8"), path.parent) == []


def dead_references(text: str, folder: Path) -> list[str]:
	"""Relative links, and paths in backticks, that are not in the checkout."""
	links = [target for target in LINK.findall(text) if not re.match(r"[a-z]+:", target)]
	dead = [target for target in links if not (folder / target).exists()]
	named = set(NAMED_PATH.findall(text)) - ABSENT
	return dead + sorted(name for name in named if not (app.CHECKOUT / name).exists())
