"""Answers that other programs give, recorded as facts: frappe/helpdesk and seatgeek/businesstime.

They agree with ours in all but those named in `DIFFERENT`, each with its reason. The files are not part of this
repository: their folder is named by GOVCRM_SLA_VECTORS, or is `shared/data/sla_vectors` beside the checkout.
"""

import json
import os
from datetime import date, datetime
from pathlib import Path

import pytest

from govcrm.domain.calendar import Calendar, weekly

FOLDER = Path(
	os.environ.get("GOVCRM_SLA_VECTORS")
	or Path(__file__).resolve().parents[3] / "shared" / "data" / "sla_vectors"
)
FILES = ("frappe_helpdesk.json", "seatgeek_businesstime.json")

# Vector: why our answer is another. None is.
DIFFERENT: dict[str, str] = {}


def vectors() -> list:
	return [
		pytest.param(vector, id=vector["id"])
		for name in FILES
		if (FOLDER / name).exists()
		for vector in json.loads((FOLDER / name).read_text("utf-8"))["vectors"]
	]


def calendar_of(vector: dict) -> Calendar:
	told = vector["calendar"]
	return weekly(told["timezone"], told["weekly"], [date.fromisoformat(day) for day in told["holidays"]])


def at(text: str) -> datetime:
	return datetime.fromisoformat(text.replace("Z", "+00:00"))


@pytest.mark.skipif(
	not vectors(), reason=f"no vectors of other programs in {FOLDER.name}: set GOVCRM_SLA_VECTORS"
)
@pytest.mark.parametrize("vector", vectors())
def test_the_answer_is_that_of_the_other_program(vector):
	calendar = calendar_of(vector)
	if vector["kind"] == "add_seconds":
		agrees = calendar.add(at(vector["start"]), vector["seconds"]) == at(vector["expected_due"])
	else:
		agrees = calendar.between(at(vector["start"]), at(vector["end"])) == vector["expected_seconds"]
	assert agrees != (vector["id"] in DIFFERENT)
