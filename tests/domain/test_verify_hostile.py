"""The verifier against a server that lies or wants to hurt: always a verdict in words, never "valid", never a traceback."""

import base64
import gzip
import hashlib
import json
import random
import re
import resource
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from histories import DOCTYPES, Agency, encoded, random_agency
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govcrm.accountability import verify
from govcrm.domain.ledger import canonical

AGENCY = Agency(3)
for _number in range(4):
	AGENCY.create()
	AGENCY.wait(5)
	AGENCY.seal()
AGENCY.anchor()
LINES = AGENCY.lines()
EVENT = next(place for place, line in enumerate(LINES) if line["t"] == "e")
CHECKPOINT = next(place for place, line in enumerate(LINES) if line["t"] == "c")
ROW = next(place for place, line in enumerate(LINES) if line["t"] == "r")


def judged(path: Path, data: bytes) -> verify.Report:
	"""What the command finds; it must not be valid, and must say why."""
	path.write_bytes(data)
	options = verify.arguments([str(path), "--key", AGENCY.public, "--workers", "1"])
	report = verify.run(options, verify.Bar(sys.stderr))
	assert report.code in (verify.WRONG, verify.UNREADABLE)
	assert "could not be ended" not in report.unreadable, report.unreadable
	assert verify.VERDICTS[verify.VALID] not in "\n".join(verify.words(report))
	return report


def said(report: verify.Report) -> str:
	return "\n".join(verify.words(report))


def with_line(place: int, line: bytes) -> bytes:
	lines = encoded(LINES).splitlines()
	lines[place] = line
	return b"\n".join(lines) + b"\n"


def changed(place: int, **values) -> bytes:
	return with_line(place, json.dumps({**LINES[place], **values}, separators=(",", ":")).encode())


def header(**values) -> bytes:
	"""The first event with another header, well written."""
	return changed(EVENT, header=canonical.dumps({**json.loads(LINES[EVENT]["header"]), **values}).decode())


@pytest.fixture
def path(tmp_path: Path) -> Path:
	return tmp_path / "hostile.gz"


def test_what_is_changed_here_is_valid_otherwise(path):
	path.write_bytes(encoded(LINES))
	assert verify.Verifier([AGENCY.public]).verify([path]).code == verify.VALID


# JSON that readers could understand differently -------------------------------------------------------------------

RAW = LINES[EVENT]["header"]
TWO_KEYS = RAW.replace('"v":1', '"v":1,"v":1')
LINE = encoded([LINES[EVENT]])[:-1]

JSON = {
	"a key twice in a header": changed(EVENT, header=TWO_KEYS),
	"a key twice in a line": with_line(EVENT, LINE.replace(b'"seq":1', b'"seq":1,"seq":1')),
	"a float": changed(EVENT, header=RAW.replace('"v":1', '"v":1.0')),
	"an exponent": changed(EVENT, header=RAW.replace('"v":1', '"v":1e0')),
	"minus zero": changed(EVENT, header=RAW.replace('"v":1', '"v":-0')),
	"not a number": with_line(EVENT, LINE.replace(b'"seq":1', b'"seq":NaN')),
	"infinity": with_line(EVENT, LINE.replace(b'"seq":1', b'"seq":Infinity')),
	"a number of 100,000 digits": with_line(EVENT, LINE.replace(b'"seq":1', b'"seq":1' + b"0" * 100_000)),
	"2^53": changed(EVENT, seq=2**53),
	"a negative number": changed(EVENT, seq=-1),
	"true for a number": changed(EVENT, seq=True),
	"a number as text": changed(EVENT, seq="1"),
	"spaces in a header": changed(EVENT, header=RAW.replace('"v":1', '"v": 1')),
	"keys out of order": changed(
		EVENT, header=json.dumps(dict(reversed(json.loads(RAW).items())), separators=(",", ":"))
	),
	"an escape that is not needed": changed(
		EVENT, header=RAW.replace('"update"', '"\\u0075pdate"').replace('"create"', '"\\u0063reate"')
	),
	"half of a surrogate pair": with_line(EVENT, LINE.replace(b"frappe.client.save", b"\\ud800")),
	"invalid UTF-8": with_line(EVENT, LINE.replace(b"frappe.client.save", b"\xff\xfe")),
	"UTF-8 of a surrogate": with_line(EVENT, LINE.replace(b"frappe.client.save", b"\xed\xa0\x80")),
	"a byte order mark": with_line(EVENT, b"\xef\xbb\xbf" + LINE),
	"a byte of zero": with_line(EVENT, LINE.replace(b"frappe", b"\x00rappe")),
	"deep nesting": with_line(EVENT, b'{"t":"e","seq":1,"header":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
	"deep nesting in an opening": changed(
		EVENT, open={"a": {"key": "0" * 64, "value": json.loads("[" * 900 + "]" * 900)}}
	),
	"a list as a line": with_line(EVENT, b"[1,2,3]"),
	"an empty line": with_line(EVENT, b""),
	"no JSON": with_line(EVENT, b"hello"),
	"quotes that are not escaped": with_line(EVENT, LINE.replace(b'\\"actor\\"', b'"actor"')),
	"text behind the object": with_line(EVENT, LINE + b"{}"),
}


@pytest.mark.parametrize("what", JSON)
def test_json_that_is_not_canonical_is_refused(path, what):
	judged(path, JSON[what])


HEADERS = {
	"another version": {"v": 2},
	"an id that is none": {"id": "I" * 26},
	"an impossible time": {"at": "2026-13-01T00:00:00.000000Z"},
	"a time of another zone": {"at": "2026-11-22T08:00:00.000000+01:00"},
	"no rows": {"rows": None},
	"rows of another shape": {"rows": [["Case", "CASE-1"]]},
	"a row hash in capitals": {"rows": [["Case", "CASE-1", "A" * 64]]},
	"commitments of another shape": {"commitments": {"reason": "short"}},
	"a list of commitments": {"commitments": []},
	"an outcome that is none": {"outcome": "Perhaps"},
	"a field more": {"extra": None},
	"an object for a text": {"actor": {"a": "b"}},
}


@pytest.mark.parametrize("what", HEADERS)
def test_a_header_of_another_shape_is_refused_with_what_is_wrong(path, what):
	report = judged(path, header(**HEADERS[what]))
	assert any(finding.kind == "event" and finding.seq == 1 for finding in report.findings), said(report)


@pytest.mark.parametrize("value", [None, 1, True, [], {}, "", "0" * 64, -1, 2**60, "x" * 100_000])
@pytest.mark.parametrize("place", range(len(LINES)))
def test_wrong_types_anywhere_are_told_and_never_crash(path, place, value):
	for name in LINES[place]:
		if not says_the_same(LINES[place], name, value):
			judged(path, changed(place, **{name: value}))


def says_the_same(line: dict, name: str, value: object) -> bool:
	"""A receipt's own words prove nothing; values and openings may be left out."""
	if line["t"] == "a" and name not in ("t", "size", "checkpoint_hash"):
		return True
	if line["t"] == "e" and name in ("payload", "open") and not value and value != "":
		return value is None or (name == "open" and value == {})
	return line[name] == value and type(line[name]) is type(value)


# Files ------------------------------------------------------------------------------------------------------------

PACKED = gzip.compress(encoded(LINES))


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_not_valid(path, part):
	assert judged(path, PACKED[: int(len(PACKED) * part)]).code == verify.UNREADABLE


def test_lines_that_are_missing_at_the_end_are_noticed(path):
	for missing in range(1, len(LINES)):
		judged(path, encoded(LINES[:-missing]))


@pytest.mark.parametrize("place", range(len(LINES)))
def test_each_line_is_needed(path, place):
	if LINES[place]["t"] == "a":
		return
	judged(path, encoded(LINES[:place] + LINES[place + 1 :]))


@pytest.mark.parametrize("place", range(len(LINES)))
def test_no_line_may_stand_twice(path, place):
	if LINES[place]["t"] in ("key", "a"):
		return
	judged(path, encoded(LINES[: place + 1] + LINES[place:]))


def test_damaged_compression_is_told(path):
	data = bytearray(PACKED)
	data[len(data) // 2] ^= 0x55
	assert judged(path, bytes(data)).code == verify.UNREADABLE


def test_something_behind_the_compressed_data_is_told(path):
	judged(path, PACKED + b"more")


def test_two_packed_parts_are_one_file(path):
	data = encoded(LINES)
	path.write_bytes(gzip.compress(data[:1000]) + gzip.compress(data[1000:]))
	assert verify.Verifier([AGENCY.public]).verify([path]).code == verify.VALID


def test_a_decompression_bomb_is_refused_before_it_unfolds(path):
	packer = zlib.compressobj(9, zlib.DEFLATED, 31)
	data = packer.compress(encoded(LINES[:2]))
	data += b"".join(packer.compress(b"\n" * (1 << 20)) for _ in range(512)) + packer.flush()
	assert len(data) < 1 << 20
	judged(path, data)
	with pytest.raises(verify.Unreadable, match="bomb"):
		for _number, piece in verify.Source(path).pieces():
			assert len(piece) <= 2 * verify.BLOB


def test_a_line_without_end_is_refused(path):
	noise = random.Random(1).randbytes(verify.MAX_LINE + verify.BLOB).replace(b"\n", b" ")
	assert "is longer than" in said(judged(path, encoded(LINES[:3]) + noise))


@pytest.mark.parametrize("before", [0, 1, 3 * 4096 + 5])
def test_the_longest_line_is_read_and_one_byte_more_is_refused(path, monkeypatch, before):
	"""Wherever the pieces that a file is read in end."""
	monkeypatch.setattr(verify, "BLOB", 4096)
	monkeypatch.setattr(verify, "MAX_LINE", 3 * 4096)
	for length in (verify.MAX_LINE, verify.MAX_LINE + 1, verify.MAX_LINE + 4095):
		path.write_bytes(b"y" * (before // 2) + b"\n" + b"x" * length + b"\nz\n")
		if length == verify.MAX_LINE:
			assert sum(piece.count(b"\n") for _number, piece in verify.Source(path).pieces()) == 3
		else:
			with pytest.raises(verify.Unreadable, match="Line 2 is longer"):
				list(verify.Source(path).pieces())


def test_files_of_something_else_are_told(path):
	for data in (
		b"",
		b"\n",
		b"\0" * 1000,
		b"\x1f\x8b",
		b"%PDF-1.7",
		b"{}\n",
		b'{"t":"log"}\n',
		b"[]\n" * 10_000,
	):
		assert judged(path, data).code == verify.UNREADABLE


# A server that floods ---------------------------------------------------------------------------------------------


def test_thousands_of_keys_are_refused(path):
	keys = [{**AGENCY.keys[0], "key": f"{number:016x}"} for number in range(5000)]
	judged(path, encoded([LINES[0], *keys, *LINES[1:]]))


def test_thousands_of_false_checkpoints_end_soon(path):
	line = {**LINES[CHECKPOINT], "signature": "00" * 64}
	report = judged(path, encoded([*LINES[:CHECKPOINT], *[line] * 50_000, *LINES[CHECKPOINT:]]))
	assert len(report.findings) <= verify.MAX_FINDINGS


def test_thousands_of_bad_lines_end_soon(path):
	report = judged(path, encoded(LINES[:2]) + b"x\n" * 500_000)
	assert len(report.findings) <= verify.MAX_FINDINGS
	assert len(said(report)) < 10_000


def test_names_cannot_steer_the_terminal():
	text = verify.printable("\x1b[2Jcleared\r\nVALID\u202e")
	assert text.isprintable()


def test_memory_does_not_grow_with_hostile_lines(path):
	"""Many brackets cost most: each becomes an object."""
	path.write_bytes(encoded(LINES[:2]) + b'{"t":"e","a":[' + b"[]," * 5_000_000 + b"[]]}\n")
	code = (
		"import resource,sys;resource.setrlimit(resource.RLIMIT_AS,(400<<20,400<<20));"
		f"sys.argv=['verify',{str(path)!r},'--workers','1'];"
		f"exec(compile(open({verify.__file__!r}).read(),'verify','exec'))"
	)
	done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
	assert done.returncode in (verify.WRONG, verify.UNREADABLE), done.stderr
	assert "brackets" in done.stdout
	assert resource.RLIMIT_AS


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=400), st.integers(0, 10_000), st.booleans())
def test_no_bytes_crash_it(tmp_path_factory, noise, place, packed):
	data = encoded(LINES)
	place %= len(data)
	data = data[:place] + noise + data[place + len(noise) :]
	path = tmp_path_factory.getbasetemp() / "noise"
	path.write_bytes(gzip.compress(data, 1) if packed else data)
	options = verify.arguments([str(path), "--key", AGENCY.public, "--workers", "1"])
	report = verify.run(options, verify.Bar(sys.stderr))
	assert "could not be ended" not in report.unreadable
	assert report.code or data == encoded(LINES) or _proofs(data) == _proofs(encoded(LINES))


def _proofs(data: bytes) -> list[dict]:
	"""Without what proves nothing: a receipt's own words, when the file was made, DocTypes of which there is no row."""
	lines = [json.loads(line) for line in data.splitlines() if not line.startswith(b'{"t":"a"')]
	return [{**lines[0], "made_at": None, "doctypes": None}, *lines[1:]]


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.data())
def test_lines_of_two_honest_logs_never_mix(tmp_path_factory, seed, data):
	one, other = random_agency(seed), random_agency(seed + 1)
	mine, theirs = one.lines(), other.lines()
	place = data.draw(st.integers(0, len(mine) - 1))
	mixed = [*mine[:place], data.draw(st.sampled_from(theirs[1:])), *mine[place + 1 :]]
	path = tmp_path_factory.getbasetemp() / "mixed"
	path.write_bytes(encoded(mixed))
	report = verify.Verifier([one.first_public]).verify([path])
	assert report.code != verify.VALID or mine[place]["t"] in ("a", "end")


# The short way of reading a line ----------------------------------------------------------------------------------

NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Z", "Cc")), max_size=8)
# So often that they are close to, or beyond, what a reader of JSON is made to bear.
REPEATED = st.builds(
	str.__mul__,
	st.sampled_from(["[", "{", "[{", "{é", "[x", "x"]),
	st.sampled_from([90, 450, 900, 1100, 3000]),
)
DIGEST = hashlib.sha256(b"ABC").hexdigest()


def examined(data: bytes, *, shortly: bool, **known) -> verify.Examined:
	"""What is found in these lines, by expressions where they may be used, or all as JSON."""
	given = {"keys": {}, "doctypes": frozenset(DOCTYPES), "is_compared": True, "salt": b"s" * 32, "file": 3}
	context = verify.Context(**{"origin": AGENCY.log, **given, **known})
	with pytest.MonkeyPatch.context() as patch:
		if not shortly:
			patch.setattr(verify, "_is_utf8", lambda _data: False)
		return verify.examine(context, 17, data)


def found_the_same(data: bytes, **known) -> verify.Examined:
	short = examined(data, shortly=True, **known)
	assert short == examined(data, shortly=False, **known)
	return short


@settings(max_examples=500, suppress_health_check=list(HealthCheck))
@given(
	name=NAMES | REPEATED,
	paths=st.lists(NAMES | REPEATED, max_size=4, unique=True),
	noise=st.binary(max_size=3),
	data=st.data(),
)
def test_what_is_read_the_short_way_is_what_json_says(name, paths, noise, data):
	"""A plain line is taken apart without parsing it: never differently than JSON and the rules of headers would."""
	rows = [["Case", name, "ab" * 32], [name, "x", None]][: data.draw(st.integers(0, 2))]
	header = AGENCY.header(name=name, subject=f"Case/{name}", rows=rows)
	header["commitments"] = {path: "cd" * 32 for path in paths if not path or max(path) <= "\ud7ff"}
	header["payload"] = data.draw(st.sampled_from([None, "0" * 64, DIGEST]))
	line = {"t": "e", "seq": 7, "header": canonical.dumps(header).decode()}
	line |= data.draw(st.sampled_from([{}, {"payload": "QUJD"}, {"payload": "QUJ"}]))
	piece = encoded([line, {**line, "seq": 8}])
	if noise:
		place = data.draw(st.integers(0, len(piece) - 2))
		piece = piece[:place] + noise + piece[place + len(noise) : -1] + b"\n"
	known = {"doctypes": data.draw(st.sampled_from([None, frozenset(["Case"])]))}
	found = found_the_same(piece, **known)
	found_the_same(encoded([{"t": "r", "doctype": "Case", "name": name, "hash": "ab" * 32}]), **known)
	is_crowded = any("more brackets" in finding.text for finding in found.findings)
	assert (
		noise
		or is_crowded
		or bool(found.findings)
		== ("payload" in line and (line["payload"], header["payload"]) != ("QUJD", DIGEST))
	)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.randoms(use_true_random=False), st.booleans(), st.booleans())
def test_many_lines_are_read_the_short_way_as_json_says(seed, dice, is_compared, is_known):
	"""Runs of events and rows, broken by what is no event, by gaps and by whatever a few bytes were changed to."""
	agency = random_agency(seed)
	lines = [line for line in agency.lines() if line["t"] in ("e", "c", "r", "u")]
	for _change in range(dice.randint(0, 4)):
		one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
		lines[one], lines[other] = dice.choice([(lines[other], lines[one]), (lines[one], lines[one])])
	piece = bytearray(encoded(lines))
	for _change in range(dice.randint(0, 4)):
		piece[dice.randrange(len(piece) - 1)] ^= 1 << dice.randrange(8)
	doctypes = frozenset(DOCTYPES) if is_known else frozenset(["Citizen"])
	found_the_same(bytes(piece), origin=agency.log, is_compared=is_compared, doctypes=doctypes)


def test_a_text_of_half_a_surrogate_pair_among_the_doctypes_is_no_way_to_stop_it(path):
	judged(path, encoded(LINES).replace(b'"Case"', b'"\\ud800"', 1))


PLAIN = encoded([{name: line[name] for name in ("t", "seq", "header")} for line in LINES if line["t"] == "e"])
COMMITTED = re.search(rb'"commitments\\":\{\\"[a-z/_]+\\":\\"([0-9a-f]{64})', PLAIN)


def test_plain_lines_are_read_the_short_way(monkeypatch):
	monkeypatch.setattr(verify, "strict", None)
	rows = encoded([line for line in LINES if line["t"] == "r"])
	found = examined(PLAIN + rows, shortly=True)
	assert (len(found.ids), found.counts["rows"]) == (PLAIN.count(b"\n"), rows.count(b"\n"))
	assert not found.findings


BROKEN = {
	"capitals": lambda digits: digits.upper(),
	"a quotation mark": lambda digits: b'\\"' + digits[2:],
	"the end of a text": lambda digits: digits[:30] + b'\\":\\"' + digits[35:],
	"a line": lambda digits: digits[:30] + b"\n" + digits[31:],
	"a letter": lambda digits: digits[:63] + b"g",
	"too few": lambda digits: digits[:-1],
	"another character set": lambda digits: digits[:-2] + "é".encode(),
}


@pytest.mark.parametrize("what", BROKEN)
def test_commitments_that_are_no_digits_are_refused_the_short_way_too(what):
	start, end = COMMITTED.span(1)
	found = found_the_same(PLAIN[:start] + BROKEN[what](COMMITTED[1]) + PLAIN[end:])
	assert found.findings


@pytest.mark.parametrize("before", [[], ["a", "b"], ["a", "b", "c"]])
@pytest.mark.parametrize("paths", [["b", "a"], ["a", "a"], ["a", "c", "b"], ["a", "b", "b"], [":", ","]])
def test_commitments_out_of_order_are_refused_the_short_way_too(before, paths):
	"""Also behind an event whose commitments have the same length."""
	lines = [_committed_to(seq, one) for seq, one in enumerate((before, paths), 1)]
	found = found_the_same(encoded(lines))
	assert [(finding.kind, finding.seq) for finding in found.findings] == [("event", 2)]


def _committed_to(seq: int, paths: list[str]) -> dict:
	written = ",".join(f'"{path}":"{"0" * 64}"' for path in paths)
	header = canonical.dumps(AGENCY.header(commitments={"~": "~"})).decode()
	return {"t": "e", "seq": seq, "header": header.replace('"~":"~"', written)}


CROWD = "[" * 3000
CROWDED = {
	"a name": {"name": CROWD},
	"a row": {"rows": [["Case", "CASE-1", None], ["Case", CROWD, "ab" * 32]]},
	"a path": {"commitments": {CROWD: "cd" * 32}},
	"many paths": {"commitments": {f"{one:02}{CROWD[:99]}": "cd" * 32 for one in range(40)}},
}


@pytest.mark.parametrize("what", CROWDED)
@pytest.mark.parametrize("beside", [0, 1 << 16], ids=["alone", "in a long line"])
def test_crowds_of_brackets_are_refused_the_short_way_too(what, beside):
	closed = base64.b64encode(bytes(beside))
	header = AGENCY.header(payload=hashlib.sha256(bytes(beside)).hexdigest(), **CROWDED[what])
	line = {"t": "e", "seq": 7, "header": canonical.dumps(header).decode(), "payload": closed.decode()}
	found = found_the_same(encoded([line]))
	assert bool(found.findings) == (not beside or what in ("a path", "many paths"))


def test_a_crowd_of_brackets_in_a_live_row_is_refused_the_short_way_too():
	found = found_the_same(encoded([{**LINES[ROW], "name": CROWD}, LINES[ROW]]))
	assert ["more brackets" in finding.text for finding in found.findings] == [True]


def test_a_record_that_cannot_be_named_hides_no_finding(path):
	"""Its line may be read, its header alone has too many brackets to be read once more."""
	closed = bytes(1 << 16)
	told = canonical.loads_strict(LINES[EVENT]["header"].encode())
	told.update(rows=[["Case", CROWD, "ab" * 32]], payload=hashlib.sha256(closed).hexdigest())
	written = {"header": canonical.dumps(told).decode(), "payload": base64.b64encode(closed).decode()}
	report = judged(path, changed(EVENT, **written))
	assert report.code == verify.WRONG
	assert any(one.text.startswith("A record is gone") for one in report.findings)


def test_what_was_found_is_told_however_the_verification_ends(path, monkeypatch):
	def stopped(*_arguments):
		raise MemoryError("no more")

	monkeypatch.setattr(verify, "find_names", stopped)
	path.write_bytes(changed(ROW, hash="ab" * 32))
	options = verify.arguments([str(path), "--key", "ab" * 32, "--workers", "1"])
	report = verify.run(options, verify.Bar(sys.stderr))
	assert (report.code, report.facts["log"]) == (verify.WRONG, AGENCY.log)
	assert "could not be ended: MemoryError" in said(report)
	assert "None of its keys" in said(report)


def test_what_is_no_utf_8_is_refused_the_short_way_too():
	for noise in (b"\xff", b"\xed\xa0\x80"):
		found = found_the_same(PLAIN.replace(b"frappe.client.save", noise, 1))
		assert "not UTF-8" in found.findings[0].text


def test_noted_events_are_noted_whichever_way_they_are_read():
	events = [
		AGENCY.header(verb=verb, subject="Case/1", outcome=outcome)
		for verb in ("shred", "destroy", "rotate key", "shred not")
		for outcome in ("Success", "Denied")
	]
	lines = [
		{"t": "e", "seq": seq, "header": canonical.dumps(one).decode()} for seq, one in enumerate(events, 1)
	]
	found = found_the_same(encoded(lines))
	assert [seq for _place, seq, *_ in found.shreddings] == [1, 3]
	assert found.rotations == [5]
