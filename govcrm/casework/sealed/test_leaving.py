"""A sealed case at the doors where records leave: prints, exports, histories. Who may not read it gets nothing; who may, gets
its shell, for a print or an export lies about where nobody seals it."""

import json
from io import BytesIO
from unittest.mock import patch
from zipfile import ZipFile

import frappe
from frappe.www import printview

from govcrm.access import subjects
from govcrm.tests.asking import AskingTestCase
from govcrm.tests.casework import ALICE, BOB
from govcrm.tests.sealing import CANARY, SealedTestCase

PRINT = "frappe.www.printview.get_html_and_style"
PDF = "frappe.utils.print_format.download_pdf"
EXPORT = "frappe.desk.reportview.export_query"
DATA = "frappe.core.doctype.data_export.exporter.export_data"
HISTORY = "govcrm.api.accountability.history."
FORM = "frappe.desk.form.load."
FIELDS = {
	"Case": ["name", "subject", "waiting_reason", "reason"],
	"Service Request": ["name", "description", "address_string", "citizen", "answers"],
}


class LeavingTestCase(SealedTestCase, AskingTestCase):
	"""What would be made a PDF is looked at before it is one: in the file itself no word could be found."""

	def setUp(self) -> None:
		super().setUp()
		for maker in ("frappe.utils.pdf.get_pdf", "govcrm.accountability.history.printing.get_pdf"):
			pdf = patch(maker, side_effect=lambda html, *_args, **_more: html.encode())
			pdf.start()
			self.addCleanup(pdf.stop)
		self.seal()

	def be(self, user: str) -> None:
		frappe.set_user(user)
		subjects.forget()

	def records(self) -> tuple[tuple[str, str], ...]:
		return (("Case", self.matter.name), ("Service Request", self.request.name))


class TestWhoMayNotReadIt(LeavingTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.be(BOB)

	def nothing(self, called: str, **args) -> None:
		"""Turned back, or answered with nothing of it."""
		answer = self.call(called, **args)
		for word in (CANARY, self.citizen.name, "Sealed case"):
			self.assertNotIn(word, answer.text, called)
		self.assertNotEqual(answer.status, 500, answer)

	def test_a_print_is_refused(self):
		for doctype, name in self.records():
			self.refused(self.call(PRINT, doc=doctype, name=name))
			self.refused(self.call(PDF, doctype=doctype, name=name, format="Standard"))
			frappe.local.form_dict = frappe._dict(doctype=doctype, name=name)
			with self.assertRaises(frappe.PermissionError):
				printview.get_context(frappe._dict())

	def test_it_stands_in_no_export(self):
		for doctype, name in self.records():
			columns = json.dumps({doctype: FIELDS[doctype]})
			fields, filters = json.dumps(FIELDS[doctype]), json.dumps([[doctype, "name", "=", name]])
			self.nothing(EXPORT, doctype=doctype, fields=fields, filters=filters, file_format_type="CSV")
			with_data = {"with_data": 1, "file_type": "CSV", "select_columns": columns}
			self.nothing(DATA, doctype=doctype, export_without_column_meta=1, **with_data)

	def test_its_history_is_refused_on_the_page_and_on_paper(self):
		for doctype, name in self.records():
			for what in ("page", "pdf", "proofs"):
				self.refused(self.call(f"{HISTORY}{what}", doctype=doctype, name=name))

	def test_its_form_and_timeline_are_refused(self):
		for doctype, name in self.records():
			for what in ("getdoc", "get_docinfo", "get_communications"):
				self.refused(self.call(f"{FORM}{what}", doctype=doctype, name=name))

	def test_its_versions_are_listed_to_nobody(self):
		for doctype, name in self.records():
			asked = {"filters": json.dumps({"ref_doctype": doctype, "docname": name}), "fields": '["*"]'}
			self.nothing("frappe.client.get_list", doctype="Version", **asked)


class TestWhoMayReadIt(LeavingTestCase):
	def setUp(self) -> None:
		super().setUp()
		self.be(ALICE)

	def shell(self, text: str, name: str) -> None:
		"""That there is such a record, and not a word of it."""
		self.assertIn(name, text)
		for word in (CANARY, self.citizen.name):
			self.assertNotIn(word, text)

	def file(self, called, **args) -> str:
		"""The text of the file that a method answers with."""
		frappe.local.form_dict, frappe.local.response = frappe._dict(args), frappe._dict(docs=[])
		frappe.call(called, **args)
		answer = frappe.local.response
		return text_of(answer.get("filecontent") or answer.get("result"))

	def test_a_print_holds_none_of_its_words(self):
		for doctype, name in self.records():
			self.shell(self.call(PRINT, doc=doctype, name=name).text, name)
			self.shell(self.file(PDF, doctype=doctype, name=name, format="Standard"), name)
			frappe.local.form_dict = frappe._dict(doctype=doctype, name=name)
			self.shell(printview.get_context(frappe._dict())["body"], name)

	def test_an_export_holds_none_of_its_words(self):
		for doctype, name in self.records():
			fields, filters = json.dumps(FIELDS[doctype]), json.dumps([[doctype, "name", "=", name]])
			for kind in ("CSV", "Excel"):
				asked = {"fields": fields, "filters": filters, "file_format_type": kind}
				self.shell(self.file(EXPORT, doctype=doctype, title=doctype, **asked), name)
			columns = json.dumps({doctype: FIELDS[doctype]})
			self.shell(
				self.file(DATA, doctype=doctype, with_data=1, file_type="CSV", select_columns=columns), name
			)

	def test_its_form_timeline_and_versions_hold_none_of_its_words(self):
		for doctype, name in self.records():
			self.shell(self.call(f"{FORM}getdoc", doctype=doctype, name=name).text, name)
			asked = {"filters": json.dumps({"ref_doctype": doctype, "docname": name}), "fields": '["*"]'}
			answer = self.call("frappe.client.get_list", doctype="Version", **asked)
			self.assertNotIn(CANARY, answer.text)

	def test_its_history_tells_its_words_on_the_page_and_on_paper(self):
		"""What its acts said is told by the log, closed under the key of the case, and that it was printed is recorded."""
		for what in ("page", "pdf"):
			told = self.call(f"{HISTORY}{what}", doctype="Case", name=self.matter.name).text
			self.assertIn(CANARY, told)


def text_of(content: bytes | str) -> str:
	"""Of a file: a workbook is an archive of texts."""
	if not isinstance(content, bytes):
		return str(content)
	if not content.startswith(b"PK"):
		return content.decode()
	with ZipFile(BytesIO(content)) as archive:
		return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))
