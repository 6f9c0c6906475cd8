"""Plausible answers to the questions of a program. Imports no frappe.

The rules of intake decide what is shown and what counts (`govcrm.domain.questions`): an answer drawn here that they
refuse is a fault in the data, and raises.
"""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from govcrm.domain.conditions import evaluate
from govcrm.domain.questions import Checked, Question, check_answers, parse_options

SHARE_ANSWERED = 0.75  # of questions that need no answer


def to_question(row: dict[str, Any]) -> Question:
	"""Return the domain's question for a row of programs.json."""
	return Question(
		code=row["code"],
		label=row["label"],
		datatype=row["datatype"],
		required=bool(row.get("required")),
		sensitive=bool(row.get("sensitive")),
		shown_when=row.get("shown_when", ""),
		options=parse_options("\n".join(row.get("options", ()))),
	)


def plan_answers(rows: list[dict[str, Any]], moment: datetime, rng: Random) -> dict[str, Any]:
	"""Return answers by code for a request made at `moment`. Raises ValueError if the rules refuse one."""
	answers: dict[str, Any] = {}
	for row in rows:
		question = to_question(row)
		shown = not question.condition or evaluate(question.condition, answers)
		if shown and (question.required or rng.random() < SHARE_ANSWERED):
			answers[question.code] = _DRAW[question.datatype](row, question, moment, rng)
	return _checked(rows, answers)


def split(rows: list[dict[str, Any]], answers: dict[str, Any]) -> Checked:
	"""Return the answers as intake keeps them, the sensitive ones apart."""
	return check_answers([to_question(row) for row in rows], answers)


def _checked(rows: list[dict[str, Any]], answers: dict[str, Any]) -> dict[str, Any]:
	if errors := split(rows, answers).errors:
		raise ValueError("; ".join(f"{error.field}: {error}" for error in errors))
	return answers


def _sample(row: dict, question: Question, moment: datetime, rng: Random) -> str:
	return rng.choice(row["samples"])


def _number(row: dict, question: Question, moment: datetime, rng: Random) -> int:
	return rng.randint(*row["range"])


def _date(row: dict, question: Question, moment: datetime, rng: Random) -> str:
	"""A day before the request, or `range` days after it where the data say so."""
	first, last = row.get("range", (-20, -1))
	day: date = moment.date() + timedelta(days=rng.randint(first, last))
	return day.isoformat()


def _datetime(row: dict, question: Question, moment: datetime, rng: Random) -> str:
	past = moment - timedelta(hours=rng.randint(2, 200))
	return past.replace(microsecond=0).isoformat()


def _boolean(row: dict, question: Question, moment: datetime, rng: Random) -> bool:
	return rng.random() < 0.3


def _option(row: dict, question: Question, moment: datetime, rng: Random) -> str:
	return rng.choice(question.options).key


def _options(row: dict, question: Question, moment: datetime, rng: Random) -> list[str]:
	keys = [option.key for option in question.options]
	chosen = set(rng.sample(keys, rng.randint(1, min(2, len(keys)))))
	return [key for key in keys if key in chosen]


_DRAW = {
	"string": _sample,
	"text": _sample,
	"number": _number,
	"date": _date,
	"datetime": _datetime,
	"boolean": _boolean,
	"singlevaluelist": _option,
	"multivaluelist": _options,
}
