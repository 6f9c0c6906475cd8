"""What the public sees of the audit log: signed, checkable without the server, and about nobody."""

import hashlib
import json
import re
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

URL = "/api/method/govcrm.api.accountability.checkpoint"
AUDITED = "rest-audited@example.org"
VERIFIER = Path(__file__).resolve().parents[2] / "govcrm/accountability/verify.py"


@pytest.fixture(scope="module", autouse=True)
def sealed(make_login, bench_execute) -> None:
	"""That somebody was made is an event, so that there is something to seal on a new site."""
	make_login(AUDITED, "Agency Auditor")
	bench_execute("govcrm.accountability.sealing.sealer.run")


def test_anybody_gets_the_newest_checkpoint_and_can_check_its_signature(guest_session):
	answer = guest_session.get(URL)
	assert answer.status_code == 200
	assert answer.headers["Content-Type"].startswith("application/json")
	assert answer.headers["Cache-Control"] == "public, max-age=5"
	found = answer.json()
	public = {key["key"]: key["public"] for key in found["keys"]}[found["said"]["key"]]
	signed = b"govcrm-checkpoint-v1\n" + found["checkpoint"].encode()
	Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
		bytes.fromhex(found["signature"]), signed
	)
	assert hashlib.sha256(found["checkpoint"].encode()).hexdigest() == found["hash"]
	assert json.loads(found["checkpoint"]) == found["said"]


def test_an_earlier_checkpoint_is_found_by_its_size(guest_session):
	newest = guest_session.get(URL).json()
	answer = guest_session.get(URL, params={"size": newest["said"]["size"]})
	assert answer.json()["checkpoint"] == newest["checkpoint"]
	assert answer.headers["Cache-Control"] == "public, max-age=86400"


@pytest.mark.parametrize("size", ["0", "-1", "1e3", "²", "x" * 1000, "9" * 17, "1; drop"])
def test_what_is_no_size_is_told_so(guest_session, size):
	answer = guest_session.get(URL, params={"size": size})
	assert answer.status_code == 417
	assert answer.json()["errors"] == [{"field": "size", "message": "Expected a number of events."}]


def test_a_size_without_a_checkpoint_is_not_found(guest_session):
	answer = guest_session.get(URL, params={"size": 10**15})
	assert answer.status_code == 404
	assert answer.json()["errors"][0]["message"] == "There is no checkpoint of this size."


def test_nothing_is_written_by_asking(guest_session):
	assert guest_session.post(URL).status_code == 403


def test_the_page_shows_the_same_and_needs_no_script(guest_session):
	answer = guest_session.get("/audit")
	assert answer.status_code == 200
	assert "<script" not in answer.text
	found = guest_session.get(URL).json()
	for words in (found["said"]["origin"], found["keys"][0]["public"], "Newest checkpoint", "verify.py"):
		assert words in answer.text


def test_neither_names_anybody(guest_session):
	for address in ("/audit", URL):
		text = guest_session.get(address).text
		assert AUDITED not in text
		assert not re.search(r"[\w.]@[\w.]", text)


def test_the_verifier_takes_the_file_as_a_checkpoint_to_compare_with(guest_session, tmp_path):
	"""An empty export cannot agree with it; that it says so by name shows that the file was read."""
	kept = tmp_path / "checkpoint.json"
	kept.write_bytes(guest_session.get(URL).content)
	sys.path.insert(0, str(VERIFIER.parent))
	try:
		import verify
	finally:
		sys.path.remove(str(VERIFIER.parent))
	(claim,) = verify.read_claims(kept)
	said = json.loads(kept.read_text())["said"]
	assert (claim.size, claim.root, claim.origin) == (said["size"], said["root"], said["origin"])
