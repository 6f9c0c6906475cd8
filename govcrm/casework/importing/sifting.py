"""Tells the rows that can be imported from those that cannot."""

from dataclasses import dataclass

import frappe

from govcrm.casework.importing.builder import RequestBuilder
from govcrm.casework.importing.catalogue import Catalogue
from govcrm.casework.importing.faults import Refusal
from govcrm.casework.importing.mappings import RequestMapping
from govcrm.casework.importing.reader import Row
from govcrm.domain.importing import Fault, Mapped


@dataclass(frozen=True)
class Good:
	"""A row that can be imported."""

	line: int
	mapped: Mapped

	@property
	def source_id(self) -> str:
		return self.mapped.values["source_id"]

	def refused(self, *faults: Fault) -> Refusal:
		return Refusal(self.line, self.source_id, faults)


class Sieve:
	"""Reads rows by a mapping and checks them against the catalogue and the fields of the request."""

	def __init__(self, mapping: RequestMapping, catalogue: Catalogue, builder: RequestBuilder):
		self.source = mapping.source
		self.catalogue, self.builder = catalogue, builder
		self.reader = mapping.reader()

	def sift(self, rows: list[Row]) -> tuple[list[Good], list[Refusal]]:
		good, refused = [], []
		for row in rows:
			mapped = self.check(row)
			if mapped.faults:
				refused.append(Refusal(row.line, mapped.values.get("source_id") or "", tuple(mapped.faults)))
			else:
				good.append(Good(row.line, mapped))
		return good, refused

	def check(self, row: Row) -> Mapped:
		"""The row with the names of program, department and version, or with what is wrong."""
		mapped = self.read(row)
		if not mapped.faults:
			mapped.faults.extend(self.reader.by_column(self.builder.faults(mapped.values)))
		if not mapped.faults:
			mapped.faults.extend(self.reader.by_column(self.catalogue.resolve(mapped.values)))
		return mapped

	def read(self, row: Row) -> Mapped:
		"""The row as the file has it."""
		if row.fits:
			return self.reader.read(row.values)
		return Mapped({}, faults=[Fault("", "wrong_count", detail=str(row.count))])

	def unknown(self, good: list[Good]) -> list[Good]:
		"""Those not here yet; of two with the same number the first."""
		seen = self.known([row.source_id for row in good])
		new = []
		for row in good:
			if row.source_id.casefold() not in seen:
				seen.add(row.source_id.casefold())
				new.append(row)
		return new

	def known(self, source_ids: list[str]) -> set[str]:
		"""Which of these numbers the source has here, without regard to case, as MariaDB compares them."""
		if not source_ids:
			return set()
		filters = {"source": self.source, "source_id": ["in", source_ids]}
		# The import must see all requests, whoever runs it; only their numbers are looked at.
		found = frappe.get_all("Service Request", filters=filters, pluck="source_id", order_by=None, limit=0)
		return {source_id.casefold() for source_id in found}
