"""Commitments, rows, headers against their columns, and signed checkpoints."""

from base64 import b64encode
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from govcrm.domain.ledger import canonical, checkpoint, commitments, headers, rows

KEY = bytes(range(32))
SALT = commitments.salt_of(KEY)


# Commitments


def test_what_is_derived_from_a_key_is_as_written_down():
	"""Fixed for ever: whoever opens a value years later computes it by these."""
	assert SALT.hex() == "998a42ab8c2f73720ca09aa767726febb50db7d56e25042d2f1a2e99416b9ed4"
	cipher = commitments.cipher_of(KEY)
	assert cipher.hex() == "6802511184650e073a0be19d50929d6c951f060bdca6c41e037f38f13c025881"
	key = commitments.key_for(SALT, "01M82", "status/after")
	assert key.hex() == "468b132edc9e8125fcd1e6a7f18f04d5c699e9b153cd20f84bf2cff5a045ddcf"
	said = commitments.commit(key, "Open")
	assert said.hex() == "900b7c4307f67c32c8bf7cd9ff98328de684c23944ef221b6eb915eab004b3aa"


def test_a_commitment_opens_with_its_value_and_its_key_alone():
	key = commitments.key_for(SALT, "01M82", "status/after")
	said = commitments.commit(key, "Open")
	assert commitments.opens(said, key, "Open")
	assert not commitments.opens(said, key, "Closed")
	assert not commitments.opens(said, commitments.key_for(SALT, "01M82", "status/before"), "Open")
	assert not commitments.opens(said, commitments.key_for(SALT, "01M83", "status/after"), "Open")


def test_the_same_value_is_committed_to_differently_in_every_place():
	paths = [(event, path) for event in ("A", "B") for path in ("x/before", "x/after", "reason")]
	assert len({commitments.commit(commitments.key_for(SALT, *one), "yes") for one in paths}) == len(paths)


# Rows


@pytest.mark.parametrize(
	"kind, same",
	[
		("Int", [7, 7.0, "7", Decimal(7)]),
		("Check", [1, True, "1", 1.0]),
		("Float", [0.1, "0.1", Decimal("0.100000000"), 0.10000000004, "0.10"]),
		("Currency", [1000, 1000.0, "1000.00", Decimal("1000.000000000"), "1e3"]),
		("Rating", [0.6, "0.600", Decimal("0.6")]),
		("Date", [date(2026, 3, 4), "2026-03-04", "2026-3-4", datetime(2026, 3, 4), "2026-03-04 00:00:00"]),
		("Datetime", [datetime(2026, 3, 4, 5, 6, 7), "2026-03-04 05:06:07", "2026-03-04T05:06:07.000000"]),
		(
			"Datetime",
			[datetime(2026, 3, 4, 5, 6, 7, 500000), "2026-03-04 05:06:07.5", "2026-3-4 5:6:7.500000"],
		),
		("Datetime", [date(2026, 3, 4), "2026-03-04", datetime(2026, 3, 4)]),
		("Time", [time(9, 30), "9:30", "09:30:00", "9:30:00.000000", timedelta(hours=9, minutes=30)]),
		("Time", [time(0), "00:00:00", timedelta(0)]),
		("Data", ["7", 7]),
		("Link", [12, "12"]),
	],
)
def test_whatever_type_a_database_hands_back_the_text_is_one(kind, same):
	assert len({rows.text(kind, value) for value in same}) == 1
	assert rows.text(kind, same[0]) is not None


@pytest.mark.parametrize("kind", ["Int", "Check", "Float", "Currency", "Percent"])
@pytest.mark.parametrize("value", [None, "", 0, 0.0, False, "0", "0.000", Decimal("0E-9"), -0.0])
def test_nought_is_nothing_in_a_column_of_numbers(kind, value):
	assert rows.text(kind, value) is None


@pytest.mark.parametrize("kind", ["Data", "Small Text", "Date", "Datetime", "Time"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_is_empty_is_left_out(kind, value):
	assert rows.text(kind, value) is None


@pytest.mark.parametrize(
	"one, other, kind",
	[
		(0.1, 0.100000001, "Float"),
		("a", "a ", "Data"),
		("é", "e\u0301", "Data"),
		("\r\n", "\n", "Text"),
		(date(2026, 3, 4), date(2026, 4, 3), "Date"),
		(time(0), None, "Time"),
		("0", None, "Data"),
		(2**53, 2**53 + 1, "Long Int"),
		(1, 2, "Int"),
	],
)
def test_different_values_have_different_texts(one, other, kind):
	assert rows.text(kind, one) != rows.text(kind, other)


anything = st.one_of(
	st.none(),
	st.booleans(),
	st.integers(),
	st.floats(),
	st.decimals(),
	st.text(st.characters(exclude_categories=["Cs"])),
	st.dates(),
	st.datetimes(),
	st.times(),
	st.timedeltas(),
)
kinds = st.sampled_from(["Int", "Check", "Long Int", "Float", "Date", "Datetime", "Time", "Data", "Link"])


@given(kinds, anything)
@example("Float", Decimal("sNaN"))
def test_every_value_has_a_text_that_can_be_hashed(kind, value):
	"""A save must never fail because a value is odd."""
	canonical.dumps(rows.text(kind, value))


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**11), max_value=10**11))
def test_a_decimal_has_nine_places_and_no_noughts_at_its_end(value):
	written = rows.text("Float", value)
	assert written is None if not value else Decimal(written) == value
	assert not written or "." not in written or not written.endswith(("0", "."))


def test_a_row_holds_what_counts_and_its_tables_in_their_order():
	row = rows.canonical_row(
		"Case",
		"CASE-1",
		{"title": "Data", "closed": "Check"},
		{"title": "A", "closed": 0, "owner": "x", "modified": "2026-01-01", "docstatus": 1, "other": "y"},
		{"steps": ({"what": "Data"}, [{"name": "r2", "what": "b"}, {"name": "r1"}]), "none": ({}, [])},
	)
	assert row == {
		"doctype": "Case",
		"name": "CASE-1",
		"fields": {"title": "A", "owner": "x", "docstatus": 1},
		"tables": {"steps": [{"name": "r2", "what": "b"}, {"name": "r1"}]},
	}


def test_the_hash_of_a_row_tells_nothing_without_the_salt():
	row = rows.canonical_row("Case", "CASE-1", {"title": "Data"}, {"title": "A"})
	assert rows.row_hash(SALT, row) == rows.row_hash(SALT, dict(row))
	assert rows.row_hash(SALT, row) != rows.row_hash(commitments.salt_of(b"\1" * 32), row)
	assert rows.row_hash(SALT, row) != rows.row_hash(SALT, {**row, "name": "CASE-2"})


# Headers


def honest():
	payload = b"cipher"
	header = dict.fromkeys(headers.COLUMNS)
	header |= {
		"id": "01M82",
		"verb": "update",
		"class": "Internal",
		"at": "2026-11-22T21:32:55.000000Z",
		"payload": sha256(payload).hexdigest(),
	}
	row = {column: header[key] for key, column in headers.COLUMNS.items()}
	row |= {"at_utc": datetime(2026, 11, 22, 21, 32, 55), "payload": b64encode(payload).decode()}
	return header, row


def test_an_honest_row_says_what_its_header_says():
	header, row = honest()
	assert headers.differing(header, row) == []
	assert headers.differing(header, row | {"action": "", "at_utc": "2026-11-22 21:32:55"}) == []


@pytest.mark.parametrize("column", [*headers.COLUMNS.values(), "at_utc", "payload"])
def test_every_column_that_repeats_the_header_is_held_to_it(column):
	header, row = honest()
	assert headers.differing(header, row | {column: "another"}) == [column]


# Checkpoints


@pytest.fixture
def private():
	return Ed25519PrivateKey.from_private_bytes(KEY)


def of(size=1, previous=checkpoint.NONE_BEFORE):
	return checkpoint.body(
		origin="0" * 32,
		size=size,
		root="1" * 64,
		time="2026-11-22T21:32:55.123456Z",
		previous=previous,
		key="2" * 16,
	)


def test_a_checkpoint_is_the_canonical_json_of_its_words():
	assert of() == (
		b'{"key":"2222222222222222","origin":"00000000000000000000000000000000",'
		b'"previous":"0000000000000000000000000000000000000000000000000000000000000000",'
		b'"root":"1111111111111111111111111111111111111111111111111111111111111111","size":1,'
		b'"time":"2026-11-22T21:32:55.123456Z","v":1}'
	)
	assert checkpoint.hash_of(of()) == sha256(of()).hexdigest()


def test_a_signature_holds_for_its_checkpoint_and_its_key_only(private):
	public = checkpoint.public_of(private)
	signature = checkpoint.sign(private, of())
	assert checkpoint.verify(public, of(), signature)
	assert not checkpoint.verify(public, of(size=2), signature)
	assert not checkpoint.verify(checkpoint.public_of(Ed25519PrivateKey.generate()), of(), signature)


@pytest.mark.parametrize("signature", ["", "00", "no hex", "0" * 128, "f" * 126])
def test_a_signature_that_is_none_is_wrong_and_no_error(private, signature):
	assert not checkpoint.verify(checkpoint.public_of(private), of(), signature)
	assert not checkpoint.verify("00", of(), "0" * 128)


def test_a_signature_of_one_thing_is_none_of_another(private):
	"""A statement about a key can never be shown as a checkpoint, nor the other way."""
	public = checkpoint.public_of(private)
	statement = checkpoint.key_statement(origin="0" * 32, public=public, from_size=7)
	assert checkpoint.verify_endorsement(public, statement, checkpoint.endorse(private, statement))
	assert not checkpoint.verify(public, statement, checkpoint.endorse(private, statement))
	assert not checkpoint.verify_endorsement(public, statement, checkpoint.sign(private, statement))


def test_the_id_of_a_key_follows_from_the_key(private):
	public = checkpoint.public_of(private)
	assert checkpoint.key_id(public) == sha256(bytes.fromhex(public)).hexdigest()[:16]
