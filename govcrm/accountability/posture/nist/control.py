"""One control: what it is, how far it is here, by what."""

from typing import NamedTuple

IN_FORCE, PARTLY, NOT_HERE = "in force", "partly", "not here"


class Control(NamedTuple):
	"""`rests_on` are lines of the page without which nothing of it is here; `needs` those without which it is not whole."""

	id: str
	title: str
	state: str
	words: str
	by: tuple[str, ...] = ()
	shown_by: tuple[str, ...] = ()
	needs: tuple[str, ...] = ()
	rests_on: tuple[str, ...] = ()

	@property
	def family(self) -> str:
		return self.id.partition("-")[0]


def told(control: Control, states: dict[str, str]) -> str:
	"""Its state on a site whose lines stand so: {key: "ok" | "partly" | "bad"}."""
	if any(states.get(key) == "bad" for key in control.rests_on):
		return NOT_HERE
	return PARTLY if control.state == IN_FORCE and lacking(control, states) else control.state


def lacking(control: Control, states: dict[str, str]) -> list[str]:
	"""Keys of the lines that it names and that are not in force."""
	return [key for key in (*control.rests_on, *control.needs) if states.get(key) != "ok"]


def paths(text: str) -> tuple[str, ...]:
	return tuple(text.split())
