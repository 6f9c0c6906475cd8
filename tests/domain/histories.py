"""A small agency with an audit log and nothing else: what honest histories look like, for whoever judges logs.

Made with `govcrm.domain.ledger`; the verifier shares no code with that.
"""

import gzip
import json
import random
from base64 import b64encode
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from govcrm.domain.ledger import canonical, checkpoint, commitments, leaf, merkle, rows

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KINDS = {"subject": "Data", "status": "Data", "priority": "Int", "cost": "Currency"}
DOCTYPES = ["Case", "Citizen", "Agency Program"]
WORDS = [
	"pothole",
	"Schlagloch größer",
	'a "quoted" word',
	"back\\slash",
	"tab\tand\nline",
	"路灯坏了",
	"🚧",
	"\x7f\x01",
]


@dataclass
class Event:
	header: bytes
	payload: str | None = None
	opened: dict | None = None

	@property
	def leaf(self) -> bytes:
		return leaf.leaf_hash(self.header)


@dataclass
class Seal:
	checkpoint: bytes
	signature: str
	frontier: list[bytes]
	receipts: list[dict] = field(default_factory=list)

	@property
	def size(self) -> int:
		return json.loads(self.checkpoint)["size"]

	@property
	def hash(self) -> str:
		return checkpoint.hash_of(self.checkpoint)

	def line(self) -> dict:
		return {"t": "c", "checkpoint": self.checkpoint.decode(), "signature": self.signature}


class Agency:
	"""Records, events, seals and keys. `clock` is UTC and only goes on."""

	def __init__(self, seed: int = 0):
		self.random = random.Random(seed)
		self.log = self.random.randbytes(16).hex()
		self.clock = datetime(2026, 11, 22, 8, 0)
		self.subjects: dict[str, bytes] = {}
		self.live: dict[tuple[str, str], dict] = {}
		# Under which subject the newest event hashed a row: what the snapshot hashes it with.
		self.hashed_under: dict[tuple[str, str], str] = {}
		self.events: list[Event] = []
		self.seals: list[Seal] = []
		self.signing = [self.random.randbytes(32)]
		self.keys = [self._key_record(0, None)]

	def copy(self) -> "Agency":
		return deepcopy(self)

	# Acts

	def create(self, doctype: str = "Case") -> tuple[str, str]:
		record = (doctype, f"{doctype[:2].upper()}-{self.random.randrange(10**12)}")
		self.live[record] = self._values()
		self._tell("create", record)
		return record

	def change(self, record: tuple[str, str]) -> None:
		before = dict(self.live[record])
		self.live[record].update(self._values())
		self._tell("update", record, before)

	def delete(self, record: tuple[str, str]) -> None:
		del self.live[record]
		self._tell("delete", record)

	def rename(self, record: tuple[str, str]) -> None:
		to = (record[0], f"{record[1]}-r")
		self.live[to] = self.live.pop(record)
		self._tell("rename", to, touched=[record, to])

	def read(self, record: tuple[str, str]) -> None:
		self._tell("read", record, touched=[])

	def deny(self, record: tuple[str, str]) -> None:
		self._tell("delete", record, touched=[], outcome="Denied")

	def bring_in(self, count: int) -> None:
		records = [("Case", f"IMP-{self.random.randrange(10**12)}") for _ in range(count)]
		self.live.update({record: self._values() for record in records})
		self._tell("import", ("Request Import", "I1"), touched=records)

	def shred(self, record: tuple[str, str]) -> None:
		subject = self._subject(record)
		self.subjects.pop(subject, None)
		self._tell("shred", record, touched=[], subject=subject, commit=False)

	def has_unsealed_shredding(self) -> bool:
		"""Whether rows cannot be compared for an event that nothing vouches for yet."""
		return any(b'"verb":"shred"' in event.header for event in self.events[self.sealed :])

	def wait(self, seconds: float) -> None:
		self.clock += timedelta(seconds=seconds)

	def rotate_key(self) -> None:
		old = self.private
		self.signing.append(self.random.randbytes(32))
		self._tell("rotate key", ("Audit Signing Key", "key"), touched=[])
		self.keys.append(self._key_record(self.sealed, old))

	def seal(self, upto: int | None = None) -> None:
		upto = len(self.events) if upto is None else upto
		if upto <= self.sealed:
			return
		self.wait(0.001)
		tree = self.tree(upto)
		previous = self.seals[-1].hash if self.seals else checkpoint.NONE_BEFORE
		body = checkpoint.body(
			origin=self.log,
			size=upto,
			root=tree.root().hex(),
			time=self.now(),
			previous=previous,
			key=self.keys[-1]["key"],
		)
		self.seals.append(Seal(body, checkpoint.sign(self.private, body), tree.frontier))

	def anchor(self) -> dict:
		"""What a place outside is told and keeps: the line of the newest checkpoint."""
		seal = self.seals[-1]
		seal.receipts.append({"t": "a", "anchor": "Mount", "kind": "File", "size": seal.size})
		seal.receipts[-1].update(checkpoint_hash=seal.hash, at=self.now(), receipt="line 1")
		return seal.line()

	# What it is made of

	@property
	def private(self) -> Ed25519PrivateKey:
		return Ed25519PrivateKey.from_private_bytes(self.signing[-1])

	@property
	def public(self) -> str:
		return checkpoint.public_of(self.private)

	@property
	def first_public(self) -> str:
		return self.keys[0]["public"]

	@property
	def sealed(self) -> int:
		return self.seals[-1].size if self.seals else 0

	def tree(self, size: int) -> merkle.Range:
		tree = merkle.Range()
		for event in self.events[:size]:
			tree.append(event.leaf)
		return tree

	def now(self) -> str:
		return f"{self.clock:%Y-%m-%dT%H:%M:%S.%f}Z"

	def salt(self, subject: str) -> bytes:
		return commitments.salt_of(self.subjects.setdefault(subject, self.random.randbytes(32)))

	def row_hash(self, record: tuple[str, str], subject: str) -> str:
		row = rows.canonical_row(*record, KINDS, self.live[record])
		return rows.row_hash(self.salt(subject), row).hex()

	def header(self, **values) -> dict:
		"""A header with plain values for what is not given."""
		plain = {
			"v": 1,
			"log": self.log,
			"id": "".join(self.random.choices(CROCKFORD, k=26)),
			"at": self.now(),
			"offset": "-05:00",
			"actor": "a" * 16,
			"impersonator": None,
			"via": "request",
			"method": "frappe.client.save",
			"auth": "session",
			"session": "0123456789abcdef",
			"request": None,
			"verb": "update",
			"action": None,
			"doctype": "Case",
			"name": "CASE-1",
			"subject": None,
			"department": None,
			"class": "Internal",
			"policy": "govcrm 0.1.0; access 1",
			"outcome": "Success",
			"rows": [],
			"commitments": {},
			"payload": None,
		}
		return plain | values

	def _tell(self, verb, record, before=None, *, touched=None, outcome="Success", subject=None, commit=True):
		subject = subject or self._subject(record)
		touched = [record] if touched is None else touched
		header = self.header(verb=verb, doctype=record[0], name=record[1], subject=subject, outcome=outcome)
		header["rows"] = [
			[*one, self.row_hash(one, subject) if one in self.live else None] for one in touched
		]
		self.hashed_under.update(dict.fromkeys(touched, subject))
		event = Event(b"")
		if commit and record in self.live:
			self._commit(
				header, event, {"subject/before": (before or {}).get("subject"), **self._after(record)}
			)
		event.header = canonical.dumps(header)
		self.events.append(event)
		self.wait(self.random.random())

	def _after(self, record: tuple[str, str]) -> dict:
		return {f"{name}/after": value for name, value in self.live[record].items()}

	def _commit(self, header: dict, event: Event, values: dict) -> None:
		values = {path: value for path, value in values.items() if value not in (None, "", 0)}
		salt = self.salt(header["subject"])
		keys = {path: commitments.key_for(salt, header["id"], path) for path in values}
		header["commitments"] = {
			path: commitments.commit(keys[path], value).hex() for path, value in values.items()
		}
		cipher = self.random.randbytes(40)
		event.payload = b64encode(cipher).decode()
		header["payload"] = sha256(cipher).hexdigest()
		event.opened = {path: {"value": value, "key": keys[path].hex()} for path, value in values.items()}

	def _values(self) -> dict:
		return {
			"subject": self.random.choice(WORDS),
			"status": self.random.choice(["Open", "Closed", ""]),
			"priority": self.random.randrange(3),
			"cost": f"{self.random.randrange(100)}.50",
		}

	def _subject(self, record: tuple[str, str]) -> str:
		return f"{record[0]}/{record[1]}" if record[0] in ("Case", "Citizen") else f"Site/{record[0]}"

	def _key_record(self, from_size: int, by: Ed25519PrivateKey | None) -> dict:
		public = self.public
		statement = checkpoint.key_statement(origin=self.log, public=public, from_size=from_size)
		return {
			"t": "key",
			"key": checkpoint.key_id(public),
			"public": public,
			"from_size": from_size,
			"endorsed_by": checkpoint.key_id(checkpoint.public_of(by)) if by else None,
			"endorsement": checkpoint.endorse(by, statement) if by else None,
		}

	# Exports

	def lines(
		self, begin: int = 0, end: int | None = None, *, snapshot: bool = True, values: bool = True
	) -> list:
		"""The lines of an export that begins after seal number `begin` (0: at the first event) and ends with seal `end`."""
		end = len(self.seals) if end is None else end
		is_newest, snapshot = end == len(self.seals), snapshot and end == len(self.seals)
		start = self.seals[begin - 1] if begin else None
		seals = self.seals[begin:end]
		last = seals[-1].size if seals else (start.size if start else 0)
		head = {
			"t": "log",
			"v": 1,
			"origin": self.log,
			"from_seq": (start.size if start else 0) + 1,
			"to_seq": last,
			"newest": is_newest,
			"frontier": [node.hex() for node in start.frontier] if start else [],
			"start": {name: start.line()[name] for name in ("checkpoint", "signature")} if start else None,
			"doctypes": DOCTYPES if snapshot else None,
			"made_at": self.now(),
		}
		body = self._sealed(head["from_seq"], seals, values)
		unsealed = (
			[{"t": "u", "header": one.header.decode()} for one in self.events[last:]] if is_newest else []
		)
		snap = self._snapshot() if snapshot else []
		end_line = {"t": "end", "events": sum(line["t"] == "e" for line in body), "checkpoints": len(seals)}
		end_line.update(rows=len(snap), unsealed=len(unsealed))
		return [head, *self.keys, *body, *unsealed, *snap, end_line]

	def _sealed(self, first: int, seals: list[Seal], values: bool) -> list[dict]:
		lines, seq = [], first
		for seal in seals:
			for event in self.events[seq - 1 : seal.size]:
				lines.append(self._event(seq, event, values))
				seq += 1
			lines += [seal.line(), *seal.receipts]
			seq = seal.size + 1
		return lines

	@staticmethod
	def _event(seq: int, event: Event, values: bool) -> dict:
		line = {"t": "e", "seq": seq, "header": event.header.decode()}
		if values and event.payload:
			line["payload"] = event.payload
		if values and event.opened and seq % 2:
			line["open"] = event.opened
		return line

	def _snapshot(self) -> list[dict]:
		found = []
		for record in self.live:
			subject = self.hashed_under.get(record) or self._subject(record)
			is_readable = subject in self.subjects
			row_hash = self.row_hash(record, subject) if is_readable else None
			found.append({"t": "r", "doctype": record[0], "name": record[1], "hash": row_hash})
		return found


def encoded(lines: list) -> bytes:
	return b"".join(
		json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for line in lines
	)


def write(path: Path, lines: list) -> Path:
	path.write_bytes(gzip.compress(encoded(lines), 1))
	return path


ACTS = {
	"create": 6,
	"change": 8,
	"delete": 1,
	"rename": 1,
	"read": 3,
	"deny": 1,
	"bring_in": 1,
	"shred": 1,
	"rotate": 1,
}


def random_agency(seed: int, acts: int = 40) -> Agency:
	"""An honest history: any acts in any order, sealed at any time, anchored now and then."""
	agency = Agency(seed)
	dice = random.Random(f"history {seed}")
	for _ in range(dice.randrange(1, acts)):
		_act(agency, dice)
		if dice.random() < 0.3:
			# A day: the sealer stood still, and takes what waited in several steps.
			agency.wait(dice.choice([0, 5, 3600, 86400]))
			agency.seal(dice.randint(agency.sealed, len(agency.events)))
		if agency.seals and dice.random() < 0.1:
			agency.anchor()
	if dice.random() < 0.8 or not agency.seals or agency.has_unsealed_shredding():
		agency.seal()
	return agency


def _act(agency: Agency, dice: random.Random) -> None:
	act = dice.choices(list(ACTS), list(ACTS.values()))[0]
	records = [record for record in agency.live if record[0] != "Request Import"]
	if act == "rotate":
		agency.rotate_key()
	elif act == "bring_in":
		agency.bring_in(dice.randrange(1, 6))
	elif act == "create" or not records:
		agency.create(dice.choice(DOCTYPES))
	else:
		getattr(agency, act)(dice.choice(records))
