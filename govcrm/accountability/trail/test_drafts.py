"""The texts that drafts put together are the canonical JSON of what an event tells."""

import hmac
from base64 import b64encode
from contextlib import nullcontext
from hashlib import sha256
from unittest.mock import patch
from zoneinfo import ZoneInfo

import frappe
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from traceback_with_variables import iter_exc_lines

from govcrm.accountability.trail import (
	context,
	drafts,
	entries,
	inserting,
	keys,
	payload,
	rows,
	subjects,
	writer,
)
from govcrm.accountability.trail.drafts import Act
from govcrm.accountability.trail.entries import Entry
from govcrm.domain.ledger.canonical import NotCanonical, dumps
from govcrm.domain.ledger.headers import COLUMNS as REPEATED
from govcrm.tests.casework import ALICE, CaseTestCase
from govcrm.tests.factories import make_case
from govcrm.tests.trail import traceback_with_values

CANARY = "canary 4711"
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
		sealed = bytes(12) + AESGCM(own.cipher).encrypt(bytes(12), dumps(dict(act.told)), entry.id.encode())
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

	def test_what_frappe_keeps_of_an_event_that_could_not_be_written_tells_no_value(self):
		"""Error Log is kept when keys are destroyed."""
		self.case.subject = CANARY
		after, reported = rows.of(self.case), []
		for reason, failing in ((CANARY, inserting), (f"{CANARY} \ud800", None)):
			entry = Entry("update", "Case", self.case.name, before=self.before, after=after, reason=reason)
			entry.detail = {"note": CANARY}
			reported.append(self.report(entry, failing))
		del after, reason
		self.assertIn("<Entry ", reported[0])
		self.assertIn("acts = [<Act ", reported[0])
		self.assertIn("texts = <secret>", reported[1])
		for report in reported:
			self.assertNotIn(CANARY, report)

	def report(self, entry: Entry, failing) -> str:
		"""What is kept of the failure, at the INSERT or before it."""
		broken = patch.object(inserting, "writing", side_effect=RuntimeError("deadlock"))
		with broken if failing else nullcontext():
			try:
				writer.write([entry])
			except (RuntimeError, NotCanonical) as error:
				kept = [traceback_with_values()]
				if error.__cause__:
					kept += iter_exc_lines(error.__cause__)
		return "\n".join(kept)

	def test_rows_of_tables_are_written_without_being_remembered(self):
		"""Their names are their own: what was remembered of them would push out what comes again."""
		remembered = drafts._object_of.cache_info().currsize
		for paths in (("status/after", "rows/a1/status/after"), tuple(f"f{n}/after" for n in range(64))):
			self.assertEqual(drafts._writer_of(paths).varying, tuple(sorted(paths)))
		self.assertEqual(drafts._object_of.cache_info().currsize, remembered)
		self.assertIs(drafts._writer_of(("reason", "x/after")), drafts._writer_of(("reason", "x/after")))

	def test_the_key_of_row_hashes_is_made_once_and_only_for_rows(self):
		keys.forget()
		with patch.object(keys, "Mac", side_effect=keys.Mac) as made:
			names = [Entry("read", "Case", self.case.name) for _ in range(3)]
			writer.write(names)
			self.assertEqual(made.call_count, 0)
			writer.write([Entry("update", "Case", self.case.name, after=self.after) for _ in range(3)])
			self.assertEqual(made.call_count, 1)

	def test_half_of_a_surrogate_pair_is_refused(self):
		acts = acts_of([Entry("update", "Case", self.case.name, reason="\ud800")])
		with self.assertRaises(NotCanonical):
			drafts.rows(acts, context.current(), ZoneInfo("UTC"))
