"""Events that are written together are those that would be written one by one."""

from unittest.mock import patch
from zoneinfo import ZoneInfo

import frappe

from govcrm.accountability.trail import context, entries, keys, many, payload, rows, writer
from govcrm.accountability.trail.entries import Entry
from govcrm.accountability.trail.many import Act
from govcrm.domain.ledger.canonical import NotCanonical
from govcrm.tests.casework import ALICE, CaseTestCase
from govcrm.tests.factories import make_case

ODD = 'Said: "50 %s" \\ é\n\x00𝄞'


def acts_of(given: list[Entry]) -> list[Act]:
	origin = context.current()
	placed = [(entry, writer._place(entry)) for entry in given]
	return [Act(entry, place, keys.of(place.subject), writer._told(entry, origin)) for entry, place in placed]


class TestMany(CaseTestCase):
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

	def test_each_row_is_the_one_it_has_alone(self):
		acts, origin, zone = acts_of(self.given()), context.current(), ZoneInfo("America/New_York")
		with patch.object(payload.secrets, "token_bytes", lambda count: bytes(count)):
			together, alone = many.rows(acts, origin, zone), [writer._row(*act, origin, zone) for act in acts]
		self.assertEqual(together, alone)

	def test_what_is_told_from_so_many_on_can_be_read_as_what_is_told_alone(self):
		given = [
			Entry("update", "Case", self.case.name, after=self.after, reason=f"{n}")
			for n in range(writer.MANY)
		]
		with patch.object(many, "rows", wraps=many.rows) as together:
			names = writer.write(given)
		together.assert_called_once()
		self.assertEqual([payload.read(name)["reason"] for name in names], [entry.reason for entry in given])

	def test_half_of_a_surrogate_pair_is_refused(self):
		acts = acts_of([Entry("update", "Case", self.case.name, reason="\ud800")])
		with self.assertRaises(NotCanonical):
			many.rows(acts, context.current(), ZoneInfo("UTC"))
