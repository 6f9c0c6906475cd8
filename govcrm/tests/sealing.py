"""What tests of sealed cases share: a case that says something everywhere, and a look at every column of the database."""

import frappe
from frappe.query_builder import Criterion
from frappe.query_builder.functions import Cast_
from frappe.utils import now_datetime
from pypika.terms import ValueWrapper

from govcrm import compat
from govcrm.access import subjects
from govcrm.tests.casework import ALICE, SUE, CaseTestCase
from govcrm.tests.factories import make_citizen, make_published_program, make_task

CANARY = "Ziegenpeter"
# Of the log and of citizens: closed under the key of the case, or about who people are and not about this case.
APART = frozenset({"tabAudit Event", "tabCitizen", "tabCitizen Contact Point", "tabSessions"})


class SealedTestCase(CaseTestCase):
	"""`self.matter` is a case of Public Works, with a request, and the word in every place where people write."""

	def setUp(self) -> None:
		super().setUp()
		make_published_program("CARE", version={"questions": QUESTIONS})
		self.citizen = make_citizen()
		self.request = frappe.get_doc(
			{
				"doctype": "Service Request",
				"program": "CARE",
				"citizen": self.citizen.name,
				"description": f"{CANARY} hit me",
				"address_string": f"{CANARY} street 5",
				"answers": frappe.as_json({"what": CANARY, "diagnosis": f"{CANARY}itis"}),
			}
		).insert(ignore_permissions=True)  # tests set the stage as nobody in particular
		self.matter = frappe.get_doc("Case", self.request.case)
		self._work_on_it()

	def _work_on_it(self) -> None:
		frappe.set_user(SUE)
		self.matter.assign(ALICE, f"{CANARY} knows her")
		self.task = make_task(self.matter, f"Visit {CANARY}", instructions=f"Ask {CANARY}")
		self._hang("Comment", content=f"{CANARY} called", comment_type="Comment")
		self._hang("Communication", subject=CANARY, content=CANARY, communication_medium="Phone")
		self.contact = frappe.get_doc(
			{
				"doctype": "Interaction",
				"channel": "Phone",
				"direction": "Inbound",
				"occurred_at": now_datetime(),
				"service_request": self.request.name,
				"summary": f"{CANARY} cried",
			}
		).insert(ignore_permissions=True)  # see above
		frappe.db.set_value("Case", self.matter.name, "waiting_reason", f"waits for {CANARY}")
		self.matter.reload()

	def _hang(self, doctype: str, **values):
		values |= {"reference_doctype": "Case", "reference_name": self.matter.name}
		return frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)  # see above

	def seal(self, by: str = SUE) -> None:
		frappe.set_user(by)
		subjects.forget()
		case = frappe.get_doc("Case", self.matter.name)
		case.confidentiality = "Sealed"
		case.save()
		self.matter.reload()

	def lower(
		self, by: str = SUE, level: str = "Restricted", reason: str = "The court has lifted it."
	) -> None:
		frappe.set_user(by)
		subjects.forget()
		frappe.get_doc("Case", self.matter.name).lower(level, reason)
		self.matter.reload()


def places_of(word: str) -> list[str]:
	"""Each column of the database in which the word stands, as "table.column"."""
	columns = compat.columns_by_table()
	return sorted(
		f"{table}.{column}"
		for table in columns.keys() - APART
		if _finds(table, columns[table], word)
		for column in columns[table]
		if _finds(table, [column], word)
	)


def rows_of_everything(doctypes) -> dict:
	"""Every row of these DocTypes as it is stored, without when it was last changed."""
	return {
		(doctype, row.name): {field: str(value) for field, value in row.items() if field not in TOUCHED}
		for doctype in doctypes
		for row in frappe.get_all(doctype, fields=["*"], order_by="name")
	}


TOUCHED = ("modified", "modified_by", "_comments", "updated_datetime")
QUESTIONS = [
	{"code": "what", "label": "What happened?", "datatype": "string"},
	{"code": "diagnosis", "label": "Diagnosis", "datatype": "string", "sensitive": 1},
]


def _finds(table: str, columns, word: str) -> bool:
	found = frappe.qb.Table(table)
	stands = Criterion.any(Cast_(found[column], "varchar").like(f"%{word}%") for column in columns)
	return bool(frappe.qb.from_(found).select(ValueWrapper(1)).where(stands).limit(1).run())
