"""Drives an import: survey, what is missing, then batch after batch, each one transaction with its checkpoint.

Whoever kills it at any moment loses at most the batch under way; the next run goes on behind the last checkpoint.
Rows already here (by source and source id) are passed over, so that a run repeated makes nothing twice.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice

import frappe
from filelock import FileLock, Timeout
from frappe import _
from frappe.utils import cstr, get_site_path, strip_html

from govcrm import compat
from govcrm.casework.importing import ImportRefused, documents
from govcrm.casework.importing.builder import RequestBuilder
from govcrm.casework.importing.catalogue import Catalogue, Survey
from govcrm.casework.importing.faults import ErrorFile, Refusal
from govcrm.casework.importing.mappings import RequestMapping
from govcrm.casework.importing.reader import CsvFile, Row
from govcrm.casework.importing.sifting import Good, Sieve
from govcrm.domain.importing import Fault

BATCH = 2000
RECORD = "Request Import"
# What a controller says to one row. Anything else is a fault of ours or of the server and ends the run.
OBJECTIONS = (frappe.ValidationError, frappe.NameError, frappe.PermissionError)


@dataclass
class Tally:
	"""How far a run has come. The fields are those of Request Import."""

	rows_total: int = 0
	rows_read: int = 0
	rows_imported: int = 0
	rows_skipped: int = 0
	rows_failed: int = 0
	error_size: int = 0


@dataclass
class Run:
	"""One import of one file.

	`record` is the Request Import that keeps the checkpoints; without one nothing is committed, which is for dry runs
	and for callers who commit themselves. `tally` is where an earlier run was stopped. `bulk=False` makes every record by its controller. `watch` hears of each batch.
	Raises ImportRefused when the header is not what the mapping needs.
	"""

	file: CsvFile
	mapping: RequestMapping
	errors: ErrorFile
	record: str | None = None
	dry_run: bool = True
	bulk: bool = True
	limit: int | None = None
	batch: int = BATCH
	watch: Callable[[Tally], None] = lambda tally: None
	tally: Tally = field(default_factory=Tally)

	def __post_init__(self):
		self.mapping.refuse_other_header(self.file.header)
		self.catalogue = Catalogue(self.mapping)
		self.builder = RequestBuilder(self.mapping.source)
		self.sieve = Sieve(self.mapping, self.catalogue, self.builder)

	def execute(self) -> Tally:
		"""Import. Raises ImportRefused when another import is under way on this site or the file is broken."""
		with only_one():
			self.make_missing(self.survey())
			with documents.silence():
				for rows in self.batches():
					self.import_batch(rows)
					self.watch(self.tally)
		return self.tally

	def survey(self) -> Survey:
		survey = Survey()
		for row in islice(self.file.rows(), self.limit):
			survey.note(self.sieve.read(row))
		self.tally.rows_total = survey.rows
		return survey

	def make_missing(self, survey: Survey) -> None:
		if not self.mapping.create_missing:
			return
		if self.catalogue.lacking(survey)[1]:
			self.catalogue.refuse_unfit_workflow()
		if self.dry_run:
			self.catalogue.assume_missing(survey)
			return
		self.catalogue.make_missing(survey)
		self.keep()

	def batches(self) -> Iterator[list[Row]]:
		"""The rows not read yet, batch by batch."""
		rows = islice(self.file.rows(), self.tally.rows_read, self.limit)
		while batch := list(islice(rows, self.batch)):
			yield batch

	def import_batch(self, rows: list[Row]) -> None:
		self.hold()
		good, refused = self.sieve.sift(rows)
		new = self.sieve.unknown(good)
		failed = [] if self.dry_run else self.write(new)
		self.tally.rows_read += len(rows)
		self.tally.rows_skipped += len(good) - len(new)
		self.tally.rows_imported += len(new) - len(failed)
		self.tally.rows_failed += len(refused) + len(failed)
		self.errors.add(sorted([*refused, *failed], key=lambda refusal: refusal.line))
		self.checkpoint()

	def hold(self) -> None:
		"""Begin with the lock of the record: SQLite lets nobody write who has read before another wrote."""
		if self.record:
			compat.lock_row(RECORD, self.record)

	def checkpoint(self) -> None:
		"""One transaction holds the rows of the batch and the word that they are here."""
		self.tally.error_size = self.errors.size
		if self.record:
			frappe.db.set_value(RECORD, self.record, asdict(self.tally), update_modified=False)
		self.keep()

	def keep(self) -> None:
		if self.record:
			frappe.db.commit()  # what is kept is not read again when a killed run resumes

	def write(self, new: list[Good]) -> list[Refusal]:
		"""Make the records; what only the database or a controller objects to comes back as refusals."""
		if not self.bulk:
			return self.write_singly(new)
		frappe.db.savepoint("import_batch")
		try:
			self.builder.write([row.mapped for row in new if self.builder.is_plain(row.mapped)])
		except frappe.db._conn.Error:  # PEP 249: whatever the driver raises
			# One row spoils the whole statement; find out which.
			frappe.db.rollback(save_point="import_batch")
			return self.write_singly(new)
		frappe.db.release_savepoint("import_batch")
		return self.write_singly([row for row in new if not self.builder.is_plain(row.mapped)])

	def write_singly(self, rows: list[Good]) -> list[Refusal]:
		return [refusal for row in rows if (refusal := self.write_one(row))]

	def write_one(self, row: Good) -> Refusal | None:
		frappe.db.savepoint("import_row")
		try:
			documents.insert_request(row.mapped, self.mapping.source)
		except (*OBJECTIONS, frappe.db._conn.Error) as error:
			frappe.db.rollback(save_point="import_row")
			frappe.clear_messages()
			return row.refused(Fault("", "failed", detail=strip_html(cstr(error)) or type(error).__name__))
		frappe.db.release_savepoint("import_row")
		return None


@contextmanager
def only_one() -> Iterator[None]:
	"""One import at a time on a site. The lock is the kernel's: it ends with the process, however that ends."""
	try:
		with FileLock(get_site_path("locks", "govcrm_import.lock"), timeout=0):
			yield
	except Timeout:
		frappe.throw(
			_("Another import is under way on this site. Try again when it has ended."), ImportRefused
		)
