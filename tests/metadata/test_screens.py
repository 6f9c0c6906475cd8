"""Every screen that the app brings stands in the list of those that are looked at with axe-core."""

import importlib
import sys
from itertools import chain

import app
import pytest

# No role may read these, or the tree of them is opened by a route of its own.
NO_LISTS = {"Audit Key", "Audit Row", "Audit Tile", "Sealed Evidence", "Sealed Matter", "Agency Department"}


@pytest.fixture(scope="module")
def screens():
	sys.path.insert(0, str(app.CHECKOUT / "tests/browser"))
	yield importlib.import_module("screens")
	sys.path.pop(0)


@pytest.mark.parametrize(
	("kind", "table"), [("Workspace", "WORKSPACES"), ("Report", "REPORTS"), ("Dashboard", "DASHBOARDS")]
)
def test_each_is_opened_once(screens, kind: str, table: str):
	assert named(getattr(screens, table)) == sorted(app.of_kind(kind))


def test_each_list_is_opened_once(screens):
	listed = [
		name
		for name, doctype in app.doctypes().items()
		if not (doctype.get("istable") or doctype.get("issingle"))
	]
	assert named(screens.LISTS) == sorted(set(listed) - NO_LISTS)


def named(table: dict) -> list[str]:
	return sorted(chain.from_iterable(table.values()))
