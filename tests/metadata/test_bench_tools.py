"""How `bin/up` and `bin/test` treat a bench, an interrupted process and figures of tests: tried on empty folders."""

import json
import subprocess
import sys
from pathlib import Path

import app
import pytest

sys.path.insert(0, str(app.CHECKOUT / "bin"))

from _bench import bench as benches
from _bench import together
from _bench.report import Outcome, Report, read_counts
from _bench.services import Services
from _bench.shell import CHECKOUT, Missing


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> benches.Bench:
	"""A folder that looks like a bench; nothing is installed into it."""
	place = tmp_path / "frappe-bench"
	for folder in ("apps/frappe/frappe", "env/bin", "sites"):
		(place / folder).mkdir(parents=True)
	(place / "apps/frappe/frappe/__init__.py").write_text('__version__ = "15.1.0"\n')
	(place / "env/bin/python").write_text("#!/bin/sh\nexit 0\n")
	(place / "env/bin/python").chmod(0o755)
	(place / "sites/apps.txt").write_text("frappe")
	monkeypatch.setattr(benches.Bench, "pip_install", lambda self, *words: None)
	return benches.Bench(place)


def test_a_bench_gets_this_checkout_as_an_app(bench: benches.Bench):
	bench.link()
	assert (bench.path / "apps/govcrm").resolve() == CHECKOUT
	assert (bench.sites / "apps.txt").read_text().split() == ["frappe", "govcrm"]
	bench.link()
	assert (bench.sites / "apps.txt").read_text().split() == ["frappe", "govcrm"]


def test_another_checkout_stays_linked_unless_it_is_to_be_replaced(bench: benches.Bench, tmp_path: Path):
	place = bench.path / "apps/govcrm"
	place.symlink_to(tmp_path)
	bench.link()
	assert place.resolve() == tmp_path.resolve()
	bench.link(take_over=True)
	assert place.resolve() == CHECKOUT


def test_a_link_to_a_checkout_that_is_gone_is_replaced(bench: benches.Bench, tmp_path: Path):
	place = bench.path / "apps/govcrm"
	place.symlink_to(tmp_path / "gone")
	bench.link()
	assert place.resolve() == CHECKOUT


def test_a_folder_in_place_of_the_link_is_left_alone(bench: benches.Bench):
	(bench.path / "apps/govcrm").mkdir()
	with pytest.raises(Missing, match="is a folder of its own"):
		bench.link(take_over=True)


def test_benches_are_named_or_found(bench: benches.Bench, monkeypatch: pytest.MonkeyPatch):
	monkeypatch.delenv("FRAPPE_BENCH", raising=False)
	monkeypatch.setenv("HOME", str(bench.path.parent))
	assert [found.path for found in benches.find_benches()] == [bench.path]
	monkeypatch.setenv("FRAPPE_BENCH", f"{bench.path}:{bench.path.parent}")
	with pytest.raises(Missing, match="is no bench"):
		benches.find_benches()


def test_a_process_is_stopped_only_by_who_started_it(tmp_path: Path):
	services = Services(tmp_path)
	services.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path)
	assert services.runs("sleeper")
	with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
		(tmp_path / "other.pid").write_text(json.dumps({"pid": other.pid, "born": "1"}))
		services.stop_all()
		assert other.poll() is None
		other.communicate(b"\n")
	assert not services.runs("sleeper")
	assert services.names() == []


@pytest.mark.parametrize(
	("written", "exit_code", "failed"),
	[
		({"passed": 3, "failed": 0, "skipped": 1}, 0, 0),
		({"passed": 3, "failed": 0, "skipped": 1}, 2, 1),
		(None, 4, 1),
	],
)
def test_a_run_that_broke_is_never_green(tmp_path: Path, written: dict | None, exit_code: int, failed: int):
	path = tmp_path / "counts.json"
	if written:
		path.write_text(json.dumps(written))
	assert read_counts(path, exit_code).failed == failed


def test_the_report_ends_with_the_sum_and_names_what_did_not_run(capsys: pytest.CaptureFixture):
	report = Report()
	report.add("plain", "-", Outcome(passed=2, failed=1))
	report.add("site", "-", Outcome(reason="no bench"))
	report.show()
	lines = capsys.readouterr().out.splitlines()
	assert lines[-1] == "2 passed, 1 failed, 0 skipped"
	assert any("site" in line and "did not run: no bench" in line for line in lines)
	assert report.exit_code == 1


def test_benches_run_side_by_side_unless_they_share_a_database_server(tmp_path: Path):
	older, newer, newest = (_bench_of(tmp_path, version) for version in ("15.72.4", "16.0.0-dev", "17.1.0"))
	assert together.can([older, newer], None)
	assert not together.can([older], None)
	assert not together.can([newer, newest], None)
	assert not together.can([older, newer], "mariadb")


def test_a_run_beside_others_that_could_not_begin_fails_each_of_its_tiers(tmp_path: Path, capsys):
	report, gone = Report(), benches.Bench(tmp_path / "gone")
	together.run([gone], ["site", "rest"], [], report)
	assert "is no bench" in capsys.readouterr().out
	assert {tier: one["gone"].failed for tier, one in report.outcomes.items()} == {"site": 1, "rest": 1}


def test_what_runs_beside_others_is_counted_by_who_began_it(tmp_path: Path):
	theirs, ours = Report(), Report()
	theirs.add("site", "older", Outcome(passed=3, failed=1, seconds=2.5))
	together.write(theirs, str(tmp_path / "older.json"))
	together._add(ours, "older", ["site"], tmp_path / "older.json", 1)
	assert ours.outcomes == theirs.outcomes


def _bench_of(folder: Path, version: str) -> benches.Bench:
	init = folder / version / "apps/frappe/frappe/__init__.py"
	init.parent.mkdir(parents=True)
	init.write_text(f'__version__ = "{version}"\n')
	return benches.Bench(folder / version)
