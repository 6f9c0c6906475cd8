"""The questions of a program version, as the domain wants them."""

import frappe
from frappe.model.document import Document

from govcrm.domain.questions import Question, describe, parse_options


def questions_of(version: Document) -> tuple[Question, ...]:
	"""Return the intake questions of a Program Version, published or draft, in their order."""
	return tuple(to_question(row) for row in version.questions)


def to_question(row: Document) -> Question:
	return Question(
		code=row.code or "",
		label=row.label or "",
		datatype=row.datatype or "",
		required=bool(row.required),
		sensitive=bool(row.sensitive),
		shown_when=row.shown_when or "",
		options=parse_options(row.options),
		help=row.help or "",
	)


def described_questions(version: str) -> list[dict]:
	"""Return the questions of a version as JSON for forms: see `govcrm.domain.questions.describe`."""
	questions = questions_of(frappe.get_cached_doc("Program Version", version))
	return [describe(question, order) for order, question in enumerate(questions, start=1)]
