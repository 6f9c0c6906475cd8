"""The verifier on histories of the pure ledger: honest ones pass, and whatever somebody with the database does is found."""

import json
import random
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from os import environ
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from histories import Agency, Event, encoded, random_agency, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govcrm.accountability import verify
from govcrm.domain.ledger import canonical, checkpoint, merkle

HISTORIES = int(environ.get("GOVCRM_HONEST_HISTORIES", "300"))
WHOLE_FILE = Path(verify.__file__)


def verified(path: Path, lines: list, *, key: str | None, claims=(), **options) -> verify.Report:
	return verify.Verifier([key] if key else [], claims, **options).verify([write(path, lines)])


def kinds(report: verify.Report) -> set[str]:
	return {finding.kind for finding in report.findings}


def said(report: verify.Report) -> str:
	return "\n".join(verify.words(report))


@pytest.fixture
def path(tmp_path: Path) -> Path:
	return tmp_path / "export.ndjson.gz"


@pytest.fixture
def agency() -> Agency:
	"""Three cases and a citizen, nine checkpoints, the seventh of them anchored, nothing left unsealed."""
	agency = Agency(7)
	records = [agency.create("Case"), agency.create("Case"), agency.create("Citizen")]
	for number in range(9):
		agency.change(records[number % 3])
		agency.read(records[0])
		agency.change(records[(number + 1) % 3])
		agency.wait(5)
		agency.seal()
		if number == 6:
			agency.anchor()
	return agency


# Honest histories -------------------------------------------------------------------------------------------------


@settings(max_examples=HISTORIES, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_no_honest_history_raises_an_alarm(tmp_path_factory, seed):
	agency = random_agency(seed)
	path = tmp_path_factory.getbasetemp() / "honest.gz"
	claims = [claim for seal in agency.seals[::3] for claim in verify._claims("earlier", seal.line())]
	report = verified(path, agency.lines(), key=agency.first_public, claims=claims)
	assert report.code == verify.VALID, said(report)


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_a_history_in_several_exports_is_verified_as_one(tmp_path_factory, seed, dice):
	agency = random_agency(seed)
	cuts = sorted({0, len(agency.seals), *(dice.randint(0, len(agency.seals)) for _ in range(3))})
	folder = tmp_path_factory.getbasetemp()
	paths = [
		write(folder / f"{begin}-{end}.gz", agency.lines(begin, end)) for begin, end in pairwise(cuts)
	] or [write(folder / "all.gz", agency.lines())]
	report = verify.Verifier([agency.first_public]).verify(paths)
	assert report.code == verify.VALID, said(report)
	assert report.facts["last"] == agency.sealed


def test_events_of_one_export_alone_are_vouched_for_by_the_checkpoint_before(path, agency):
	report = verified(path, agency.lines(4), key=agency.public)
	assert report.code == verify.VALID, said(report)
	assert report.facts["first"] == agency.seals[3].size + 1


def test_what_a_sealer_left_for_days_is_not_back_dated(path):
	agency = Agency()
	for _ in range(10):
		agency.create()
		agency.wait(86400)
	for size in range(1, 11):
		agency.seal(size)
	assert verified(path, agency.lines(), key=agency.public).code == verify.VALID


def _altered(name: str):
	def alter(lines: list[dict], place: int) -> None:
		lines[place]["header"] = lines[place]["header"].replace(*name)

	return alter


DAMAGES = {
	"nothing": lambda lines, place: None,
	"a changed value": _altered(('"Internal"', '"Public"')),
	"a header of another shape": _altered(('"v":1', '"v":2')),
	"half of a surrogate pair": _altered(("frappe.client.save", "\ud800")),
	"an event that is gone": lambda lines, place: lines.pop(place),
	"an event that is there twice": lambda lines, place: lines.insert(place, lines[place]),
	"an event of long ago": _altered(('"at":"2026', '"at":"2006')),
	"a foreign line": lambda lines, place: lines.insert(place, {"t": "?"}),
	"a row that is there twice": lambda lines, place: lines.insert(-1, lines[-2]),
}


@pytest.fixture(scope="module")
def long_ago() -> Agency:
	"""Enough of everything that each end of a piece falls somewhere else."""
	agency = random_agency(11, acts=60)
	agency.create("Case")
	agency.seal()
	return agency


def _told(path: Path, agency: Agency, workers: int = 1) -> tuple:
	"""All that is told, in an order that no salt changes."""
	claims = [claim for seal in agency.seals for claim in verify._claims("visit", seal.line())]
	report = verify.Verifier([agency.first_public], claims, workers=workers).verify([path])
	return (
		sorted(report.findings),
		report.counts,
		report.facts,
		report.shreddings,
		report.rotations,
		report.unvouched,
	)


@pytest.mark.parametrize("what", DAMAGES)
@pytest.mark.parametrize("begin", [0, 3], ids=["from the first event", "from within"])
def test_wherever_pieces_end_the_same_is_told_of_the_same_place(path, long_ago, monkeypatch, what, begin):
	"""Runs of events are cut anywhere, also where a tree of no even size goes on, and read by one process or by several."""
	lines = long_ago.lines(begin)
	events = [place for place, line in enumerate(lines) if line["t"] == "e"]
	DAMAGES[what](lines, events[len(events) // 2])
	path.write_bytes(b"".join(_line(line) for line in lines))
	whole = _told(path, long_ago)
	assert bool(whole[0]) == (what != "nothing")
	for blob in (64, 700, 4000):
		monkeypatch.setattr(verify, "BLOB", blob)
		assert _told(path, long_ago) == whole, blob
	assert _told(path, long_ago, workers=2) == whole


def _line(line: dict) -> bytes:
	return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass") + b"\n"


def test_a_row_that_stands_twice_is_found_however_far_apart(path, agency, monkeypatch):
	lines = agency.lines()
	lines.insert(-1, next(line for line in lines if line["t"] == "r"))
	lines[-1]["rows"] += 1
	for blob in (verify.BLOB, 64):
		monkeypatch.setattr(verify, "BLOB", blob)
		[finding] = verified(path, lines, key=agency.public).findings
		assert finding.text.endswith("stands twice in the snapshot.")
		assert finding.line == len(lines) - 1


def test_a_checkpoint_remembered_from_within_a_run_of_events_is_looked_up(path, agency):
	sizes = (10, 11, 12, 13, 14)
	for right in (True, False):
		roots = [agency.tree(size if right else size - 1).root().hex() for size in sizes]
		claims = [verify.Claim("visit", size, root) for size, root in zip(sizes, roots, strict=True)]
		report = verified(path, agency.lines(snapshot=False), key=agency.public, claims=claims)
		assert [finding.seq for finding in report.findings] == ([] if right else list(sizes))


@given(st.integers(0, 70), st.lists(st.integers(0, 70), max_size=4))
def test_a_tree_grows_the_same_by_many_leaves_as_by_one(first, more):
	leaves = [number.to_bytes(32, "big") for number in range(first + sum(more))]
	tree, reference = verify.Tree(), merkle.Range()
	for count in (first, *more):
		tree.extend(b"".join(leaves[tree.size : tree.size + count]))
	for one in leaves:
		reference.append(one)
	assert (tree.size, tree.frontier, tree.root()) == (len(leaves), reference.frontier, reference.root())


def test_a_file_that_is_not_packed_is_read_as_well(path, agency):
	path.write_bytes(encoded(agency.lines()))
	assert verify.Verifier([agency.public]).verify([path]).code == verify.VALID


# Keys -------------------------------------------------------------------------------------------------------------


def test_without_a_trusted_key_nobody_vouches(path, agency):
	report = verified(path, agency.lines(), key=None)
	assert report.code == verify.UNVOUCHED
	assert "nobody vouches for the key" in said(report)


def test_trust_in_any_key_of_the_log_reaches_those_tied_to_it_by_endorsement(path, agency):
	for _ in range(3):
		agency.rotate_key()
		agency.create()
		agency.seal()
	for key in agency.keys:
		report = verified(path, agency.lines(), key=key["public"])
		assert report.code == verify.VALID, said(report)


def test_a_key_that_was_not_endorsed_is_not_trusted(path, agency):
	agency.rotate_key()
	agency.create()
	agency.seal()
	agency.keys[-1].update(endorsed_by=None, endorsement=None)
	assert "key" in kinds(verified(path, agency.lines(), key=agency.first_public))


def test_an_old_key_signs_nothing_after_its_end(path, agency):
	old = agency.signing[0]
	agency.rotate_key()
	agency.create()
	agency.seal()
	agency.signing.append(old)
	agency.keys.append(agency.keys[0])
	agency.create()
	agency.seal()
	report = verified(path, agency.lines(), key=agency.first_public)
	assert "when it was not the key of the log" in said(report)


def test_who_stole_a_key_of_before_continues_no_log_for_those_who_trust_a_later_one(path, agency):
	"""The thief endorses the trusted key anew, for a size that never comes, and goes on with the stolen one."""
	agency.rotate_key()
	agency.create()
	agency.seal()
	trusted, stolen = agency.public, agency.copy()
	stolen.signing.pop(), stolen.keys.pop(), stolen.seals.pop()
	for _ in range(3):
		stolen.create()
		stolen.seal()
	stolen.signing.append(agency.signing[-1])
	first = Ed25519PrivateKey.from_private_bytes(stolen.signing[0])
	stolen.keys.append(stolen._key_record(10**6, first))
	assert verified(path, agency.lines(), key=trusted).code == verify.VALID
	report = verified(path, stolen.lines(), key=trusted)
	assert report.code == verify.UNVOUCHED
	assert "a key from before the one you trust" in said(report)


def test_a_stolen_key_puts_no_second_one_in_force(path, agency):
	"""Beside the trusted key stands one of the thief's, put in force by the same."""
	first = Ed25519PrivateKey.from_private_bytes(agency.signing[0])
	agency.rotate_key()
	trusted, size = agency.public, agency.sealed
	agency.signing.append(b"another key of thirty-two bytes!")
	agency.keys.append(agency._key_record(size, first))
	agency.create()
	agency.seal()
	assert "No trusted key vouches" in said(verified(path, agency.lines(), key=trusted))
	assert "put two others in force" in said(verified(path, agency.lines(), key=agency.first_public))


def test_what_holds_no_checkpoint_is_signed_by_nobody(path, agency):
	empty = Agency()
	assert verified(path, empty.lines(), key=empty.public).code == verify.UNVOUCHED
	empty.create()
	report = verified(path, empty.lines(), key=empty.public)
	assert "nothing in it is signed" in said(report)


# What is told -----------------------------------------------------------------------------------------------------


def test_a_destroyed_key_is_named_and_proofs_still_stand(path, agency):
	case = next(record for record in agency.live if record[0] == "Case")
	agency.shred(case)
	agency.wait(1)
	agency.seal()
	report = verified(path, agency.lines(), key=agency.public)
	assert report.code == verify.VALID, said(report)
	assert f"Case/{case[1]}" in said(report)
	assert report.counts["unreadable"] == 1


def test_an_unsealed_destruction_hides_no_changed_row(path, agency):
	record = next(iter(agency.live))
	agency.live[record]["subject"] = "changed behind the application"
	subject = agency.hashed_under[record]
	forged = agency.header(verb="shred", subject=subject, doctype=record[0], name=record[1])
	agency.events.append(Event(canonical.dumps(forged)))
	report = verified(path, agency.lines(), key=agency.public)
	assert report.code == verify.UNVOUCHED
	assert "not sealed yet, and rows cannot be compared" in said(report)


def test_that_the_end_was_not_cut_off_is_not_promised_without_a_remembered_checkpoint(path, agency):
	assert "is not ruled out" in said(verified(path, agency.lines(0, 5), key=agency.public))
	claims = list(verify._claims("earlier", agency.seals[-1].line()))
	assert "is not ruled out" not in said(verified(path, agency.lines(), key=agency.public, claims=claims))


def test_an_impossible_day_is_no_way_to_stop_the_verifier(path, agency):
	for day in ("2026-11-30T23:59:59.000000Z", "2026-12-01T00:00:00.000000Z"):
		agency.clock = datetime.strptime(day, "%Y-%m-%dT%H:%M:%S.%fZ")
		agency.create()
		header = json.loads(agency.events[-1].header)
		agency.events[-1].header = canonical.dumps(header | {"at": "2026-11-31T23:59:59.000000Z"})
		agency.wait(86400)
		agency.seal()
	agency.create()
	agency.seal()
	assert verified(path, agency.lines(), key=agency.public).code in (verify.VALID, verify.WRONG)


def test_a_row_whose_key_is_gone_without_an_event_is_found(path, agency):
	lines = agency.lines()
	next(line for line in lines if line["t"] == "r")["hash"] = None
	assert kinds(verified(path, lines, key=agency.public)) == {"row"}


def test_the_place_of_a_fault_is_told(path, agency):
	lines = agency.lines()
	place, line = next((place, line) for place, line in enumerate(lines) if line.get("seq") == 12)
	line["header"] = line["header"].replace('"Internal"', '"Public"')
	report = verified(path, lines, key=agency.public)
	(finding,) = report.findings
	assert "The events 10 to 12 are not those that were sealed" in finding.text
	assert finding.line > place


def test_a_value_that_was_not_committed_to_is_found_with_its_event(path, agency):
	lines = agency.lines()
	line = next(line for line in lines if "open" in line)
	next(iter(line["open"].values()))["value"] = "something else"
	(finding,) = verified(path, lines, key=agency.public).findings
	assert finding.seq == line["seq"]
	assert "not the one it committed to" in finding.text


def test_a_payload_that_was_exchanged_is_found(path, agency):
	lines = agency.lines()
	line = next(line for line in lines if "payload" in line and "open" not in line)
	line["payload"] = "AAAA"
	(finding,) = verified(path, lines, key=agency.public).findings
	assert "payload" in finding.text


# Fourteen ways to tamper ------------------------------------------------------------------------------------------


def test_1_a_changed_body_is_found(path, agency):
	_rewrite(agency, 8, actor="b" * 16)
	assert "root" in kinds(verified(path, agency.lines(), key=agency.public))


def test_2_a_changed_leaf_is_found(path, agency):
	"""The export holds no leaves: who changes the one in the database before it is sealed has a root of nothing."""
	agency.create()
	real, agency.events[-1].header = agency.events[-1].header, b"{}"
	agency.seal()
	agency.events[-1].header = real
	assert "root" in kinds(verified(path, agency.lines(), key=agency.public))


def test_3_a_changed_body_with_its_leaf_and_the_roots_but_not_the_signatures_is_found(path, agency):
	_rewrite(agency, 8, actor="b" * 16)
	for seal in agency.seals:
		body = json.loads(seal.checkpoint)
		body["root"] = agency.tree(seal.size).root().hex()
		seal.checkpoint = canonical.dumps(body)
	assert "signature" in kinds(verified(path, agency.lines(), key=agency.public))


def test_4_an_event_deleted_in_the_middle_is_found(path, agency):
	lines = [line for line in agency.lines() if line.get("seq") != 8]
	report = verified(path, lines, key=agency.public)
	assert {"sequence", "root"} <= kinds(report)
	assert "After event 7 comes 9" in said(report)


def test_4_also_where_the_others_are_numbered_anew(path, agency):
	del agency.events[7]
	assert "root" in kinds(verified(path, agency.lines(), key=agency.public))


def test_5_a_tail_that_was_cut_off_is_found_by_what_an_anchor_remembers(path, agency):
	remembered = agency.seals[6].line()
	del agency.seals[5:]
	del agency.events[agency.sealed :]
	report = verified(
		path, agency.lines(snapshot=False), key=agency.public, claims=verify._claims("mount", remembered)
	)
	assert kinds(report) == {"anchor"}
	assert "cut off, rolled back or forked" in said(report)


def test_5_events_without_their_checkpoint_are_found(path, agency):
	lines = [
		line for line in agency.lines() if line.get("checkpoint") != agency.seals[-1].checkpoint.decode()
	]
	assert "tail" in kinds(verified(path, lines, key=agency.public))


def test_6_an_unsealed_event_that_was_deleted_is_found_by_its_row(path, agency):
	agency.change(next(iter(agency.live)))
	del agency.events[-1]
	assert kinds(verified(path, agency.lines(), key=agency.public)) == {"row"}


def test_6_a_deleted_unsealed_event_of_no_row_lies_in_the_declared_window(path, agency):
	"""The one thing no export can show: a read of the last seconds, gone before it was sealed."""
	agency.read(next(iter(agency.live)))
	del agency.events[-1]
	assert verified(path, agency.lines(), key=agency.public).code == verify.VALID


def test_7_events_that_changed_places_are_found(path, agency):
	agency.events[7], agency.events[8] = agency.events[8], agency.events[7]
	assert "root" in kinds(verified(path, agency.lines(), key=agency.public))


def test_8_a_back_dated_event_is_found_also_when_the_site_seals_it_itself(path, agency):
	agency.create()
	_rewrite(agency, len(agency.events) - 1, at="2026-11-20T08:00:00.000000Z")
	agency.seal()
	assert kinds(verified(path, agency.lines(), key=agency.public)) == {"time"}


def test_8_an_event_put_among_older_ones_is_found(path, agency):
	agency.create()
	agency.events.insert(5, agency.events.pop())
	assert "root" in kinds(verified(path, agency.lines(), key=agency.public))


def test_8_an_event_from_after_its_checkpoint_is_found(path, agency):
	agency.create()
	_rewrite(agency, len(agency.events) - 1, at="2026-12-24T08:00:00.000000Z")
	agency.seal()
	assert kinds(verified(path, agency.lines(), key=agency.public)) == {"time"}


def test_8_an_id_that_was_given_twice_is_found_though_the_site_sealed_it(path, agency):
	agency.create()
	_rewrite(agency, len(agency.events) - 1, id=json.loads(agency.events[3].header)["id"])
	agency.seal()
	report = verified(path, agency.lines(), key=agency.public)
	assert kinds(report) == {"id"}
	assert json.loads(agency.events[3].header)["id"] in said(report)


def test_8_an_id_that_was_given_twice_is_found_across_exports_and_files_on_the_disk(
	path, agency, monkeypatch
):
	monkeypatch.setattr(verify.Ids, "HELD", 40)
	taken, cut = json.loads(agency.events[3].header)["id"], len(agency.seals)
	for _number in range(verify.SHOWN + 5):
		agency.create()
		_rewrite(agency, len(agency.events) - 1, id=taken)
	agency.seal()
	paths = [write(path, agency.lines(0, cut)), write(path.with_name("later.gz"), agency.lines(cut))]
	report = verify.Verifier([agency.public]).verify(paths)
	assert kinds(report) == {"id"}
	assert "5 more events whose id another one has" in report.findings[-1].text
	assert {finding.file for finding in report.findings[:-1]} == {"later.gz"}


def test_what_was_not_sealed_in_one_export_and_is_in_the_next_has_its_id_once(path, agency):
	cut = len(agency.seals)
	agency.create()
	first = write(path, agency.lines(0, cut))
	agency.seal()
	second = write(path.with_name("later.gz"), agency.lines(cut))
	assert verify.Verifier([agency.public]).verify([first, second]).code == verify.VALID


def test_9_an_old_checkpoint_that_was_put_back_is_found(path, agency):
	agency.seals[7] = agency.seals[4]
	report = verified(path, agency.lines(), key=agency.public)
	assert "an old one was put back" in said(report)


def test_10_a_fork_is_found_by_who_saw_the_other_branch(path, agency):
	other = agency.copy()
	agency.create("Case")
	agency.seal()
	other.create("Citizen")
	other.seal()
	assert agency.sealed == other.sealed
	for one, seen in ((agency, other), (other, agency)):
		claims = list(verify._claims("colleague", seen.seals[-1].line()))
		report = verified(path, one.lines(), key=agency.public, claims=claims)
		assert kinds(report) == {"anchor"}
		assert "forked" in said(report)


def test_10_two_checkpoints_of_one_size_are_found(path, agency):
	last = agency.seals[-1]
	body = {**json.loads(last.checkpoint), "previous": last.hash}
	second = canonical.dumps(body)
	agency.seals.append(type(last)(second, checkpoint.sign(agency.private, second), last.frontier))
	assert "two were made for the same events" in said(verified(path, agency.lines(), key=agency.public))


def test_11_swapped_keys_are_found(path, agency):
	trusted = agency.public
	agency.signing = [b"another key of thirty-two bytes!"]
	agency.keys = [agency._key_record(0, None)]
	seals, agency.seals = agency.seals, []
	for seal in seals:
		agency.seal(seal.size)
	assert kinds(verified(path, agency.lines(), key=trusted)) == {"key"}
	assert verified(path, agency.lines(), key=None).code == verify.UNVOUCHED


def test_12_the_export_of_another_log_is_found(path, agency):
	foreign = random_agency(99)
	foreign.create()
	foreign.seal()
	assert "key" in kinds(verified(path, foreign.lines(), key=agency.public))
	assert kinds(verified(path, foreign.lines(), key=None, log=agency.log)) == {"log"}


def test_12_an_event_of_another_log_is_found(path, agency):
	agency.events.append(random_agency(99).events[0])
	agency.seal()
	assert "for another log" in said(verified(path, agency.lines(), key=agency.public))


def test_13_rows_changed_behind_the_application_are_found_and_named(path, agency):
	changed, deleted = list(agency.live)[:2]
	agency.live[changed]["priority"] += 1
	del agency.live[deleted]
	agency.live["Case", "CASE-NEW"] = {"subject": "never told of"}
	report = verified(path, agency.lines(), key=agency.public)
	assert kinds(report) == {"row"}
	for record, word in ((changed, "changed"), (deleted, "gone"), (("Case", "CASE-NEW"), "is there")):
		assert any(" ".join(record) in one.text and word in one.text for one in report.findings)


def test_14_a_backup_put_back_is_found_by_what_was_remembered(path, agency):
	backup = agency.copy()
	case = agency.create()
	agency.seal()
	remembered = list(verify._claims("last visit", agency.seals[-1].line()))
	assert case not in backup.live
	assert verified(path, backup.lines(), key=agency.public).code == verify.VALID
	report = verified(path, backup.lines(), key=agency.public, claims=remembered)
	assert kinds(report) == {"anchor"}
	backup.create("Citizen")
	backup.seal()
	remembered[0].is_met = False
	assert kinds(verified(path, backup.lines(), key=agency.public, claims=remembered)) == {"anchor"}


def _rewrite(agency: Agency, place: int, **values) -> None:
	header = json.loads(agency.events[place].header)
	agency.events[place].header = canonical.dumps({**header, **values})


@pytest.mark.parametrize("seed", range(40))
def test_whatever_one_byte_of_the_events_is_changed_to_is_found(path, seed):
	"""Not fourteen ways but any: a byte of a line of an event, a checkpoint or a row."""
	agency = random_agency(seed)
	agency.create()
	agency.seal()
	data = bytearray(encoded(agency.lines()))
	dice = random.Random(seed)
	first = data.index(b'{"t":"e"')
	place = dice.randrange(first, len(data))
	data[place] ^= 1 << dice.randrange(7)
	path.write_bytes(data)
	report = verify.Verifier([agency.first_public]).verify([path])
	assert report.code in (verify.WRONG, verify.UNREADABLE), bytes(data[place - 40 : place + 40])


# What is remembered -----------------------------------------------------------------------------------------------


def test_checkpoints_are_read_from_whatever_an_anchor_keeps(tmp_path, agency):
	line, body = agency.seals[6].line(), agency.seals[6].checkpoint.decode()
	written = {
		"lines": f"{json.dumps(agency.seals[2].line())}\n{json.dumps(line)}\n",
		"syslog": f"<109>1 2026-11-22T21:00:00Z city govcrm 7 checkpoint - {json.dumps(line)}",
		"bare": body,
		"page": json.dumps({"checkpoint": json.loads(body), "signature": "00"}, indent=2),
	}
	for name, text in written.items():
		(tmp_path / name).write_text(text)
		claim = verify.read_claims(tmp_path / name)[-1]
		assert (claim.size, claim.hash) == (agency.seals[6].size, agency.seals[6].hash), name


def test_a_time_stamp_is_looked_up_by_the_hash_it_stamps(path, tmp_path, agency):
	token = b"\x30\x82" + bytes.fromhex("0609608648016503040201") + b"\x05\x00\x04\x20"
	for seal, expected in ((agency.seals[3].hash, verify.VALID), ("ab" * 32, verify.WRONG)):
		(tmp_path / "stamp.tsr").write_bytes(token + bytes.fromhex(seal))
		claims = verify.read_claims(tmp_path / "stamp.tsr")
		assert verified(path, agency.lines(), key=agency.public, claims=claims).code == expected


def test_a_checkpoint_of_another_time_is_not_called_verified(path, agency):
	claims = list(verify._claims("earlier", agency.seals[1].line()))
	report = verified(path, agency.lines(4), key=agency.public, claims=claims)
	assert report.code == verify.UNVOUCHED
	later = list(verify._claims("later", agency.seals[-1].line()))
	assert verified(path, agency.lines(0, 4), key=agency.public, claims=later).code == verify.UNVOUCHED


def test_a_receipt_of_a_checkpoint_that_is_not_in_the_log_is_found(path, agency):
	agency.seals[6].receipts[0]["checkpoint_hash"] = "ab" * 32
	assert kinds(verified(path, agency.lines(), key=agency.public)) == {"anchor"}


# The command ------------------------------------------------------------------------------------------------------


def run(*arguments, cwd: Path | None = None) -> subprocess.CompletedProcess:
	"""As a file of its own, without the project in reach."""
	command = [sys.executable, "-I", str(WHOLE_FILE), *map(str, arguments)]
	return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=60)


def test_the_file_alone_verifies_and_remembers(path, tmp_path, agency):
	key = tmp_path / "agency.pub"
	key.write_text(agency.public + "\n")
	write(path, agency.lines())
	done = run(path, "--key", key, "--save", tmp_path / "seen.json", cwd=tmp_path)
	assert (done.returncode, done.stderr) == (0, "")
	assert done.stdout.startswith("VALID")
	agency.create()
	agency.seal()
	write(path, agency.lines())
	assert run(path, "--key", agency.public, "--checkpoint", tmp_path / "seen.json").returncode == 0
	del agency.seals[5:]
	write(path, agency.lines(snapshot=False))
	assert run(path, "--key", agency.public, "--checkpoint", tmp_path / "seen.json").returncode == 1


def test_what_was_found_can_be_had_as_json(path, agency):
	agency.live[next(iter(agency.live))]["priority"] += 1
	write(path, agency.lines())
	done = run(path, "--key", agency.public, "--json")
	told = json.loads(done.stdout)
	assert (done.returncode, told["code"], told["verdict"]) == (1, 1, "not valid")
	assert told["findings"][0]["kind"] == "row"
	assert told["checkpoint"]["size"] == agency.sealed


def test_what_is_not_there_is_told_without_a_traceback(path, tmp_path, agency):
	write(path, agency.lines())
	(tmp_path / "empty").write_bytes(b"")
	for arguments in ((tmp_path / "no.gz",), (path, "--key", "zz"), (path, "--anchor", tmp_path / "empty")):
		done = run(*arguments)
		assert done.returncode == 2
		assert "Traceback" not in done.stdout + done.stderr


def test_it_imports_nothing_of_the_application():
	text = WHOLE_FILE.read_text(encoding="utf-8")
	imports = [line for line in text.splitlines() if line.startswith(("import ", "from "))]
	assert imports
	assert not [line for line in imports if "govcrm" in line or "frappe" in line]
