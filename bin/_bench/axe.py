"""axe-core, with which the browser tests look for what keeps people out: from npm, once for a checkout."""

import shutil

from .shell import RUN, CommandFailed, run, say

FOLDER = RUN / "node"
SCRIPT = FOLDER / "node_modules/axe-core/axe.min.js"


def environment() -> dict[str, str]:
	"""Where the tests find it; empty where there is no npm or no registry, and then they say so and skip."""
	if not SCRIPT.is_file():
		_install()
	return {"GOVCRM_AXE": str(SCRIPT)} if SCRIPT.is_file() else {}


def _install() -> None:
	if not shutil.which("npm"):
		return
	say("fetching axe-core for the browser tests")
	try:
		run("npm", "install", "--prefix", FOLDER, "--no-save", "--no-audit", "--no-fund", "axe-core@4")
	except CommandFailed:
		say("axe-core cannot be had: the tests of accessibility will be skipped")
