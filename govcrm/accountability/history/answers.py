"""Answers of a request in the words of the questions that were asked."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import frappe
from frappe import _

from govcrm.accountability.history.values import Field, plain
from govcrm.casework.letters import in_words
from govcrm.casework.questions import questions_of

REQUEST, VERSION = "Service Request", "program_version"
FIELDS = frozenset({(REQUEST, "answers"), (REQUEST, "sensitive_answers")})


def is_answers(field: Field) -> bool:
	return field.key in FIELDS


def said(value: object, name: str, values: Mapping[str, object]) -> str:
	"""Each question with its answer on a line.

	:param name: the request; it keeps the version under which it was filed
	:param values: what its event says besides, where that may name the version
	"""
	try:
		answers = json.loads(plain(value))
	except ValueError:
		return plain(value)
	if not isinstance(answers, dict):
		return plain(value)
	return "\n".join(_lines(answers, _questions(name, values)))


def _questions(name: str, values: Mapping[str, object]) -> dict[str, Any]:
	version = values.get(f"{VERSION}/after") or frappe.db.get_value(REQUEST, name, VERSION, cache=True)
	if not version or not frappe.db.exists("Program Version", version, cache=True):
		return {}
	return {one.code: one for one in questions_of(frappe.get_cached_doc("Program Version", version))}


def _lines(answers: dict, questions: dict) -> Iterator[str]:
	for code, answer in answers.items():
		question = questions.get(code)
		label = _(question.label) if question else code
		yield f"{label}{' ' if label.endswith('?') else ': '}{_answer(question, answer)}"


def _answer(question: Any, answer: object) -> str:
	if not question or not isinstance(answer, str | int | float | bool | list):
		return plain(answer)
	try:
		return in_words(question, answer)
	except Exception:  # what was kept of old may be of another kind
		return plain(answer)
