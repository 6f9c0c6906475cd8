import hashlib
import json
from datetime import datetime, timedelta, timezone

import frappe
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from govcrm.accountability import folder, trail
from govcrm.accountability.sealing import signing
from govcrm.domain.ledger import canonical, checkpoint
from govcrm.domain.ledger.leaf import leaf_hash
from govcrm.domain.ledger.merkle import Range
from govcrm.tests.casework import BOB, SUE
from govcrm.tests.reconciling import FIELDS, Intruder, ReconcilingTestCase, WithoutTriggers

EVENT, SEAL = "Audit Event", "Audit Seal"
DAMAGED = {"Log Damaged"}


class TamperingTestCase(WithoutTriggers, ReconcilingTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.intruder = Intruder()

	def event(self, seq: int):
		return frappe.get_all(EVENT, {"seq": seq}, ["*"], order_by="name")[0]

	def size(self) -> int:
		return self.seals()[-1].size

	def seals(self) -> list:
		return frappe.get_all(SEAL, fields=["*"], order_by="name")

	def middle(self):
		return self.event(self.size() - 3)

	def words(self, rebuild: bool = True) -> str:
		return " ".join(detail for *_rest, detail in self.new(rebuild))

	def rewritten(self, event, **changes) -> dict:
		header = canonical.dumps({**json.loads(event.header), **changes})
		return {"header": header.decode(), "leaf": leaf_hash(header).hex()}

	def forge(self, verb: str, subject: str) -> None:
		event = self.event(self.size())
		name = f"7Z{json.loads(event.header)['id'][2:]}"
		forged = self.rewritten(event, id=name, verb=verb, subject=subject, rows=[])
		self.intruder.insert(
			EVENT, {**event, **forged, "verb": verb, "subject": subject, "name": name, "seq": 0}
		)

	def put_in_back_dated(self) -> None:
		event = self.middle()
		header = json.loads(event.header)
		then = datetime.now(timezone.utc) - timedelta(days=3)
		name = f"00{header['id'][2:]}"
		forged = self.rewritten(event, id=name, at=then.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
		at = then.strftime("%Y-%m-%d %H:%M:%S.%f")
		self.intruder.insert(EVENT, {**event, **forged, "name": name, "at_utc": at, "seq": 0})

	def seal_one(self) -> int:
		trail.record("read", "Case", self.worked.name)
		return self.seal()

	def sign_again(self, private: Ed25519PrivateKey, key: str) -> None:
		"""Make every checkpoint anew over the events as they are now, as who holds a key can."""
		tree, previous = Range(), checkpoint.NONE_BEFORE
		for seal in self.seals():
			for seq in range(tree.size + 1, seal.size + 1):
				tree.append(leaf_hash(self.event(seq).header.encode()))
			said = {
				**json.loads(seal.checkpoint),
				"root": tree.root().hex(),
				"previous": previous,
				"key": key,
			}
			body = canonical.dumps(said)
			digest = hashlib.sha256(body).hexdigest()
			self.intruder.change(
				SEAL,
				seal.name,
				root=said["root"],
				previous=previous,
				checkpoint=body.decode(),
				checkpoint_hash=digest,
				signature=checkpoint.sign(private, body),
				frontier=canonical.dumps([one.hex() for one in tree.frontier]).decode(),
			)
			previous = digest


class TestTheLog(TamperingTestCase):
	def test_a_log_that_nobody_touched_is_clean(self):
		self.assertEqual(self.new(), set())
		self.assertEqual(self.new(rebuild=False), set())

	def test_a_changed_body_is_found(self):
		event = self.middle()
		self.intruder.change(EVENT, event.name, header=self.rewritten(event, verb="read")["header"])
		self.assertIn((*DAMAGED, EVENT, event.name), {one[:3] for one in self.new()})

	def test_a_changed_leaf_is_found(self):
		event = self.middle()
		self.intruder.change(EVENT, event.name, leaf="0" * 64)
		self.assertIn((*DAMAGED, EVENT, event.name), {one[:3] for one in self.new()})

	def test_a_changed_body_with_its_leaf_is_found(self):
		event = self.middle()
		changed = self.rewritten(event, verb="read")
		self.intruder.change(EVENT, event.name, verb="read", **changed)
		self.assertEqual(self.kinds(), DAMAGED)

	def test_a_changed_column_is_found(self):
		event = self.middle()
		self.intruder.change(EVENT, event.name, actor="somebody else")
		self.assertIn("actor", self.words())

	def test_a_changed_payload_is_found(self):
		event = next(one for one in map(self.event, range(self.size(), 0, -1)) if one.payload)
		self.intruder.change(EVENT, event.name, payload="AAAA")
		self.assertIn("payload", self.words())

	def test_an_event_deleted_in_the_middle_is_found(self):
		event = self.middle()
		self.intruder.remove(EVENT, "name", event.name)
		self.assertIn(str(event.seq), self.words())

	def test_two_events_that_changed_places_are_found(self):
		one, other = self.middle(), self.event(self.size() - 2)
		self.intruder.change(EVENT, one.name, seq=other.seq)
		self.intruder.change(EVENT, other.name, seq=one.seq)
		self.assertEqual(self.kinds(), DAMAGED)

	def test_a_back_dated_event_is_found(self):
		self.put_in_back_dated()
		self.seal()
		self.assertIn("was sealed after", self.words(rebuild=False))

	def test_only_the_unsealed_window_is_open_and_the_record_gives_it_away(self):
		self.assign_again()
		self.intruder.remove(EVENT, "seq", 0)
		self.assertIn(("Changed", "Case", self.worked.name), {one[:3] for one in self.new(rebuild=False)})

	def test_a_false_destruction_excuses_no_changed_record(self):
		"""Nobody needs a key to write that one was destroyed; only who has the keys can give a reason that opens."""
		self.forge("shred", f"Case/{self.worked.name}")
		self.intruder.change("Case", self.worked.name, priority="Urgent")
		self.assertIn(("Changed", "Case", self.worked.name), {one[:3] for one in self.new(rebuild=False)})

	def test_another_act_whose_verb_was_made_a_destruction_excuses_nothing(self):
		"""Its values open, for the application closed them: but they are not those of a destruction."""
		self.assign_again()
		event = frappe.get_all(EVENT, {"seq": 0, "payload": ("is", "set")}, ["*"], order_by="name desc")[0]
		self.intruder.change(EVENT, event.name, verb="shred", **self.rewritten(event, verb="shred", rows=[]))
		self.intruder.change("Case", self.worked.name, priority="Urgent")
		changed = ("Changed", "Case", self.worked.name)
		self.assertIn(changed, {one[:3] for one in self.new(rebuild=False)})
		self.seal()
		self.assertIn("The application did not write that", self.words(rebuild=False))
		self.assertEqual(
			frappe.db.get_value("Audit Finding", dict(zip(FIELDS, changed, strict=False)), "status"), "Open"
		)

	def test_a_key_that_was_taken_away_beside_a_false_destruction_is_found(self):
		subject = f"Case/{self.worked.name}"
		self.forge("shred", subject)
		self.intruder.remove("Audit Key", "subject", subject)
		self.intruder.change("Case", self.worked.name, priority="Urgent")
		self.assertIn(("Log Damaged", "Audit Key", subject), {one[:3] for one in self.new(rebuild=False)})

	def test_a_key_that_was_written_over_is_found_and_ends_no_reconciliation(self):
		subject = f"Case/{self.worked.name}"
		for spoiled in ("00" * 40, "no key"):
			key = frappe.db.get_value("Audit Key", {"subject": subject})
			self.intruder.change("Audit Key", key, wrapped=spoiled)
			self.intruder.change("Role", "Agency Auditor", desk_access=0)
			found = {one[:3] for one in self.found(self.reconcile(rebuild=False)) - self.before}
			self.assertIn(("Log Damaged", "Audit Key", subject), found)
			self.assertIn(("Changed", "Role", "Agency Auditor"), found)

	def assign_again(self) -> None:
		frappe.set_user(SUE)
		frappe.get_doc("Case", self.worked.name).assign(SUE)
		frappe.set_user("Administrator")


class TestCheckpoints(TamperingTestCase):
	def test_a_tail_that_was_cut_off_is_found(self):
		trail.record("read", "Case", self.worked.name)
		size = self.seal()
		self.reconcile(rebuild=False)
		self.intruder.remove(SEAL, "name", f"{size:012d}")
		self.intruder.remove(EVENT, "seq", size)
		self.intruder.remove("Audit Reconciliation", "log_size", size)
		self.assertIn("cut off", self.words())

	def test_an_older_checkpoint_in_the_place_of_the_newest_is_found(self):
		size = self.seal_one()
		self.intruder.remove(SEAL, "name", f"{size:012d}")
		self.assertIn("beyond the newest checkpoint", self.words())

	def test_a_checkpoint_missing_between_others_is_found(self):
		size = self.seal_one()
		self.seal_one()
		self.intruder.remove(SEAL, "name", f"{size:012d}")
		self.assertIn("does not follow", self.words())

	def test_a_fork_is_found_though_it_is_signed(self):
		size = self.seal_one()
		self.reconcile(rebuild=False)
		event = self.event(size)
		self.intruder.change(EVENT, event.name, verb="wink", **self.rewritten(event, verb="wink"))
		self.sign_again(folder.sealing_key(signing.active_id()), signing.active_id())
		self.assertIn("not the one that was seen before", self.words())

	def test_another_key_is_found_though_all_was_signed_again(self):
		private = Ed25519PrivateKey.generate()
		public = checkpoint.public_of(private)
		old = signing.active_id()
		self.intruder.change("Audit Signing Key", old, name=checkpoint.key_id(public), public_key=public)
		self.sign_again(private, checkpoint.key_id(public))
		self.assertIn("not signed by a key of this log", self.words())

	def test_events_of_another_log_are_found(self):
		event = self.event(self.size())
		self.intruder.change(EVENT, event.name, **self.rewritten(event, log="f" * 32))
		self.sign_again(folder.sealing_key(signing.active_id()), signing.active_id())
		self.assertIn("another log", self.words())

	def test_a_backup_put_back_is_found(self):
		frappe.db.savepoint("backup")
		self.seal_one()
		self.reconcile(rebuild=False)
		frappe.db.rollback(save_point="backup")
		self.assertIn("cut off", self.words())

	def test_a_backup_put_back_is_found_after_the_log_has_grown_again(self):
		frappe.db.savepoint("backup")
		size = self.seal_one()
		self.reconcile(rebuild=False)
		frappe.db.rollback(save_point="backup")
		while self.seal_one() < size:
			pass
		self.assertIn("not the one that was seen before", self.words())

	def test_a_key_of_a_matter_that_vanished_is_found(self):
		self.intruder.remove("Audit Key", "subject", f"Case/{self.worked.name}")
		self.assertIn("no event of the application tells", self.words())


class TestRecords(TamperingTestCase):
	def test_a_record_changed_by_raw_sql_is_found(self):
		self.intruder.change("Case", self.worked.name, priority="Low")
		self.assertEqual(
			{one[:3] for one in self.new(rebuild=False)}, {("Changed", "Case", self.worked.name)}
		)

	def test_a_row_of_a_table_changed_by_raw_sql_is_found_at_its_record(self):
		department = frappe.get_all("Department Member", {"user": BOB}, ["name", "parent"], order_by="name")[
			0
		]
		self.intruder.change("Department Member", department.name, role="Supervisor")
		found = {one[:3] for one in self.new(rebuild=False)}
		self.assertIn(("Changed", "Agency Department", department.parent), found)

	def test_a_record_inserted_by_raw_sql_is_found(self):
		values = frappe.db.get_value("Role", "Agency Auditor", "*", as_dict=True)
		self.intruder.insert("Role", {**values, "name": "Eve", "role_name": "Eve"})
		self.assertEqual({one[:3] for one in self.new(rebuild=False)}, {("Inserted", "Role", "Eve")})

	def test_a_record_deleted_by_raw_sql_is_found(self):
		self.intruder.remove("Case", "name", self.worked.name)
		self.assertIn(("Deleted", "Case", self.worked.name), {one[:3] for one in self.new(rebuild=False)})

	def test_a_user_who_was_enabled_by_raw_sql_is_found_under_their_name(self):
		self.intruder.change("User", SUE, enabled=0)
		self.assertEqual({one[:3] for one in self.new(rebuild=False)}, {("Changed", "User", SUE)})

	def test_a_setting_changed_by_raw_sql_is_found(self):
		table = frappe.qb.DocType("Singles")
		frappe.db.set_single_value("Audit Settings", "keep_years", 3)
		query = frappe.qb.update(table).set(table.value, "1")
		query.where((table.doctype == "Audit Settings") & (table.field == "keep_years")).run()
		found = {one[:3] for one in self.new(rebuild=False)}
		self.assertEqual(found, {("Changed", "Audit Settings", "Audit Settings")})
