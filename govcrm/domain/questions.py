"""What a program asks at intake, and what counts as an answer.

Datatypes are those of Open311 GeoReport v2 (GET Service Definition: string, number, datetime, text,
singlevaluelist, multivaluelist), with `boolean` and `date` added. Texts are marked for translation; who shows them
translates and fills in the values.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

from govcrm.domain.coercion import COERCIONS, Refused
from govcrm.domain.conditions import ConditionError, Tree, answers_used, evaluate, parse_condition
from govcrm.domain.texts import _

DATATYPES = tuple(COERCIONS)
LISTS = ("singlevaluelist", "multivaluelist")
MAX_QUESTIONS = 100
MAX_OPTIONS = 500
MAX_CODE = 60
MAX_KEY = 140

_CODE = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{MAX_CODE - 1}}}")
_RESERVED = {"true", "false"}


@dataclass(frozen=True)
class Option:
	key: str
	label: str


@dataclass(frozen=True)
class Question:
	"""One question of a program version; a question's place in its sequence is its order."""

	code: str
	label: str
	datatype: str = "string"
	required: bool = False
	sensitive: bool = False
	shown_when: str = ""
	options: tuple[Option, ...] = ()
	help: str = ""

	@property
	def condition(self) -> Tree | None:
		return parse_condition(self.shown_when) if self.shown_when.strip() else None


@dataclass(frozen=True)
class Problem:
	"""What is wrong with one field. `message` has numbered placeholders, to be filled after translation."""

	field: str
	message: str
	values: tuple[Any, ...] = ()

	def __str__(self) -> str:
		return self.message.format(*self.values)


@dataclass(frozen=True)
class Checked:
	"""Answers as they are kept: by code, typed, those to sensitive questions apart."""

	public: dict[str, Any] = field(default_factory=dict)
	sensitive: dict[str, Any] = field(default_factory=dict)
	errors: tuple[Problem, ...] = ()


def parse_options(text: str | None) -> tuple[Option, ...]:
	"""Return the options of a list written one per line, as `key=label` or just `key`."""
	lines = (line.strip() for line in (text or "").splitlines())
	return tuple(_option(line) for line in lines if line)


def _option(line: str) -> Option:
	key, _separator, label = line.partition("=")
	return Option(key.strip(), label.strip() or key.strip())


# Answers --------------------------------------------------------------------------------------------------


def check_answers(questions: Sequence[Question], answers: Any) -> Checked:
	"""Check and convert `answers`, a mapping of codes to values as it came from outside.

	Questions are asked in order; one that is not shown for the answers before it is neither required nor kept.
	Unknown codes are refused, so that a misspelt one is never lost.
	"""
	if not isinstance(answers, Mapping):
		return Checked(errors=(Problem("answers", _("Answers are an object of codes and values.")),))
	kept: dict[str, Any] = {}
	errors = list(_unknown_codes(questions, answers))
	for question in questions:
		if question.condition and not evaluate(question.condition, kept):
			continue
		try:
			value = _check_answer(question, answers.get(question.code))
		except Refused as refused:
			errors.append(Problem(f"answers.{question.code}", refused.message, refused.values))
		else:
			kept |= {} if value is None else {question.code: value}
	secret = {question.code for question in questions if question.sensitive}
	return Checked(
		{code: value for code, value in kept.items() if code not in secret},
		{code: value for code, value in kept.items() if code in secret},
		tuple(errors),
	)


def _unknown_codes(questions: Sequence[Question], answers: Mapping[Any, Any]) -> Iterator[Problem]:
	known = {question.code for question in questions}
	for code in answers:
		if code not in known:
			name = code[:MAX_CODE].encode("ascii", "replace").decode() if isinstance(code, str) else "?"
			yield Problem(f"answers.{name}", _("The program asks no question with this code."))


def _check_answer(question: Question, value: Any) -> Any:
	if value is None or value == [] or (isinstance(value, str) and not value.strip()):
		if question.required:
			raise Refused(_("Please answer: {0}"), question.label)
		return None
	return COERCIONS[question.datatype](value, [option.key for option in question.options])


# Questions ------------------------------------------------------------------------------------------------


def check_questions(questions: Sequence[Question]) -> list[Problem]:
	"""Return what must be put right before the questions can be published; nothing if they are sound.

	`Problem.field` is `questions.<number from 1>.<field>`.
	"""
	found: list[Problem] = []
	if len(questions) > MAX_QUESTIONS:
		found.append(Problem("questions", _("A program asks up to {0} questions."), (MAX_QUESTIONS,)))
	earlier: dict[str, Question] = {}
	for number, question in enumerate(questions, start=1):
		for name, message, *values in _findings(question, earlier):
			found.append(Problem(f"questions.{number}.{name}", message, (question.code, *values)))
		earlier.setdefault(question.code, question)
	return found


def _findings(question: Question, earlier: Mapping[str, Question]) -> Iterable[tuple[Any, ...]]:
	yield from _code_findings(question, earlier)
	if question.datatype not in COERCIONS:
		yield "datatype", _("Question {0}: there is no datatype {1}."), question.datatype
	if not question.label.strip():
		yield "label", _("Question {0} needs a label.")
	yield from _option_findings(question)
	yield from _condition_findings(question, earlier)


def _code_findings(question: Question, earlier: Mapping[str, Question]) -> Iterable[tuple[Any, ...]]:
	if not _CODE.fullmatch(question.code):
		yield (
			"code",
			_("Question {0}: a code is a letter, then letters, digits and underscores, up to {1}."),
			MAX_CODE,
		)
	elif iskeyword(question.code) or question.code in _RESERVED:
		yield "code", _("Question {0}: this word has a meaning in conditions; choose another code.")
	if question.code in earlier:
		yield "code", _("Two questions have the code {0}.")


def _option_findings(question: Question) -> Iterable[tuple[Any, ...]]:
	keys = [option.key for option in question.options]
	if question.datatype in LISTS and not keys:
		yield "options", _("Question {0} is a list and needs options, one per line.")
	if len(keys) > MAX_OPTIONS:
		yield "options", _("Question {0} has more than {1} options."), MAX_OPTIONS
	if any(not key or len(key) > MAX_KEY for key in keys):
		yield "options", _("Question {0}: the key of an option has 1 to {1} characters."), MAX_KEY
	for key in sorted({key for key in keys if keys.count(key) > 1}):
		yield "options", _("Question {0} has the option {1} twice."), key


def _condition_findings(question: Question, earlier: Mapping[str, Question]) -> Iterable[tuple[Any, ...]]:
	try:
		used = answers_used(question.condition) if question.condition else set()
	except ConditionError as error:
		yield "shown_when", _("Question {0}, shown when: {1}"), str(error)
		return
	for code in sorted(used - set(earlier)):
		yield "shown_when", _("Question {0} depends on {1}, which is not asked before it."), code
	for code in sorted(used & set(earlier)):
		if earlier[code].sensitive and not question.sensitive:
			yield (
				"shown_when",
				_(
					"Question {0} depends on the sensitive answer {1} and would give it away: make it sensitive too."
				),
				code,
			)


def describe(question: Question, order: int) -> dict[str, Any]:
	"""Return what a form needs to ask the question: JSON, the condition as a tree."""
	return {
		"code": question.code,
		"label": question.label,
		"datatype": question.datatype,
		"required": question.required,
		"sensitive": question.sensitive,
		"order": order,
		"help": question.help,
		"options": [{"key": option.key, "label": option.label} for option in question.options],
		"shown_when": question.condition,
	}
