"""A pytest plugin: writes how many tests passed, failed, were skipped or ran twice to $GOVCRM_TEST_COUNTS."""

import json
import os
from pathlib import Path

FAILED = ("failed", "error", "subtests failed")


def pytest_terminal_summary(terminalreporter) -> None:
	stats = {key: len(reports) for key, reports in terminalreporter.stats.items()}
	counts = {
		"passed": stats.get("passed", 0) + stats.get("xfailed", 0),
		"failed": sum(stats.get(key, 0) for key in FAILED),
		"skipped": stats.get("skipped", 0),
		"rerun": stats.get("rerun", 0),
	}
	Path(os.environ["GOVCRM_TEST_COUNTS"]).write_text(json.dumps(counts))
