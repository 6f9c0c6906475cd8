"""One reconciliation from its beginning to its end. One at a time on a site; what was killed is gone on with by the next."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import frappe
from filelock import FileLock, Timeout
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, get_site_path, now_datetime

from govcrm import compat
from govcrm.accountability import folder
from govcrm.accountability.guard import writing
from govcrm.accountability.reconciling import (
	absorbing,
	baseline,
	carrying,
	findings,
	live,
	log,
	remembered,
	said,
	shapes,
	soundness,
)
from govcrm.accountability.reconciling.absorbing import EMPTYING, RUN, Absorbed, last_absorbed
from govcrm.accountability.reconciling.checking import Checker, Result
from govcrm.accountability.reconciling.newer import Newer
from govcrm.accountability.reconciling.remembered import Memory
from govcrm.domain.ledger.replay import SEAL, Damage, Start

REBUILD_DAYS = 7
Commit = Callable[[], None]


class AlreadyRunning(frappe.ValidationError):
	"""Another reconciliation is under way on this site."""


def reconcile(
	*,
	rebuild: bool | None = None,
	commit: Commit | None = None,
	watch: Callable[[Document], None] = lambda run: None,
) -> Document:
	"""Compare all covered records with the log; gives the record of the run.

	`rebuild` reads the log from its first event on; None does that once a week. `commit` ends a transaction, also one
	that only read (frappe.db.commit unless given). `watch` hears of progress. Raises AlreadyRunning, folder.KeysMissing.
	"""
	with only_one():
		return Reconciliation(rebuild, commit or frappe.db.commit, watch).execute()


class Reconciliation:
	def __init__(self, rebuild: bool | None, commit: Commit, watch: Callable[[Document], None]) -> None:
		self.commit, self.watch = commit, watch
		self.fresh()
		self.damages: list[Damage] = []
		self.first_key = remembered.read().first_key
		self.keys = log.keys(self.first_key)
		self.start = self.start_from(rebuild)
		self.run = self.begin()

	def execute(self) -> Document:
		try:
			absorbed = self.absorb()
			self.finish(absorbed, self.check(absorbed))
		except Exception:
			frappe.db.rollback()
			self.note(status="Failed", ended_at=now_datetime(), message=_("It was stopped by an error."))
			raise
		return self.run

	def start_from(self, rebuild: bool | None) -> Start | None:
		"""Where the last run came to; None to begin with the first event that the site still has."""
		at = last_absorbed()
		if rebuild or at < log.removed_to() or (rebuild is None and is_rebuild_due()):
			return None
		start = log.start_at(at, self.keys)
		if start is None:
			self.damages.append(Damage("start", (at,), SEAL, str(at)))
		return start

	def begin(self) -> Document:
		end_dead_runs()
		values = {"status": "Running", "started_at": now_datetime(), "log_size": log.size()}
		values.update(
			rebuilt=int(self.start is None), absorbed_to=self.start.size if self.start else EMPTYING
		)
		with writing():
			run = frappe.get_doc({"doctype": RUN, **values})
			run.insert(ignore_permissions=True)  # by the scheduler and the command; no role may make these
		shapes.note()
		self.commit()
		return run

	def absorb(self) -> Absorbed:
		"""Read what was sealed since the last run, or all of it."""
		if self.start is None:
			absorbing.forget(self.commit)
			self.start = log.start_at(log.removed_to(), self.keys) or Start()
			self.note(absorbed_to=self.start.size)
		self.damages += soundness.of_log(self.keys)
		return absorbing.absorb(self.start, self.run.log_size, self.keys, self.fresh, self.keep)

	def keep(self, absorbed: Absorbed) -> None:
		self.note(absorbed_to=absorbed.end.size, events_read=absorbed.events)

	def check(self, absorbed: Absorbed) -> Result:
		checker = Checker(Newer(absorbed.end.size), baseline.completed, self.commit)
		there = live.columns()
		for doctype in live.doctypes(there):
			for result in checker.check(doctype):
				carrying.renew(checker, self.fresh)
				self.fresh()
				self.note(rows_checked=result.checked)
		self.look_for_what_is_gone(checker, there)
		return checker.result

	def look_for_what_is_gone(self, checker: Checker, there: live.Columns) -> None:
		"""What could not be read, for its table or a column of it is not there."""
		for doctype, rows in live.gone(there).items():
			checker.miss(doctype, rows)
		for column, within in live.missing_columns(there).items():
			checker.miss_column(column, within, sum(map(said.count, within)))

	def finish(self, absorbed: Absorbed, result: Result) -> None:
		self.fresh()
		damages = [*self.damages, *absorbed.damages, *soundness.of_keys(result.keyless)]
		damages += soundness.of_destructions(absorbed.destructions)
		new = findings.keep(self.run.name, result.found, damages)
		count = len(result.found) + len(damages)
		self.run.update({"rows_checked": result.checked, "pending": result.pending})
		findings.tell(self.run, len(new))
		if not damages:
			self.remember(absorbed)
		self.note(
			status="Findings" if count else "Clean",
			ended_at=now_datetime(),
			findings=count,
			rows_checked=result.checked,
			pending=result.pending,
			unreadable=result.unreadable,
		)

	def remember(self, absorbed: Absorbed) -> None:
		seal = next(log.seals(absorbed.end.size - 1, absorbed.end.size), None)
		if seal:
			first = self.first_key or next(iter(self.keys))
			remembered.write(Memory(folder.log_id(), first, seal.size, seal.root))

	def fresh(self) -> None:
		"""End what was read, and begin a transaction that may write also where that must come first."""
		self.commit()
		compat.start_writing()

	def note(self, **values) -> None:
		with writing():
			frappe.db.set_value(RUN, self.run.name, values, update_modified=False)
		self.run.update(values)
		self.commit()
		self.watch(self.run)


def is_rebuild_due() -> bool:
	since = add_days(now_datetime(), -REBUILD_DAYS)
	filters = {"rebuilt": 1, "status": ("in", ["Clean", "Findings"]), "started_at": (">", since)}
	return not frappe.db.exists(RUN, filters)


def end_dead_runs() -> None:
	"""The lock is ours: whoever says to be running was killed."""
	message = _("It was stopped before its end. The next one went on from there.")
	with writing():
		for name in frappe.get_all(RUN, {"status": "Running"}, pluck="name", order_by="creation"):
			values = {"status": "Failed", "ended_at": now_datetime(), "message": message}
			frappe.db.set_value(RUN, name, values, update_modified=False)


@contextmanager
def only_one() -> Iterator[None]:
	"""The lock is the kernel's: it ends with the process, however that ends."""
	try:
		with FileLock(get_site_path("locks", "govcrm_reconcile.lock"), timeout=0):
			yield
	except Timeout:
		frappe.throw(_("A reconciliation is under way on this site already."), AlreadyRunning)
