"""What a checkpoint holds, and that nothing keeps committed events from being sealed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import frappe

from govcrm.accountability import folder, trail
from govcrm.accountability.guard import writing
from govcrm.accountability.sealing import damage, sealer, signing, tiles, times, tree
from govcrm.accountability.trail import Entry
from govcrm.casework.importing.writer import insert_many
from govcrm.domain.ledger import checkpoint, merkle
from govcrm.tests import GovCRMTestCase


def utc_now() -> datetime:
	return datetime.now(timezone.utc)


class SealingTestCase(GovCRMTestCase):
	"""Every test begins with a log in which nothing waits."""

	def setUp(self) -> None:
		super().setUp()
		while sealer.seal():
			pass
		self.size = signing.sealed_size()

	def happen(self, number: int = 1) -> list[str]:
		"""Names of new events, in their order."""
		return trail.record_many(
			[Entry("view", "Case", f"CASE-{n}", subject="Site/Case") for n in range(number)]
		)

	def numbers(self, names: list[str]) -> list[int]:
		return [frappe.db.get_value("Audit Event", name, "seq") for name in names]

	def stored(self, name: str) -> dict:
		return frappe.db.get_value("Audit Seal", name, "*", as_dict=True)

	def root(self, size: int) -> str:
		return merkle.root_of(tree.leaves(0, size)).hex()

	def findings(self) -> list[str]:
		return frappe.get_all("Audit Finding", {"kind": "Log Damaged"}, pluck="detail", order_by="creation")


class TestSealing(SealingTestCase):
	def test_events_get_numbers_without_gaps_in_the_order_of_their_ids(self) -> None:
		names = self.happen(5)
		self.assertEqual(self.numbers(names), [0] * 5)
		sealed = sealer.seal()
		self.assertEqual(self.numbers(sorted(names)), list(range(self.size + 1, self.size + 6)))
		self.assertEqual((sealed.size, sealed.events), (self.size + 5, 5))

	def test_nothing_is_signed_where_nothing_waits(self) -> None:
		before = frappe.db.count("Audit Seal")
		self.assertIsNone(sealer.seal())
		self.assertEqual(frappe.db.count("Audit Seal"), before)

	def test_a_checkpoint_says_what_the_log_is_and_is_signed(self) -> None:
		self.happen(3)
		first = self.stored(sealer.seal().name)
		self.happen(1)
		second = self.stored(sealer.seal().name)
		said = json.loads(second.checkpoint)
		self.assertEqual(said["origin"], folder.log_id())
		self.assertEqual((said["size"], said["root"]), (self.size + 4, self.root(self.size + 4)))
		self.assertEqual(said["previous"], checkpoint.hash_of(first.checkpoint.encode()))
		self.assertEqual(
			(second.previous, second.root, second.size), (said["previous"], said["root"], said["size"])
		)
		public = frappe.db.get_value("Audit Signing Key", said["key"], "public_key")
		self.assertTrue(checkpoint.verify(public, second.checkpoint.encode(), second.signature))

	def test_a_log_sealed_in_pieces_is_the_same_log(self) -> None:
		self.happen(7)
		sizes = [sealer.seal(limit=3).size for _piece in range(3)]
		self.assertEqual(sizes, [self.size + 3, self.size + 6, self.size + 7])
		self.assertEqual(self.stored(f"{sizes[-1]:012d}").root, self.root(sizes[-1]))

	def test_an_event_that_is_committed_late_gets_the_next_number(self) -> None:
		"""Its id is older than those that were sealed before it came to be seen."""
		late = Entry("view", "Case", "CASE-L", subject="Site/Case")
		self.happen(2)
		sealer.seal()
		[name] = trail.record_many([late])
		self.happen(1)
		sealer.seal()
		self.assertEqual(self.numbers([name]), [self.size + 3])

	def test_more_events_than_a_statement_takes_are_numbered_each_once(self) -> None:
		names = self.happen(sealer.IN_STATEMENT * 2 + 1)
		sealer.seal()
		self.assertEqual(sorted(self.numbers(names)), list(range(self.size + 1, self.size + len(names) + 1)))

	def test_a_checkpoint_is_never_older_than_the_one_before(self) -> None:
		self.happen()
		with patch.object(times, "now", return_value="2099-01-01T00:00:00.000000Z"):
			ahead = self.stored(sealer.seal().name)
		self.happen()
		behind = self.stored(sealer.seal().name)
		self.assertEqual(json.loads(behind.checkpoint)["time"], json.loads(ahead.checkpoint)["time"])
		self.assertEqual(behind.sealed_at_utc, ahead.sealed_at_utc)

	def test_a_checkpoint_is_not_older_than_its_events_whose_clock_was_ahead(self) -> None:
		hour = timedelta(hours=1)
		[name] = trail.record_many(
			[Entry("view", "Case", "CASE-A", subject="Site/Case", at=utc_now() + hour)]
		)
		said = json.loads(self.stored(sealer.seal().name).checkpoint)
		header = json.loads(frappe.db.get_value("Audit Event", name, "header"))
		self.assertEqual(said["time"], header["at"])

	def test_an_event_of_a_far_day_does_not_take_the_checkpoint_there(self) -> None:
		days = timedelta(days=400)
		trail.record_many([Entry("view", "Case", "CASE-A", subject="Site/Case", at=utc_now() + days)])
		said = json.loads(self.stored(sealer.seal().name).checkpoint)
		self.assertLess(said["time"], times.tomorrow())

	def test_tiles_are_kept_of_every_256_leaves(self) -> None:
		self.happen(2 * tiles.WIDTH)
		size = sealer.seal(limit=2 * tiles.WIDTH).size
		for number in range(size // tiles.WIDTH):
			leaves = list(tree.leaves(number * tiles.WIDTH, (number + 1) * tiles.WIDTH))
			kept = frappe.db.get_value("Audit Tile", {"tile": number}, "root")
			self.assertEqual(kept, merkle.root_of(leaves).hex())


class Hands:
	"""Hands that reach past the application."""

	def forge(self, **changes: object) -> str:
		"""Put a row into the log that is not as its header says."""
		[name] = self.happen()
		columns = ("name", *sealer.READ[1:], "creation", "modified", "owner", "modified_by")
		row = frappe.db.get_value("Audit Event", name, columns, as_dict=True)
		forged = {**row, "name": "0" * 26, **changes}
		values = [str(value) if hasattr(value, "year") else value for value in forged.values()]
		with writing():
			insert_many("Audit Event", tuple(forged), [tuple(values)])
		return forged["name"]

	def number(self, name: str, number: int) -> None:
		table = frappe.qb.DocType("Audit Event")
		with writing():
			frappe.qb.update(table).set(table.seq, number).where(table.name == name).run()


class TestDamage(Hands, SealingTestCase):
	"""What somebody did to the tables between an act and its sealing."""

	def test_an_event_that_says_something_else_than_its_header_is_sealed_and_told_of(self) -> None:
		name = self.forge(verb="delete")
		before = len(self.findings())
		sealed = sealer.seal()
		self.assertNotEqual(self.numbers([name]), [0])
		self.assertEqual(self.root(sealed.size), sealed.root)
		[told] = self.findings()[before:]
		self.assertIn("verb", told)
		self.assertIn("name", told)

	def test_a_header_that_is_no_header_is_sealed_as_it_is(self) -> None:
		for header in ("", "{", '{"v": 1}', "[1]", '{"a":1,"a":1}'):
			with self.subTest(header):
				name = self.forge(name=frappe.generate_hash(length=26), header=header)
				before = len(self.findings())
				sealed = sealer.seal()
				self.assertNotEqual(self.numbers([name]), [0])
				self.assertEqual(self.root(sealed.size), sealed.root)
				self.assertEqual(len(self.findings()), before + 1)
				sealer.seal()

	def test_a_finding_that_cannot_be_written_keeps_no_event_from_being_sealed(self) -> None:
		name = self.forge(leaf="0" * 64)
		with patch("govcrm.accountability.sealing.damage.frappe.get_doc", side_effect=self.refuse):
			sealer.seal()
		self.assertNotEqual(self.numbers([name]), [0])

	def refuse(self, *args: object) -> frappe._dict:
		return frappe._dict(insert=self.fail_to_insert)

	def fail_to_insert(self, **_options: object) -> None:
		raise frappe.ValidationError("no")

	def test_a_thousand_damaged_events_are_a_handful_of_findings(self) -> None:
		before = len(self.findings())
		damage.tell(("Audit Event", str(number), "x") for number in range(1000))
		self.assertEqual(len(self.findings()) - before, damage.MOST + 1)
		self.assertIn("979 others", self.findings()[-1])

	def test_a_damaged_frontier_is_rebuilt_from_the_events(self) -> None:
		self.happen(9)
		sealer.seal()
		seal = tree.newest()
		honest = tree.after(seal).tree
		for frontier in (
			"[]",
			"no json",
			None,
			json.dumps(["0" * 64] * len(honest.frontier), separators=(",", ":")),
		):
			log = tree.after(frappe._dict(seal, frontier=frontier))
			self.assertEqual((log.tree.size, log.tree.root()), (honest.size, honest.root()))
			self.assertIn("damaged", log.damage)

	def test_events_whose_checkpoints_were_removed_are_sealed_anew_under_their_numbers(self) -> None:
		names = sorted(self.happen(2))
		self.number(names[0], self.size + 1)
		self.number(names[1], self.size + 2)
		sealed = sealer.seal()
		self.assertEqual(self.numbers(names), [self.size + 1, self.size + 2])
		self.assertEqual(sealed.root, self.root(self.size + 2))
		self.assertIn("removed", self.findings()[-1])

	def test_a_log_with_a_gap_is_not_sealed_over(self) -> None:
		names = self.happen(2)
		self.number(names[0], self.size + 7)
		with self.assertRaises(sealer.Broken):
			sealer.seal()
		self.assertEqual(self.numbers(names[1:]), [0])

	def test_the_keys_of_another_log_sign_nothing_here(self) -> None:
		self.happen()
		sealer.seal()
		self.happen()
		with patch.object(folder, "log_id", return_value="f" * 32), self.assertRaises(sealer.Broken):
			sealer.seal()


class TestTwoSealers(Hands, SealingTestCase):
	def test_two_checkpoints_never_follow_the_same_one(self) -> None:
		self.happen(2)
		before = tree.newest()
		sealer.seal(limit=1)
		other = tree.after(before)
		other.tree.append(bytes(32))
		with self.assertRaises(Exception) as raised, writing():
			sealer._write(other, 1, times.now())
		self.assertTrue(
			frappe.db.is_unique_key_violation(raised.exception)
			or frappe.db.is_primary_key_violation(raised.exception)
		)

	def test_who_sees_an_older_state_of_the_log_begins_again(self) -> None:
		self.happen()
		sealed = sealer.seal()
		self.happen()
		newest = tree.newest()
		with (
			patch.object(tree, "newest", side_effect=lambda locked=False: newest if locked else None),
			self.assertRaises(sealer.Overtaken),
		):
			sealer.seal()
		self.assertEqual(signing.sealed_size(), sealed.size)

	def test_sealing_goes_on_while_events_come_and_not_longer(self) -> None:
		with (
			patch.object(sealer, "_everything", side_effect=[3, 2, 0, 9]),
			patch.object(sealer.time, "sleep") as slept,
		):
			self.assertEqual(sealer.run(every=5, seconds=50), 5)
			self.assertEqual(slept.call_count, 2)

	def test_it_ends_when_nothing_is_left(self) -> None:
		self.happen(3)
		with self.counted():
			self.assertEqual(sealer.run(), 3)
			self.assertEqual(sealer.run(), 0)

	def test_it_ends_though_an_event_is_damaged(self) -> None:
		"""It is sealed as it is, and told of once."""
		self.forge(header="no header")
		before = len(self.findings())
		with self.counted():
			self.assertGreaterEqual(sealer.run(), 2)  # the finding leaves an event as well
			self.assertEqual((sealer.run(), sealer.unsealed()), (0, 0))
		self.assertEqual(len(self.findings()), before + 1)

	def test_it_ends_though_nothing_can_be_sealed(self) -> None:
		names = self.happen(2)
		self.number(names[0], self.size + 7)
		with self.counted(), self.assertRaises(sealer.Broken):
			sealer.run()
		self.assertEqual(self.numbers(names[1:]), [0])
		self.assertIn("gap", self.findings()[-1])

	def test_it_ends_though_an_event_takes_no_number(self) -> None:
		names = self.happen(2)
		with patch.object(sealer, "_number"), self.counted(), self.assertRaises(sealer.Broken):
			sealer.run()
		self.assertEqual(self.numbers(names), [0, 0])

	@contextmanager
	def counted(self) -> Iterator[None]:
		"""Within the transaction of the test, which is kept; whoever seals for the tenth time would go on for ever."""
		seal, calls = sealer.seal, []

		def sealing() -> sealer.Seal | None:
			calls.append(1)
			self.assertLess(len(calls), 10, "it does not end")
			return seal()

		kept = patch.multiple(frappe.db, commit=lambda: None, rollback=lambda: None)
		with kept, patch.object(sealer, "seal", sealing):
			yield

	def test_without_a_pause_everything_is_sealed_once(self) -> None:
		with patch.object(sealer, "_everything", side_effect=[3, 9]):
			self.assertEqual(sealer.run(seconds=50), 3)
