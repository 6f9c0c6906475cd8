"""The map of controls names what is there, and claims nothing that no test stands behind."""

import re
from pathlib import Path

import pytest

from govcrm.accountability.posture import nist

ROOT = Path(__file__).resolve().parents[2]
every = pytest.mark.parametrize("control", nist.CONTROLS, ids=[control.id for control in nist.CONTROLS])


@every
def test_each_module_and_test_that_a_control_names_is_there(control):
	assert [path for path in (*control.by, *control.shown_by) if not (ROOT / path).exists()] == []


@every
def test_what_is_in_force_names_a_module_and_a_test_and_what_is_not_here_neither(control):
	assert control.state in (nist.IN_FORCE, nist.PARTLY, nist.NOT_HERE)
	if control.state == nist.IN_FORCE:
		assert control.by and control.shown_by
	if control.state == nist.NOT_HERE:
		assert not (control.by or control.shown_by or control.needs or control.rests_on)


@every
def test_its_tests_are_tests_and_its_words_are_sentences(control):
	assert all(Path(path).name.startswith("test_") for path in control.shown_by)
	assert re.fullmatch(r"[A-Z].+\.", control.words)


def test_each_family_has_its_controls_once_in_order():
	ids = [control.id for control in nist.CONTROLS]
	assert len(ids) == len(set(ids))
	assert ids == sorted(ids, key=lambda name: [name[:2], *map(int, re.findall(r"\d+", name))])
	assert {control.family for control in nist.CONTROLS} == set(nist.FAMILIES)


def test_a_control_is_told_by_how_its_lines_stand():
	control = nist.Control("AC-0", "x", nist.IN_FORCE, "X.", needs=("a",), rests_on=("b",))
	for states, told in (
		({"a": "ok", "b": "ok"}, nist.IN_FORCE),
		({"a": "bad", "b": "ok"}, nist.PARTLY),
		({"a": "partly", "b": "ok"}, nist.PARTLY),
		({"b": "ok"}, nist.PARTLY),
		({"a": "ok", "b": "partly"}, nist.PARTLY),
		({"a": "ok", "b": "bad"}, nist.NOT_HERE),
	):
		assert nist.told(control, states) == told, states
	partly = control._replace(state=nist.PARTLY, rests_on=())
	assert nist.told(partly, {"a": "ok"}) == nist.PARTLY
