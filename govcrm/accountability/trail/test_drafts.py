"""The texts that drafts put together are the canonical JSON of what an event tells."""

import hmac
from base64 import b64encode
from hashlib import sha256
from unittest.mock import patch
from zoneinfo import ZoneInfo

import frappe
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from govcrm.accountability.trail import context, drafts, entries, keys, payload, rows, subjects, writer
from govcrm.accountability.trail.drafts import Act
from govcrm.accountability.trail.entries import Entry
from govcrm.domain.ledger.canonical import NotCanonical, dumps
from govcrm.domain.ledger.headers import COLUMNS as REPEATED
from govcrm.tests.casework import ALICE, CaseTestCase
from govcrm.tests.factories import make_case

ODD = 'Said: "50 %s" \\ é\n\x00𝄞'


def acts_of(given: list[Entry]) -> list[Act]:
	origin = context.current()
	placed = [(entry, writer._place(entry)) for entry in given]
	return [Act(entry, place, keys.of(place.subject), writer._told(entry, origin)) for entry, place in placed]


def expected(act: Act, origin: context.Context, zone: ZoneInfo) -> dict:
	"""The row as the format of the log describes it, step by step."""
	entry, place, own = act.entry, act.place, act.own
	header = {
		**origin.fields,
		"id": entry.id,
		"at": f"{entry.at:%Y-%m-%dT%H:%M:%S.%f}Z",
		"offset": f"{entry.at.astimezone(zone):%z}"[:3] + ":" + f"{entry.at.astimezone(zone):%z}"[3:],
		"verb": entry.verb,
		"action": entry.action or None,
		"doctype": entry.doctype,
		"name": place.name,
		"subject": place.subject,
		"department": place.department or None,
		"class": place.level or None,
		"outcome": entry.outcome,
		"rows": [covered(act, *one) for one in entry.covered()],
		"commitments": {
			path: hashed(hashed(own.salt, f"{entry.id}/{path}".encode()), dumps(value)).hex()
			for path, value in act.told.items()
		},
	}
	closed = None
	if act.told:
		sealed = bytes(12) + AESGCM(own.cipher).encrypt(bytes(12), dumps(act.told), entry.id.encode())
		closed = b64encode(sealed).decode()
	header["payload"] = sha256(sealed).hexdigest() if closed else None
	return {
		"seq": 0,
		"at_utc": f"{entry.at:%Y-%m-%d %H:%M:%S.%f}",
		**{column: header[key] for key, column in REPEATED.items()},
		"leaf": sha256(b"\x00" + dumps(header)).hexdigest(),
		"header": dumps(header).decode(),
		"payload": closed,
	}


def covered(act: Act, doctype: str, name: str, row: dict | bytes | None) -> list:
	shown = subjects.public_name(doctype, name)
	if row is None:
		return [doctype, shown, None]
	written = row if isinstance(row, bytes) else dumps(row)
	return [doctype, shown, hashed(hashed(act.own.salt, b"rows"), written).hex()]


def hashed(key: bytes, message: bytes) -> bytes:
	return hmac.digest(key, message, "sha256")


class TestDrafts(CaseTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.case = make_case()
		self.before = rows.of(self.case)
		self.case.subject = ODD
		self.after = rows.of(self.case)

	def given(self) -> list[Entry]:
		case, user = self.case, frappe.get_doc("User", ALICE)
		covered = [
			("Case", case.name, b'{"as":"written"}'),
			("User", ALICE, None),
			("Case Event", "x", self.after),
		]
		return [
			Entry("update", "Case", case.name, before=self.before, after=self.after, reason=ODD, action="Go"),
			Entry("update", "Case", case.name, rows=covered, detail={"count": 3, "word": ODD, "none": ""}),
			Entry("read", "Case", case.name, outcome="Denied"),
			Entry("delete", "Case", case.name, before=self.before),
			Entry("export", detail={"rows": 0, "of": "Case"}),
			entries.of_document("update", user, secrets=("new_password",)),
		]

	def test_each_row_is_made_of_the_canonical_json_of_its_header(self):
		acts, origin, zone = acts_of(self.given()), context.current(), ZoneInfo("America/New_York")
		with patch.object(payload.secrets, "token_bytes", lambda count: bytes(count)):
			found = [dict(zip(drafts.COLUMNS, row, strict=True)) for row in drafts.rows(acts, origin, zone)]
		for act, row in zip(acts, found, strict=True):
			self.assertEqual(row, expected(act, origin, zone))

	def test_what_is_told_of_many_at_once_can_be_read_again(self):
		reasons = [f"For the {n}. time" for n in range(30)]
		given = [Entry("update", "Case", self.case.name, after=self.after, reason=one) for one in reasons]
		names = writer.write(given)
		self.assertEqual([payload.read(name)["reason"] for name in names], reasons)

	def test_half_of_a_surrogate_pair_is_refused(self):
		acts = acts_of([Entry("update", "Case", self.case.name, reason="\ud800")])
		with self.assertRaises(NotCanonical):
			drafts.rows(acts, context.current(), ZoneInfo("UTC"))
